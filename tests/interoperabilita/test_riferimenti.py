"""Missioni, Driver, STTM and Comuni: each field, the filters, what changed, who sees them, every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from enti.filters import ComuneFilter
from enti.models import Comune, Ente, IndiceVulnerabilita, Popolazione, UnioneComuni, ZonaOmogenea
from enti.ruoli import Ruolo
from enti.selectors import comuni_metropolitani
from interoperabilita.models import Voce
from interoperabilita.services import pubblicazione
from psttm.models import (
    Driver,
    LegameDriverObiettivo,
    LegameDriverStrategia,
    Missione,
    Obiettivo,
    Strategia,
    Strumento,
)
from registro.models import Fonte
from tests import riferimenti
from tests.interoperabilita.chiavi import consumatore
from tests.interoperabilita.elenchi import chiedi, letture, numeri, righe, scaricato

ELENCHI = ("missioni", "driver", "strategie", "comuni")


class RiferimentiTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()

    def setUp(self) -> None:
        self.ministero = consumatore()
        self.fonte = Fonte.objects.get(codice="portale")

    def riga(self, elenco: str, pk: int) -> dict[str, Any]:
        riga = next(r for r in righe(self.ministero, elenco) if r["id"] == pk)
        assert riga.pop("modificato_il")
        return riga


class CampiTestCase(RiferimentiTestCase):
    def missione(self) -> Missione:
        return Missione.objects.create(
            numero=9, titolo="Prova", descrizione="Due\nrighe", temi=["Uno", "Due"], fonte=self.fonte, luogo="pag. 1"
        )

    def test_ogni_campo_di_una_missione(self) -> None:
        missione = self.missione()
        obiettivo = Obiettivo.objects.create(
            missione=missione, numero=2, testo="Secondo", per_comuni=True, per_corpi_intermedi=True, fonte=self.fonte
        )
        Obiettivo.objects.create(
            missione=missione,
            numero=1,
            testo="Primo",
            per_citta_metropolitana=True,
            aggiunto_dal_personale=True,
            fonte=self.fonte,
        )
        for numero in (7, 3):
            LegameDriverObiettivo.objects.create(
                driver=Driver.objects.get(numero=numero), obiettivo=obiettivo, motivo="Prova", fonte=self.fonte
            )
        assert self.riga("missioni", missione.pk) == {
            "id": missione.pk,
            "numero": 9,
            "codice": "M9",
            "titolo": "Prova",
            "descrizione": "Due righe",
            "temi": ["Uno", "Due"],
            "obiettivi_nella_fonte": True,
            "numero_obiettivi": 2,
            "obiettivi": [
                {
                    "codice": "M9.1",
                    "numero": 1,
                    "testo": "Primo",
                    "destinatari": ["citta_metropolitana"],
                    "aggiunto_dal_personale": True,
                    "driver": [],
                },
                {
                    "codice": "M9.2",
                    "numero": 2,
                    "testo": "Secondo",
                    "destinatari": ["comuni", "corpi_intermedi"],
                    "aggiunto_dal_personale": False,
                    "driver": [3, 7],
                },
            ],
            "fonte": self.fonte.titolo,
            "fonte_luogo": "pag. 1",
        }

    def test_ogni_campo_di_un_driver_e_di_una_sttm(self) -> None:
        driver = Driver.objects.create(
            numero=11, titolo="Prova", sottotitolo="Sotto", descrizione="Testo", linee=["Prima", "Seconda"],
            fonte=self.fonte, luogo="pag. 2",
        )  # fmt: skip
        strategia = Strategia.objects.create(
            numero=9, titolo="STTM di prova", descrizione="Testo", approvata="maggio 2026", fonte=self.fonte
        )
        LegameDriverStrategia.objects.create(driver=driver, strategia=strategia, motivo="Prova", fonte=self.fonte)
        missione = self.missione()
        for numero in (10, 2):
            obiettivo = Obiettivo.objects.create(
                missione=missione, numero=numero, testo="Testo", per_comuni=True, fonte=self.fonte
            )
            LegameDriverObiettivo.objects.create(driver=driver, obiettivo=obiettivo, motivo="Prova", fonte=self.fonte)
        strumento = Strumento.objects.create(nome="Strumento di prova", tipo="piano", descrizione="x", fonte=self.fonte)
        strumento.strategie.add(strategia)
        assert self.riga("driver", driver.pk) == {
            "id": driver.pk,
            "numero": 11,
            "codice": "Driver 11",
            "titolo": "Prova",
            "sottotitolo": "Sotto",
            "descrizione": "Testo",
            "linee": ["Prima", "Seconda"],
            "strategie": [9],
            "obiettivi": ["M9.2", "M9.10"],
            "fonte": self.fonte.titolo,
            "fonte_luogo": "pag. 2",
        }
        assert self.riga("strategie", strategia.pk) == {
            "id": strategia.pk,
            "numero": 9,
            "codice": "STTM 9",
            "titolo": "STTM di prova",
            "descrizione": "Testo",
            "approvata": "maggio 2026",
            "driver": [11],
            "strumenti": ["Strumento di prova"],
            "fonte": self.fonte.titolo,
            "fonte_luogo": "",
        }

    def test_ogni_campo_di_un_comune(self) -> None:
        comune = Comune.objects.get(nome="Rho", zona__isnull=False)
        unione = UnioneComuni.objects.create(nome="Unione di prova", fonte=self.fonte)
        Comune.objects.filter(pk=comune.pk).update(unione=unione)
        Ente.objects.filter(comune=comune).update(codice_fiscale="00893240150", codice_ipa="c_h264")
        Popolazione.objects.create(comune=comune, anno=2030, residenti=51000, fonte=self.fonte)
        IndiceVulnerabilita.objects.create(comune=comune, anno=2031, valore="98.12345678", fonte=self.fonte)
        zona = ZonaOmogenea.objects.get(pk=comune.zona_id or 0)
        assert self.riga("comuni", comune.pk) == {
            "id": comune.pk,
            "codice_istat": "015182",
            "codice_catastale": "H264",
            "nome": "Rho",
            "sigla_provincia": "MI",
            "cap": "20017",
            "codice_fiscale": "00893240150",
            "codice_ipa": "c_h264",
            "zona": zona.numero,
            "zona_nome": zona.nome,
            "unione_id": unione.pk,
            "unione": "Unione di prova",
            "residenti": 51000,
            "residenti_anno": 2030,
            "superficie_km2": float(comune.superficie_km2 or 0),
            "ivsm": 98.12345678,
            "ivsm_anno": 2031,
            "latitudine": comune.latitudine,
            "longitudine": comune.longitudine,
        }

    def test_i_comuni_sono_i_133_metropolitani(self) -> None:
        assert Comune.objects.count() > 133
        assert len(righe(self.ministero, "comuni")) == 133


class FiltriTestCase(RiferimentiTestCase):
    def test_i_filtri_della_pagina_dei_comuni_danno_gli_stessi(self) -> None:
        unione = UnioneComuni.objects.create(nome="Unione di prova", fonte=self.fonte)
        Comune.objects.filter(nome__in=["Rho", "Bresso"]).update(unione=unione)
        for domanda in ({"q": "rho"}, {"q": "0151"}, {"q": "h264"}, {"zona": "2"}, {"unione": str(unione.pk)},
                        {"zona": "2", "q": "a"}):  # fmt: skip
            pagina = ComuneFilter(domanda, queryset=comuni_metropolitani()).qs
            attesi = set(pagina.values_list("pk", flat=True))
            assert attesi
            assert numeri(self.ministero, "comuni", **domanda) == attesi, domanda

    def test_l_ordine_della_pagina_qui_e_sort(self) -> None:
        assert self.ministero.get("/api/v1/comuni", {"ordine": "nome"}).status_code == 400
        residenti = [r["residenti"] for r in righe(self.ministero, "comuni", sort="-residenti")]
        assert residenti == sorted(residenti, reverse=True)

    def test_si_cerca_nel_piano_strategico(self) -> None:
        per_testo = Missione.objects.filter(obiettivi__testo__icontains="5G").distinct()
        assert numeri(self.ministero, "missioni", q="5G") == set(per_testo.values_list("pk", flat=True)) != set()
        per_driver = Missione.objects.filter(obiettivi__driver__numero=2).distinct()
        assert numeri(self.ministero, "missioni", driver="2") == set(per_driver.values_list("pk", flat=True)) != set()
        assert numeri(self.ministero, "driver", q="campus") == {Driver.objects.get(numero=1).pk}
        con_sttm = Driver.objects.filter(strategie__numero=1)
        assert numeri(self.ministero, "driver", strategia="1") == set(con_sttm.values_list("pk", flat=True)) != set()
        della_seconda = Driver.objects.filter(obiettivi__missione__numero=2).distinct()
        attesi = set(della_seconda.values_list("pk", flat=True))
        assert numeri(self.ministero, "driver", missione="2") == attesi != set()
        sviluppate = Strategia.objects.filter(driver__numero=2)
        assert numeri(self.ministero, "strategie", driver="2") == set(sviluppate.values_list("pk", flat=True)) != set()
        assert numeri(self.ministero, "strategie", q="coesione sociale") == {Strategia.objects.get(numero=2).pk}
        assert self.ministero.get("/api/v1/driver", {"strategia": "99"}).status_code in {400, 422}


class CambiamentiTestCase(RiferimentiTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.letto = chiedi(self.ministero, "driver")["aggiornato_al"]

    def cambiati(self) -> dict[str, list[Any]]:
        """By list, the ids of the rows that changed since the last time it was asked; those removed as codes."""
        trovati, ultimo = {}, self.letto
        for elenco in ELENCHI:
            corpo = chiedi(self.ministero, elenco, modificati_dal=self.letto)
            ultimo = corpo["aggiornato_al"]
            voci = [riga["id"] for riga in corpo["dati"]]
            voci += [riga.get("codice") or riga["codice_istat"] for riga in corpo["rimossi"]]
            if voci:
                trovati[elenco] = voci
        self.letto = ultimo
        return trovati

    def test_ogni_tabella_che_si_legge_cambia_le_sue_righe(self) -> None:
        missione, driver, sttm = Missione.objects.get(numero=1), Driver.objects.get(numero=1), Strategia.objects.first()
        assert sttm is not None
        comune = Comune.objects.get(nome="Rho", zona__isnull=False)
        Missione.objects.filter(pk=missione.pk).update(titolo="Altro")
        assert self.cambiati() == {"missioni": [missione.pk]}
        obiettivo = Obiettivo.objects.create(
            missione=missione, numero=99, testo="Nuovo", per_comuni=True, fonte=self.fonte
        )
        assert self.cambiati() == {"missioni": [missione.pk]}
        LegameDriverObiettivo.objects.create(driver=driver, obiettivo=obiettivo, motivo="x", fonte=self.fonte)
        assert self.cambiati() == {"missioni": [missione.pk], "driver": [driver.pk]}
        Strategia.objects.filter(pk=sttm.pk).update(titolo="Altro")
        assert self.cambiati() == {"strategie": [sttm.pk]}
        strumento = Strumento.objects.create(nome="Strumento", tipo="piano", descrizione="x", fonte=self.fonte)
        assert self.cambiati() == {}
        strumento.strategie.add(sttm)
        assert self.cambiati() == {"strategie": [sttm.pk]}
        Popolazione.objects.create(comune=comune, anno=2030, residenti=1, fonte=self.fonte)
        assert self.cambiati() == {"comuni": [comune.pk]}
        IndiceVulnerabilita.objects.create(comune=comune, anno=2030, valore="99.5", fonte=self.fonte)
        assert self.cambiati() == {"comuni": [comune.pk]}
        Ente.objects.filter(comune=comune).update(codice_ipa="altro")
        assert self.cambiati() == {"comuni": [comune.pk]}
        zona = ZonaOmogenea.objects.get(pk=comune.zona_id or 0)
        ZonaOmogenea.objects.filter(pk=zona.pk).update(nome="Altra")
        assert self.cambiati() == {"comuni": sorted(zona.comuni.values_list("pk", flat=True))}
        nome = Driver.objects.get(numero=2)
        Fonte.objects.filter(pk=nome.fonte_id).update(titolo="Altra fonte")
        assert set(self.cambiati()) == {"missioni", "driver", "strategie"}

    def test_cio_che_si_toglie_e_fra_i_rimossi(self) -> None:
        nuovo = Strategia.objects.create(numero=9, titolo="x", descrizione="x", fonte=self.fonte)
        assert self.cambiati() == {"strategie": [nuovo.pk]}
        nuovo.delete()
        assert self.cambiati() == {"strategie": ["STTM 9"]}
        comune = Comune.objects.get(nome="Rho", zona__isnull=False)
        Comune.objects.filter(pk=comune.pk).update(zona=None)
        assert self.cambiati() == {"comuni": ["015182"]}

    def test_cio_che_non_si_vede_non_pubblica_nulla(self) -> None:
        prima = Voce.objects.count()
        Comune.objects.filter(zona__isnull=True).update(cap="00000")
        Comune.objects.filter(zona__isnull=False).update(altro_nome="Altro")
        LegameDriverStrategia.objects.update(motivo="Altro motivo")
        assert self.cambiati() == {}
        assert Voce.objects.count() == prima

    def test_al_un_giorno_si_legge_cio_che_era_pubblicato(self) -> None:
        """Rows closed in the past stand for what was published then."""
        cambio = datetime(2026, 2, 1, 12, tzinfo=UTC)
        driver = Driver.objects.get(numero=1)
        Voce.objects.filter(risorsa="driver").update(dal=datetime(2026, 1, 1, 12, tzinfo=UTC))
        Driver.objects.filter(pk=driver.pk).update(titolo="Altro titolo")
        oggi = {r["id"]: r["titolo"] for r in righe(self.ministero, "driver")}
        Voce.objects.filter(risorsa="driver", fino_a__isnull=False).update(fino_a=cambio)
        Voce.objects.filter(risorsa="driver", corpo__contains="Altro titolo").update(dal=cambio)
        for giorno, titolo in (
            ("2026-01-31", driver.titolo),
            ("2026-02-01", "Altro titolo"),
            ("2010-01-01", driver.titolo),
        ):
            letti = {r["id"]: r["titolo"] for r in righe(self.ministero, "driver", al=giorno)}
            assert letti[driver.pk] == titolo, giorno
        assert oggi[driver.pk] == "Altro titolo"


class ChiVedeTestCase(RiferimentiTestCase):
    def test_ogni_ruolo_legge_tutto(self) -> None:
        rho = consumatore(Ente.objects.get(comune__nome="Rho"), ruoli=(Ruolo.COMPILATORE,))
        for elenco in ELENCHI:
            assert righe(rho, elenco) == righe(self.ministero, elenco) != []

    def test_serve_l_ambito_dei_riferimenti(self) -> None:
        altro = consumatore(ambiti=("cup",))
        for elenco in ELENCHI:
            assert altro.get(f"/api/v1/{elenco}").status_code == 403


@pytest.mark.django_db
class TestFormati:
    @pytest.mark.parametrize("elenco", ELENCHI)
    def test_ogni_formato_ha_le_stesse_righe(self, elenco: str) -> None:
        riferimenti.carica()
        ministero = consumatore()
        attese = righe(ministero, elenco)
        linee = scaricato(ministero, f"{elenco}.ndjson").decode().splitlines()
        assert [json.loads(linea) for linea in linee] == attese
        tabella = list(csv.DictReader(io.StringIO(scaricato(ministero, f"{elenco}.csv").decode()), delimiter=";"))
        assert [int(riga["id"]) for riga in tabella] == [riga["id"] for riga in attese]
        foglio = python_calamine.load_workbook(io.BytesIO(scaricato(ministero, f"{elenco}.xlsx"))).get_sheet_by_index(0)
        celle = foglio.to_python()
        assert celle[0] == list(tabella[0]) == list(attese[0])
        assert [riga[0] for riga in celle[1:]] == [riga["id"] for riga in attese]

    def test_gli_obiettivi_in_una_tabella_sono_json(self) -> None:
        riferimenti.carica()
        ministero = consumatore()
        testo = scaricato(ministero, "missioni.csv", fields="numero,obiettivi").decode()
        tabella = list(csv.DictReader(io.StringIO(testo), delimiter=";"))
        attese = righe(ministero, "missioni")
        assert [json.loads(riga["obiettivi"] or "[]") for riga in tabella] == [riga["obiettivi"] for riga in attese]

    def test_le_interrogazioni_non_crescono_con_le_righe(self) -> None:
        riferimenti.carica()
        ministero = consumatore()
        pubblicazione.pubblica()
        fonte, conti = Fonte.objects.get(codice="portale"), []
        for da, a in ((100, 105), (105, 400)):
            Missione.objects.bulk_create(
                Missione(numero=n, titolo="x", descrizione="x", fonte=fonte) for n in range(da, a)
            )
            missione = Missione.objects.get(numero=da)
            Obiettivo.objects.bulk_create(
                Obiettivo(missione=missione, numero=n, testo="x", per_comuni=True, fonte=fonte) for n in range(da, a)
            )
            with CaptureQueriesContext(connection) as prima_volta:
                chiedi(ministero, "missioni", limit="1000")
            with CaptureQueriesContext(connection) as seconda_volta:
                chiedi(ministero, "missioni", limit="1000")
            conti.append((letture(prima_volta), letture(seconda_volta)))
        assert conti[0] == conti[1]
