"""`piani`: each field, the filters of the page, what changed, the day asked for, who sees it, every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enti.models import Ente
from interoperabilita.models import Pendente, Voce
from interoperabilita.services import pubblicazione
from interventi.models import Finanziamento, Intervento
from interventi.scelte import FonteFinanziamento
from piani_integrati.filters import PianoFilter
from piani_integrati.models import EsitoRegola, InterventoNelPiano, PianoIntegrato, StatoVerifica
from piani_integrati.regole import REGOLE
from piani_integrati.services.verifica import verifica_gruppo
from psttm.models import Driver, Misura, Strategia
from tests.interoperabilita.chiavi import consumatore
from tests.interoperabilita.elenchi import approva, chiedi, letture, numeri, righe, scaricato
from tests.piani_integrati.base import PianiTestCase, crea_intervento

NOVEMBRE, DICEMBRE = date(2024, 11, 1), date(2024, 12, 1)


class ApiPianiTestCase(PianiTestCase):
    def setUp(self) -> None:
        self.ministero = consumatore()

    def riga(self, codice: str = "NUOVO", **parametri: str) -> dict[str, Any]:
        return next(r for r in righe(self.ministero, "piani", **parametri) if r["codice"] == codice)

    def opera(self, piano: PianoIntegrato, numero: int, totale: str | None = "1000.00", **campi: Any) -> Intervento:
        importo = None if totale is None else Decimal(totale)
        nuova = crea_intervento(numero, finanziamento_totale=importo, **campi)
        InterventoNelPiano.objects.create(piano=piano, intervento=nuova)
        return nuova


class CampiTestCase(ApiPianiTestCase):
    def test_ogni_campo_di_un_piano(self) -> None:
        piano = self.bozza(
            descrizione="Prima riga.\nSeconda riga.",
            proponente=Ente.objects.get(denominazione="Città metropolitana di Milano"),
            misura=Misura.objects.get(codice="M5C2I2.02.03"),
            importo_richiesto=Decimal("50000000.00"),
            importo_assegnato=Decimal("49999999.99"),
            presentato_il=date(2022, 3, 7),
            decreto_in_vigore=date(2022, 4, 28),
            inizio=date(2022, 5, 2),
            fine=date(2026, 6, 30),
            luogo="allegato 1",
            dimostrativo=True,
        )
        piano.driver.set(Driver.objects.filter(numero__in=[9, 2]))
        piano.strategie.set(Strategia.objects.filter(numero=2))
        prima = self.opera(
            piano, 1, "1000.10", comuni=("Rho", "Bresso"), pnrr="900.05", pagati="50.00",
            finanziamento_pubblico=Decimal("950.00"),
        )  # fmt: skip
        Finanziamento.objects.create(intervento=prima, fonte=FonteFinanziamento.COMUNE, importo=Decimal("100.05"))
        self.opera(piano, 2, "0.90", comuni=("Rho",), pnrr="0.90")
        self.opera(piano, 3, None, comuni=("Milano",))
        approva(prima, NOVEMBRE, impegnato="700.00", pagato="20.50", criticita_aperte=3, criticita_gravi=1)
        approva(prima, DICEMBRE, impegnato="-100.00", pagato="9.50", criticita_aperte=2)
        riga = self.riga()
        assert riga.pop("modificato_il") == chiedi(self.ministero, "piani")["aggiornato_al"]
        assert riga == {
            "id": piano.pk,
            "codice": "NUOVO",
            "slug": "nuovo",
            "tipo": "pui",
            "titolo": "Piano NUOVO",
            "descrizione": "Prima riga. Seconda riga.",
            "proponente": "Città metropolitana di Milano",
            "misura": "M5C2I2.02.03",
            "stato": "bozza",
            "importo_richiesto_eur": "50000000.00",
            "importo_assegnato_eur": "49999999.99",
            "presentato_il": "2022-03-07",
            "decreto_in_vigore": "2022-04-28",
            "inizio": "2022-05-02",
            "fine": "2026-06-30",
            "numero_interventi": 3,
            "numero_comuni": 3,
            "interventi_senza_importo": 1,
            "finanziamento_totale_eur": "1001.00",
            "finanziamento_pubblico_eur": "950.00",
            "finanziamenti": {"comune": "100.05", "pnrr": "900.95"},
            "pagamenti_regis_eur": "50.00",
            "interventi_monitorati": 1,
            "impegnato_eur": "600.00",
            "pagato_eur": "30.00",
            "economie_eur": "0.00",
            "criticita_aperte": 2,
            "criticita_gravi": 0,
            "esito_verifica": "da_verificare",
            "regole_conformi": 0,
            "regole_non_conformi": 0,
            "regole_non_determinabili": 0,
            "regole_non_applicabili": 0,
            "driver": [2, 9],
            "strategie": [2],
            "fonte": piano.fonte.titolo,
            "fonte_luogo": "allegato 1",
            "dimostrativo": True,
        }

    def test_di_un_piano_vuoto_non_si_inventano_zeri(self) -> None:
        self.bozza()
        riga = self.riga()
        assert (riga["numero_interventi"], riga["interventi_monitorati"]) == (0, 0)
        ignoti = ("finanziamento_totale_eur", "pagamenti_regis_eur", "impegnato_eur", "pagato_eur", "economie_eur")
        assert [riga[nome] for nome in ignoti] == [None] * 5
        assert riga["finanziamenti"] == {}

    def test_l_esito_e_quello_che_il_portale_tiene(self) -> None:
        piano = self.bozza()
        self.opera(piano, 1)
        verifica_gruppo(piani=[piano.pk])
        stato, riga = StatoVerifica.objects.get(piano=piano), self.riga()
        assert riga["esito_verifica"] == stato.segno == "non_conforme"
        assert riga["regole_conformi"] == stato.conformi
        assert riga["regole_non_conformi"] == stato.non_conformi > 0
        assert riga["regole_non_determinabili"] == stato.non_determinabili > 0
        assert riga["regole_non_applicabili"] == 0

    def test_le_regole_che_non_riguardano_un_programma_si_contano_a_parte(self) -> None:
        programma = self.bozza(tipo="programma")
        self.opera(programma, 1)
        verifica_gruppo(piani=[programma.pk])
        obbligatorie = [regola for regola in REGOLE if regola.obbligatoria]
        assert self.riga()["regole_non_applicabili"] == sum(1 for r in obbligatorie if "programma" not in r.tipi) > 0


class FiltriTestCase(ApiPianiTestCase):
    def test_i_filtri_della_pagina_danno_gli_stessi_piani(self) -> None:
        fallito = self.bozza("A")
        self.opera(fallito, 1)
        verificati = [fallito.pk, self.piano("COME IN").pk]
        verifica_gruppo(piani=verificati)
        for parametri in ({"tipo": "pui"}, {"tipo": "programma"}, {"esito": "non_conforme"}, {"esito": "da_verificare"},
                          {"esito": "conforme"}, {"esito": "non_determinabile", "tipo": "pui"}):  # fmt: skip
            pagina = PianoFilter(parametri, queryset=PianoIntegrato.objects.all()).qs
            assert numeri(self.ministero, "piani", **parametri) == set(pagina.values_list("pk", flat=True)), parametri
        assert numeri(self.ministero, "piani", esito="non_conforme") == {fallito.pk}

    def test_si_cerca_per_codice_e_per_titolo_e_si_filtra_per_stato(self) -> None:
        piano = self.bozza()
        assert numeri(self.ministero, "piani", q="nuo") == {piano.pk}
        assert numeri(self.ministero, "piani", q="superciclabili") == {self.piano("CAMBIO").pk}
        assert numeri(self.ministero, "piani", stato="bozza") == {piano.pk}
        assert self.ministero.get("/api/v1/piani", {"stato": "sospeso"}).status_code in {400, 422}

    def test_si_ordina_per_importo_come_numero(self) -> None:
        for numero, (codice, totale) in enumerate((("A", "9.00"), ("B", "10.00"), ("C", None)), 1):
            self.opera(self.bozza(codice), numero, totale)
        ordine = {"sort": "-finanziamento_totale_eur", "stato": "bozza", "fields": "codice"}
        assert [r["codice"] for r in righe(self.ministero, "piani", **ordine)] == ["B", "A", "C"]
        crescente = ordine | {"sort": "finanziamento_totale_eur"}
        assert [r["codice"] for r in righe(self.ministero, "piani", **crescente)] == ["A", "B", "C"]

    def test_le_pagine_in_ordine_danno_ogni_piano_una_volta(self) -> None:
        attesi = [r["codice"] for r in righe(self.ministero, "piani", sort="codice")]
        letti, indirizzo = [], "/api/v1/piani?sort=codice&limit=3"
        while indirizzo:
            corpo = self.ministero.get(indirizzo).json()
            letti += [riga["codice"] for riga in corpo["dati"]]
            indirizzo = corpo["paginazione"]["successiva"]
        assert letti == attesi == sorted(attesi)


class CambiamentiTestCase(ApiPianiTestCase):
    """What is published again, and what is not; `letto` is when it was last asked."""

    letto: str

    def cambiati(self) -> tuple[set[str], set[str]]:
        """The codes of the piani changed since the last time it was asked, and those that are no more."""
        corpo = chiedi(self.ministero, "piani", modificati_dal=self.letto)
        self.letto = corpo["aggiornato_al"]
        return {riga["codice"] for riga in corpo["dati"]}, {riga["codice"] for riga in corpo["rimossi"]}

    def setUp(self) -> None:
        super().setUp()
        self.uno, self.due = self.bozza("UNO"), self.bozza("DUE")
        self.a, self.b = self.opera(self.uno, 1), self.opera(self.due, 2)
        self.letto = chiedi(self.ministero, "piani")["aggiornato_al"]

    def test_un_piano_nuovo_cambiato_e_tolto(self) -> None:
        tre = self.bozza("TRE")
        assert self.cambiati() == ({"TRE"}, set())
        tre.titolo = "Altro titolo"
        tre.save()
        assert self.cambiati() == ({"TRE"}, set())
        corpo = chiedi(self.ministero, "piani", modificati_dal=self.letto)
        assert (corpo["dati"], corpo["rimossi"]) == ([], [])
        pk = tre.pk
        tre.delete()
        corpo = chiedi(self.ministero, "piani", modificati_dal=self.letto)
        assert corpo["rimossi"] == [{"id": pk, "codice": "TRE", "slug": "tre"}]

    def test_cio_che_cambia_di_un_intervento_cambia_il_suo_piano_e_nessun_altro(self) -> None:
        Intervento.objects.filter(pk=self.a.pk).update(finanziamento_totale=Decimal("2.00"))
        assert self.cambiati() == ({"UNO"}, set())
        Finanziamento.objects.create(intervento=self.b, fonte="comune", importo=Decimal("5.00"))
        assert self.cambiati() == ({"DUE"}, set())
        approva(self.a, DICEMBRE, pagato="3.00")
        assert self.cambiati() == ({"UNO"}, set())

    def test_un_intervento_che_cambia_piano_li_cambia_tutti_e_due(self) -> None:
        InterventoNelPiano.objects.filter(intervento=self.a).update(piano=self.due)
        assert self.cambiati() == ({"UNO", "DUE"}, set())
        assert self.riga(codice="DUE")["numero_interventi"] == 2
        InterventoNelPiano.objects.filter(intervento=self.a).delete()
        assert self.cambiati() == ({"DUE"}, set())

    def test_cio_che_il_piano_legge_altrove_lo_cambia(self) -> None:
        self.uno.driver.add(Driver.objects.get(numero=1))
        assert self.cambiati() == ({"UNO"}, set())
        misura = Misura.objects.create(codice="PROVA", titolo="Prova", livello="submisura", fonte=self.uno.fonte)
        PianoIntegrato.objects.filter(pk=self.due.pk).update(misura=misura)
        assert self.cambiati() == ({"DUE"}, set())
        Misura.objects.filter(pk=misura.pk).update(codice="PROVA-2")
        assert self.cambiati() == ({"DUE"}, set())
        Driver.objects.filter(numero=1).update(numero=77)
        assert self.cambiati() == ({"UNO"}, set())

    def test_una_verifica_che_non_cambia_esiti_non_pubblica_nulla(self) -> None:
        verifica_gruppo(piani=[self.uno.pk])
        assert self.cambiati() == ({"UNO"}, set())
        verifica_gruppo(piani=[self.uno.pk])
        assert not Pendente.objects.filter(risorsa="piani").exists()
        versioni = Voce.objects.filter(risorsa="piani").count()
        assert self.cambiati() == (set(), set())
        assert Voce.objects.filter(risorsa="piani").count() == versioni

    def test_cio_che_non_si_vede_nella_riga_non_la_pubblica(self) -> None:
        Intervento.objects.filter(pk=self.a.pk).update(sintesi="Che cosa si fa.", tipo_aiuto="nessuno")
        PianoIntegrato.objects.filter(pk=self.uno.pk).update(inclusione="Senza barriere.", ordine=3)
        assert self.cambiati() == (set(), set())

    def test_i_piani_aspettano_che_gli_interventi_siano_pubblicati(self) -> None:
        """A piano is not added up again for every part of a long publication."""
        quanti, limite = pubblicazione.PER_VOLTA, 2
        pubblicazione.PER_VOLTA = limite
        self.addCleanup(setattr, pubblicazione, "PER_VOLTA", quanti)
        altre = [self.opera(self.uno, numero) for numero in range(10, 15)]
        prima = Voce.objects.filter(risorsa="piani").count()
        pubblicazione.pubblica(al_massimo=limite)
        assert Voce.objects.filter(risorsa="piani").count() == prima
        assert Pendente.objects.filter(risorsa="piani").exists()
        pubblicazione.pubblica()
        assert Voce.objects.filter(risorsa="piani").count() == prima + 1
        assert self.riga(codice="UNO")["numero_interventi"] == len(altre) + 1


class AlTestCase(ApiPianiTestCase):
    def test_al_dice_l_andamento_di_quel_giorno(self) -> None:
        piano = self.bozza()
        a, b = self.opera(piano, 1), self.opera(piano, 2)
        approva(a, NOVEMBRE, impegnato="100.00", pagato="10.00", criticita_aperte=2, criticita_gravi=1)
        approva(a, DICEMBRE, impegnato="50.00", pagato="5.00", criticita_aperte=1)
        approva(b, DICEMBRE, impegnato="7.00", pagato="0.50", criticita_aperte=4, criticita_gravi=4)
        campi = "interventi_monitorati,impegnato_eur,pagato_eur,economie_eur,criticita_aperte,criticita_gravi"

        def al(giorno: str) -> list[Any]:
            parametri = {"fields": f"{campi},codice"} | ({"al": giorno} if giorno else {})
            return list(self.riga(**parametri).values())[:-1]

        oggi = [2, "157.00", "15.50", "0.00", 5, 4]
        assert al("") == oggi
        assert al("2024-12-31") == oggi
        assert al("2024-12-30") == [1, "100.00", "10.00", "0.00", 2, 1]
        assert al("2024-11-30") == [1, "100.00", "10.00", "0.00", 2, 1]
        assert al("2024-11-29") == [0, None, None, None, 0, 0]

    def test_al_ordina_per_i_valori_di_quel_giorno(self) -> None:
        uno, due = self.bozza("UNO"), self.bozza("DUE")
        a, b = self.opera(uno, 1), self.opera(due, 2)
        approva(a, NOVEMBRE, pagato="10.00")
        approva(b, NOVEMBRE, pagato="9.00")
        approva(b, DICEMBRE, pagato="5.00")
        parametri = {"sort": "-pagato_eur", "stato": "bozza", "fields": "codice"}
        assert [r["codice"] for r in righe(self.ministero, "piani", **parametri)] == ["DUE", "UNO"]
        assert [r["codice"] for r in righe(self.ministero, "piani", al="2024-11-30", **parametri)] == ["UNO", "DUE"]

    def test_al_dice_la_verifica_di_quel_giorno_e_per_quella_filtra(self) -> None:
        piano = self.bozza()
        self.opera(piano, 1)
        verifica_gruppo(piani=[piano.pk])
        prima, cambio = datetime(2025, 1, 1, 9, tzinfo=UTC), datetime(2025, 6, 1, 9, tzinfo=UTC)
        EsitoRegola.objects.filter(piano=piano).update(dal=prima)
        attuali = list(EsitoRegola.objects.filter(piano=piano))
        EsitoRegola.objects.filter(piano=piano).update(al=cambio)
        for riga in attuali:
            riga.pk, riga.dal, riga.al, riga.esito = None, cambio, None, 1
        EsitoRegola.objects.bulk_create(attuali)
        StatoVerifica.objects.filter(piano=piano).update(esito=1)
        assert self.riga()["esito_verifica"] == "conforme"
        assert self.riga(al="2025-02-01")["esito_verifica"] == "non_conforme"
        assert self.riga(al="2025-02-01")["regole_non_conformi"] > 0
        assert self.riga(al="2024-12-31")["esito_verifica"] == "da_verificare"
        assert piano.pk in numeri(self.ministero, "piani", esito="conforme")
        assert piano.pk not in numeri(self.ministero, "piani", esito="conforme", al="2025-02-01")
        assert piano.pk in numeri(self.ministero, "piani", esito="non_conforme", al="2025-02-01")
        assert piano.pk in numeri(self.ministero, "piani", esito="da_verificare", al="2024-12-31")


class ChiVedeTestCase(ApiPianiTestCase):
    def test_un_comune_vede_tutti_i_piani_e_le_somme_come_sulla_pagina(self) -> None:
        piano = self.bozza()
        self.opera(piano, 1, comuni=("Milano",))
        rho = consumatore(Ente.objects.get(comune__nome="Rho"), ruoli=("compilatore",))
        assert righe(rho, "piani") == righe(self.ministero, "piani")
        assert self.riga()["numero_interventi"] == 1

    def test_chi_non_ha_ruoli_o_l_ambito_non_entra(self) -> None:
        nessuno = consumatore(ruoli=())
        assert nessuno.get("/api/v1/piani").status_code == 403
        altro = consumatore(ambiti=("cup",))
        assert altro.get("/api/v1/piani").status_code == 403
        assert altro.get("/api/v1/piani/come-in").status_code == 403
        assert altro.get("/api/v1/piani/come-in/cup").status_code == 200


class FormatiTestCase(ApiPianiTestCase):
    def test_ogni_formato_ha_gli_stessi_piani(self) -> None:
        piano = self.bozza(descrizione='Un "testo"; con segni\ne righe')
        piano.driver.set(Driver.objects.filter(numero__in=[2, 9]))
        self.opera(piano, 1, "1000.10", pnrr="900.05")
        attese = righe(self.ministero, "piani")
        linee = scaricato(self.ministero, "piani.ndjson").decode().splitlines()
        assert [json.loads(linea) for linea in linee] == attese
        tabella = list(csv.DictReader(io.StringIO(scaricato(self.ministero, "piani.csv").decode()), delimiter=";"))
        assert [int(riga["id"]) for riga in tabella] == [riga["id"] for riga in attese]
        nuovo = next(riga for riga in tabella if riga["codice"] == "NUOVO")
        assert nuovo["finanziamento_pnrr_eur"] == "900.05"
        assert nuovo["finanziamento_totale_eur"] == "1000.10"
        assert nuovo["pagato_eur"] == ""
        assert nuovo["driver"] == "2 | 9"
        assert nuovo["descrizione"] == 'Un "testo"; con segni e righe'
        foglio = python_calamine.load_workbook(io.BytesIO(scaricato(self.ministero, "piani.xlsx")))
        celle = foglio.get_sheet_by_index(0).to_python()
        assert celle[0] == list(tabella[0])
        assert [riga[0] for riga in celle[1:]] == [riga["id"] for riga in attese]

    def test_le_interrogazioni_non_crescono_con_i_piani(self) -> None:
        pubblicazione.pubblica()
        conti = []
        for da, a in ((0, 10), (10, 410)):
            self._molti(da, a)
            with CaptureQueriesContext(connection) as pubblicare:
                pubblicazione.pubblica()
            conti.append([letture(pubblicare), *self._costo()])
        assert conti[0] == conti[1]

    def _molti(self, da: int, a: int) -> None:
        fonte = self.piano("COME IN").fonte
        PianoIntegrato.objects.bulk_create(
            PianoIntegrato(codice=f"P-{n}", slug=f"p-{n}", titolo=f"Piano {n}", fonte=fonte, tipo="programma")
            for n in range(da, a)
        )

    def _costo(self) -> list[int]:
        conti = []
        for parametri in (
            {},
            {"al": "2024-12-31"},
            {"sort": "-pagato_eur"},
            {"modificati_dal": "2020-01-01T00:00:00Z"},
        ):
            with CaptureQueriesContext(connection) as interrogazioni:
                chiedi(self.ministero, "piani", limit="1000", **parametri)
            conti.append(len(interrogazioni))
        return conti
