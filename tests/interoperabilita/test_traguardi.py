"""`traguardi`: each field, the filters of the page, the state of the day, what changed, who sees it, every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import python_calamine
from django.db import connection
from django.test import RequestFactory, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enti.models import Comune, Ente, Utente
from enti.ruoli import Ruolo
from interoperabilita.models import Pendente, Pubblicazione, Voce
from interoperabilita.services import pubblicazione
from interventi.models import Intervento, Localizzazione
from monitoraggio.filters.traguardi import TraguardoFilter
from monitoraggio.models import Traguardo
from monitoraggio.selectors import traguardi as letture
from monitoraggio.services import traguardi as servizi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Misura
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.elenchi import chiedi, numeri, righe, scaricato
from tests.interoperabilita.elenchi import letture as lette
from tests.monitoraggio.base import intervento
from tests.monitoraggio.test_traguardi import nuovo

UN_GIORNO = timedelta(days=1)


class TraguardiTestCase(TestCase):
    coordinatore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)

    def setUp(self) -> None:
        self.ministero = consumatore()

    def riga(self, traguardo: Traguardo, chi: Consumatore | None = None, **parametri: str) -> dict[str, Any]:
        return next(r for r in righe(chi or self.ministero, "traguardi", **parametri) if r["id"] == traguardo.pk)

    def di(self, comune: str) -> Consumatore:
        return consumatore(Ente.objects.get(comune__nome=comune), ruoli=(Ruolo.COMPILATORE,))

    def sposta(self, traguardo: Traguardo, scadenza: date, data_atto: date) -> None:
        servizi.sposta(
            traguardo_id=traguardo.pk,
            scadenza=scadenza,
            atto="DD 1/2024",
            data_atto=data_atto,
            motivo="Ritardo della gara",
            autore=self.coordinatore,
        )


class CampiTestCase(TraguardiTestCase):
    def test_ogni_campo_di_un_traguardo_di_un_intervento(self) -> None:
        opera = intervento(clp="LOCALE-1")
        InterventoNelPiano.objects.create(piano=PianoIntegrato.objects.get(codice="CAMBIO"), intervento=opera)
        traguardo = nuovo(
            intervento=opera,
            codice="FINE",
            titolo="Fine\ndei lavori",
            tipo="target",
            livello="programma",
            scadenza=date(2024, 6, 30),
            previsione=date(2024, 9, 30),
            conseguito_il=date(2024, 9, 15),
            valore_obiettivo=Decimal("3000.5"),
            valore_raggiunto=Decimal("3000.5"),
            unita="m²",
            evidenza="Certificato di collaudo",
            nota="Una nota",
            luogo="pag. 3",
        )
        riga = self.riga(traguardo)
        assert riga.pop("modificato_il") == chiedi(self.ministero, "traguardi")["aggiornato_al"]
        assert riga == {
            "id": traguardo.pk,
            "codice": "FINE",
            "titolo": "Fine dei lavori",
            "tipo": "target",
            "livello": "programma",
            "di": "intervento",
            "misura": "",
            "piano": "CAMBIO",
            "cup": opera.cup,
            "clp": "LOCALE-1",
            "scadenza": "2024-06-30",
            "scadenza_iniziale": "2024-06-30",
            "spostato": False,
            "previsione": "2024-09-30",
            "conseguito_il": "2024-09-15",
            "valore_obiettivo": 3000.5,
            "valore_raggiunto": 3000.5,
            "unita": "m²",
            "stato": "concluso",
            "evidenza": "Certificato di collaudo",
            "nota": "Una nota",
            "fonte": Fonte.objects.get(codice="portale").titolo,
            "fonte_luogo": "pag. 3",
        }

    def test_di_una_misura_e_di_un_piano(self) -> None:
        misura = Misura.objects.get(codice="M5C2I2.02.03")
        di_misura = self.riga(nuovo(misura=misura, codice="X"))
        assert (di_misura["di"], di_misura["misura"], di_misura["piano"], di_misura["cup"]) == (
            "misura", "M5C2I2.02.03", "", "",
        )  # fmt: skip
        di_piano = self.riga(nuovo(codice="Y"))
        assert (di_piano["di"], di_piano["misura"], di_piano["piano"], di_piano["cup"]) == ("piano", "", "SPUGNA", "")

    def test_la_scadenza_spostata_con_un_atto(self) -> None:
        traguardo = nuovo(scadenza=date(2024, 6, 30))
        self.sposta(traguardo, date(2025, 6, 30), date(2024, 6, 1))
        riga = self.riga(traguardo)
        assert (riga["scadenza"], riga["scadenza_iniziale"], riga["spostato"]) == ("2025-06-30", "2024-06-30", True)


class FiltriTestCase(TraguardiTestCase):
    def test_i_filtri_della_pagina_danno_gli_stessi_traguardi_anche_a_un_giorno(self) -> None:
        opera = intervento()
        InterventoNelPiano.objects.create(piano=PianoIntegrato.objects.get(codice="CAMBIO"), intervento=opera)
        nuovo(intervento=opera, codice="DI-UN-CUP", tipo="target", scadenza=date(2025, 6, 30))
        spostato = nuovo(codice="SPOSTATO", scadenza=date(2024, 6, 30))
        self.sposta(spostato, date(2026, 6, 30), date(2025, 1, 15))
        persona = Utente.objects.get(pk=self.ministero.chiave.utente_id)
        domande = [
            {"q": "m5c2"}, {"q": "lavori"}, {"stato": "in_ritardo"}, {"stato": "concluso"}, {"piano": "CAMBIO"},
            {"stato": "non_determinabile"}, {"misura": "M5C2I2.02.03"}, {"di": "intervento"}, {"di": "piano"},
            {"tipo": "target"}, {"livello": "ue"}, {"entro": "2024-12-31"}, {"intervento": opera.cup},
            {"tipo": "milestone", "di": "misura"},
        ]  # fmt: skip
        for domanda in domande:
            for giorno in (None, date(2024, 12, 31), date(2025, 1, 15)):
                letti = letture.elenco(persona, al=giorno)
                pagina = TraguardoFilter(domanda, queryset=letti, request=RequestFactory().get("/")).qs
                al = {"al": giorno.isoformat()} if giorno else {}
                attesi = set(pagina.values_list("id", flat=True))
                assert numeri(self.ministero, "traguardi", **domanda, **al) == attesi, (domanda, giorno)
        assert numeri(self.ministero, "traguardi", stato="in_ritardo", al="2024-12-31") >= {spostato.pk}
        assert spostato.pk not in numeri(self.ministero, "traguardi", stato="in_ritardo", al="2025-01-15")

    def test_il_noto_al_della_pagina_qui_non_c_e(self) -> None:
        assert self.ministero.get("/api/v1/traguardi", {"noto_al": "2024-01-01"}).status_code == 400

    def test_si_ordina_per_scadenza_e_chi_non_ha_previsione_viene_dopo(self) -> None:
        giorni = [r["scadenza"] for r in righe(self.ministero, "traguardi", sort="-scadenza")]
        assert giorni == sorted(giorni, reverse=True)
        nuovo(previsione=date(2024, 1, 1))
        previsioni = [r["previsione"] for r in righe(self.ministero, "traguardi", sort="previsione")]
        assert previsioni[0] == "2024-01-01"
        assert previsioni[-1] is None


class GiornoTestCase(TraguardiTestCase):
    def test_lo_stato_e_le_date_sono_quelli_del_giorno_chiesto(self) -> None:
        traguardo = nuovo(
            scadenza=date(2024, 6, 30),
            conseguito_il=date(2024, 7, 10),
            valore_raggiunto=Decimal("5"),
            evidenza="Verbale",
        )
        campi = "id,stato,conseguito_il,valore_raggiunto,evidenza"
        for giorno, atteso in (
            ("2024-06-30", ["a_rischio", None, None, ""]),
            ("2024-07-01", ["in_ritardo", None, None, ""]),
            ("2024-07-09", ["in_ritardo", None, None, ""]),
            ("2024-07-10", ["concluso", "2024-07-10", 5.0, "Verbale"]),
        ):
            riga = self.riga(traguardo, al=giorno, fields=campi)
            assert list(riga.values())[1:] == atteso, giorno

    def test_a_un_giorno_la_scadenza_e_quella_di_allora(self) -> None:
        traguardo = nuovo(scadenza=date(2024, 6, 30))
        self.sposta(traguardo, date(2026, 6, 30), date(2025, 1, 15))
        for giorno, scadenza, spostato, stato in (
            ("2025-01-14", "2024-06-30", False, "in_ritardo"),
            ("2025-01-15", "2026-06-30", True, "in_linea"),
        ):
            riga = self.riga(traguardo, al=giorno)
            assert (riga["scadenza"], riga["spostato"], riga["stato"]) == (scadenza, spostato, stato)

    def test_quando_passa_la_scadenza_il_traguardo_si_pubblica_di_nuovo(self) -> None:
        """What yesterday's publication said is written as it was; today's must tell the difference."""
        oggi = timezone.localdate()
        passato, lontano = nuovo(scadenza=oggi - UN_GIORNO), nuovo(scadenza=oggi + UN_GIORNO * 30)
        letto = chiedi(self.ministero, "traguardi")["aggiornato_al"]
        voce = Voce.objects.get(risorsa="traguardi", oggetto=passato.pk, fino_a__isnull=True)
        assert '"stato":"in_ritardo"' in voce.corpo
        Voce.objects.filter(pk=voce.pk).update(corpo=voce.corpo.replace("in_ritardo", "in_linea"))
        Pubblicazione.objects.update(giorno=oggi - UN_GIORNO)
        assert not Pendente.objects.filter(risorsa="traguardi").exists()
        corpo = chiedi(self.ministero, "traguardi", modificati_dal=letto)
        assert [(r["id"], r["stato"]) for r in corpo["dati"]] == [(passato.pk, "in_ritardo")]
        assert Voce.objects.filter(oggetto=lontano.pk, risorsa="traguardi").count() == 1
        assert Pubblicazione.objects.get().giorno == oggi

    def test_il_giorno_della_scadenza_non_e_ancora_ritardo(self) -> None:
        oggi = timezone.localdate()
        assert self.riga(nuovo(scadenza=oggi))["stato"] == "in_linea"
        assert self.riga(nuovo(scadenza=oggi - UN_GIORNO))["stato"] == "in_ritardo"


class CambiamentiTestCase(TraguardiTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.opera = intervento()
        self.suo, self.altro = nuovo(intervento=self.opera, codice="SUO"), nuovo(codice="ALTRO")
        self.letto = chiedi(self.ministero, "traguardi")["aggiornato_al"]

    def cambiati(self, chi: Consumatore | None = None) -> tuple[set[str], set[str]]:
        corpo = chiedi(chi or self.ministero, "traguardi", modificati_dal=self.letto)
        self.letto = corpo["aggiornato_al"]
        return {riga["codice"] for riga in corpo["dati"]}, {riga["codice"] for riga in corpo["rimossi"]}

    def test_uno_nuovo_uno_cambiato_uno_tolto(self) -> None:
        traguardo = nuovo(codice="NUOVO")
        assert self.cambiati() == ({"NUOVO"}, set())
        Traguardo.objects.filter(pk=traguardo.pk).update(previsione=date(2026, 1, 1))
        assert self.cambiati() == ({"NUOVO"}, set())
        traguardo.delete()
        assert self.cambiati() == (set(), {"NUOVO"})

    def test_cio_che_legge_del_suo_intervento_lo_cambia(self) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(clp="ALTRO-CLP")
        assert self.cambiati() == ({"SUO"}, set())
        InterventoNelPiano.objects.create(piano=PianoIntegrato.objects.get(codice="CAMBIO"), intervento=self.opera)
        assert self.cambiati() == ({"SUO"}, set())
        PianoIntegrato.objects.filter(codice="CAMBIO").update(codice="CAMBIO 2")
        assert "SUO" in self.cambiati()[0]
        assert self.riga(self.suo)["piano"] == "CAMBIO 2"

    def test_cio_che_non_si_vede_nella_riga_non_la_pubblica(self) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(finanziamento_totale=Decimal("5.00"))
        PianoIntegrato.objects.filter(codice="SPUGNA").update(titolo="Altro titolo")
        assert self.cambiati() == (set(), set())

    def test_per_chi_smette_di_vederlo_e_tolto(self) -> None:
        rho, bresso = self.di("Rho"), self.di("Bresso")
        assert "SUO" in {r["codice"] for r in righe(rho, "traguardi")}
        prima = self.letto
        luogo = Comune.objects.get(nome="Bresso", zona__isnull=False)
        Localizzazione.objects.filter(intervento=self.opera).update(comune=luogo)
        Intervento.objects.filter(pk=self.opera.pk).update(soggetto_attuatore=Ente.objects.get(comune__nome="Bresso"))
        assert self.cambiati(rho) == (set(), {"SUO"})
        self.letto = prima
        assert self.cambiati(bresso) == ({"SUO"}, set())


class ChiVedeTestCase(TraguardiTestCase):
    def test_misure_e_piani_sono_di_tutti_gli_interventi_di_chi_li_vede(self) -> None:
        opera = intervento("Rho")
        luogo = Comune.objects.get(nome="Bresso", zona__isnull=False)
        Localizzazione.objects.create(intervento=opera, comune=luogo, codice_provincia="015", codice_comune="032")
        suo = nuovo(intervento=opera, codice="SUO")
        for comune, vede in (("Rho", True), ("Bresso", True), ("Milano", False)):
            chi = self.di(comune)
            persona = Utente.objects.get(pk=chi.chiave.utente_id)
            visti = numeri(chi, "traguardi")
            assert visti == set(letture.elenco(persona).values_list("pk", flat=True)), comune
            assert (suo.pk in visti) is vede
            assert visti

    def test_chi_non_ha_ruoli_non_vede_nulla(self) -> None:
        assert consumatore(ruoli=()).get("/api/v1/traguardi").status_code == 403


class FormatiTestCase(TraguardiTestCase):
    def test_ogni_formato_ha_gli_stessi_traguardi(self) -> None:
        traguardo = nuovo(codice="=1+1", valore_obiettivo=Decimal("2.5"), unita="km")
        attese = righe(self.ministero, "traguardi")
        linee = scaricato(self.ministero, "traguardi.ndjson").decode().splitlines()
        assert [json.loads(linea) for linea in linee] == attese
        tabella = list(csv.DictReader(io.StringIO(scaricato(self.ministero, "traguardi.csv").decode()), delimiter=";"))
        assert [int(riga["id"]) for riga in tabella] == [riga["id"] for riga in attese]
        sua = next(riga for riga in tabella if int(riga["id"]) == traguardo.pk)
        assert (sua["codice"], sua["valore_obiettivo"], sua["valore_raggiunto"]) == ("'=1+1", "2.5", "")
        assert sua["spostato"] == "false"
        celle = python_calamine.load_workbook(io.BytesIO(scaricato(self.ministero, "traguardi.xlsx")))
        fogli = celle.get_sheet_by_index(0).to_python()
        assert fogli[0] == list(tabella[0])
        assert [riga[0] for riga in fogli[1:]] == [riga["id"] for riga in attese]

    def test_le_interrogazioni_non_crescono_con_i_traguardi(self) -> None:
        opere = [intervento(), intervento("Bresso")]
        pubblicazione.pubblica()
        conti = []
        for da, a in ((0, 10), (10, 410)):
            self._molti(da, a, opere)
            with CaptureQueriesContext(connection) as pubblicare:
                pubblicazione.pubblica()
            conti.append([lette(pubblicare), *self._costo()])
        assert conti[0] == conti[1]

    def _molti(self, da: int, a: int, opere: list[Intervento]) -> None:
        """One in two of an intervento, the others of a piano."""
        giorno, piano = date(2026, 6, 30), PianoIntegrato.objects.get(codice="SPUGNA")
        Traguardo.objects.bulk_create(
            Traguardo(
                codice=f"B{n}",
                intervento=opere[n // 2 % 2] if n % 2 else None,
                piano=None if n % 2 else piano,
                tipo="milestone",
                titolo="Molti",
                fonte=Fonte.objects.get(codice="portale"),
                scadenza=giorno,
                scadenza_iniziale=giorno,
            )
            for n in range(da, a)
        )

    def _costo(self) -> list[int]:
        conti = []
        for chi in (self.ministero, self.di("Rho")):
            for parametri in ({}, {"al": "2024-12-31"}, {"stato": "in_ritardo"}, {"sort": "scadenza"}):
                with CaptureQueriesContext(connection) as interrogazioni:
                    chiedi(chi, "traguardi", limit="1000", **parametri)
                conti.append(len(interrogazioni))
        return conti
