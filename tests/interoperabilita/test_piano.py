"""`piani/{codice}`, its CUPs and its verification: how a piano is named, what is said of it, to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enti.models import Ente
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from piani_integrati.models import Deroga, InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import REGOLE
from piani_integrati.services.verifica import verifica_gruppo
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.elenchi import approva, chiedi, numeri, righe, scaricato
from tests.piani_integrati.base import PianiTestCase, crea_intervento

DICEMBRE = date(2024, 12, 1)


class UnPianoTestCase(PianiTestCase):
    def setUp(self) -> None:
        self.ministero = consumatore()

    def opera(self, piano: PianoIntegrato, numero: int, **campi: Any) -> Intervento:
        nuova = crea_intervento(numero, **{"finanziamento_totale": Decimal("1000.00"), **campi})
        InterventoNelPiano.objects.create(piano=piano, intervento=nuova)
        return nuova

    def di(self, comune: str) -> Consumatore:
        return consumatore(Ente.objects.get(comune__nome=comune), ruoli=("compilatore",))


class NomeTestCase(UnPianoTestCase):
    def test_si_chiama_con_il_codice_in_maiuscole_o_no_e_con_lo_slug(self) -> None:
        atteso = self.piano("COME IN").pk
        for nome in ("COME IN", "COME%20IN", "come in", "come-in", "Come-In"):
            assert chiedi(self.ministero, f"piani/{nome}")["dati"]["id"] == atteso, nome
            assert chiedi(self.ministero, f"piani/{nome}/verifica")["dati"]["codice"] == "COME IN", nome
            assert chiedi(self.ministero, f"piani/{nome}/cup")["dati"] == [], nome

    def test_le_maiuscole_accentate_valgono_come_le_altre(self) -> None:
        accentato = self.bozza("CITTÀ VERDE")
        PianoIntegrato.objects.filter(pk=accentato.pk).update(slug="citta-verde")
        assert chiedi(self.ministero, "piani/città verde")["dati"]["id"] == accentato.pk

    def test_il_codice_viene_prima_dello_slug_di_un_altro(self) -> None:
        self.bozza("ALTRO")
        PianoIntegrato.objects.filter(codice="ALTRO").update(slug="doppio")
        self.bozza("PRIMO")
        PianoIntegrato.objects.filter(codice="PRIMO").update(codice="Doppio")
        for nome in ("Doppio", "doppio", "DOPPIO"):
            assert chiedi(self.ministero, f"piani/{nome}")["dati"]["codice"] == "Doppio", nome

    def test_un_nome_che_non_c_e_e_404_dovunque(self) -> None:
        for indirizzo in ("piani/nessuno", "piani/nessuno/cup", "piani/nessuno/cup.csv", "piani/nessuno/verifica"):
            risposta = self.ministero.get(f"/api/v1/{indirizzo}")
            assert risposta.status_code == 404
            assert risposta.headers["Content-Type"] == "application/problem+json"


class DettaglioTestCase(UnPianoTestCase):
    def test_e_la_riga_dell_elenco_con_gli_interventi_per_stato(self) -> None:
        piano = self.bozza()
        a, _b = self.opera(piano, 1), self.opera(piano, 2)
        approva(a, DICEMBRE, pagato="5.00", fine_prevista=date(2025, 1, 31), inizio_lavori=date(2024, 3, 1))
        corpo = chiedi(self.ministero, "piani/nuovo")
        riga = next(r for r in righe(self.ministero, "piani") if r["codice"] == "NUOVO")
        stati = corpo["dati"].pop("interventi_per_stato")
        assert corpo["dati"] == riga
        assert {stato: n for stato, n in stati.items() if n} == {"in_ritardo": 1, "non_determinabile": 1}
        assert corpo["al"] is None
        assert corpo["aggiornato_al"] == chiedi(self.ministero, "piani")["aggiornato_al"]

    def test_al_conta_gli_stati_di_quel_giorno(self) -> None:
        piano = self.bozza()
        a = self.opera(piano, 1)
        approva(a, DICEMBRE, pagato="5.00", fine_prevista=date(2025, 1, 31), inizio_lavori=date(2024, 3, 1))
        for giorno, stato, pagato in (
            ("2024-12-30", "non_determinabile", None),
            ("2024-12-31", "in_linea", "5.00"),
            ("2025-01-31", "in_linea", "5.00"),
            ("2025-02-01", "in_ritardo", "5.00"),
        ):
            corpo = chiedi(self.ministero, "piani/nuovo", al=giorno)
            stati = corpo["dati"]["interventi_per_stato"]
            assert {s: n for s, n in stati.items() if n} == {stato: 1}, giorno
            assert (corpo["dati"]["pagato_eur"], corpo["al"]) == (pagato, giorno)

    def test_chi_ha_gia_questa_risposta_non_la_riceve_di_nuovo(self) -> None:
        prima = self.ministero.get("/api/v1/piani/come-in")
        etag = prima.headers["ETag"]
        assert etag.startswith('W/"')
        uguale = self.ministero.get("/api/v1/piani/come-in", headers={"if-none-match": etag})
        assert (uguale.status_code, uguale.content) == (304, b"")
        PianoIntegrato.objects.filter(codice="COME IN").update(titolo="Altro titolo")
        diversa = self.ministero.get("/api/v1/piani/come-in", headers={"if-none-match": etag})
        assert (diversa.status_code, diversa.json()["dati"]["titolo"]) == (200, "Altro titolo")

    def test_un_parametro_sconosciuto_o_un_giorno_che_non_c_e_si_rifiutano(self) -> None:
        for parametri in ({"q": "x"}, {"fields": "id"}, {"al": "2024-02-30"}, {"al": "ieri"}):
            for indirizzo in ("piani/come-in", "piani/come-in/verifica"):
                risposta = self.ministero.get(f"/api/v1/{indirizzo}", parametri)
                assert risposta.status_code in {400, 422}, (indirizzo, parametri)
                assert risposta.json()["errori"][0]["campo"] in parametri


class CupTestCase(UnPianoTestCase):
    def test_sono_i_soli_cup_del_piano_con_ogni_filtro_dell_elenco(self) -> None:
        piano, altro = self.bozza("UNO"), self.bozza("DUE")
        a, b = self.opera(piano, 1, comuni=("Rho",)), self.opera(piano, 2, comuni=("Bresso",))
        self.opera(altro, 3, comuni=("Rho",))
        assert numeri(self.ministero, "piani/uno/cup") == {a.pk, b.pk}
        rho = Ente.objects.get(comune__nome="Rho").comune
        assert rho is not None
        assert numeri(self.ministero, "piani/uno/cup", comune=rho.codice_istat) == {a.pk}
        assert numeri(self.ministero, "piani/uno/cup", q=b.cup) == {b.pk}
        assert scaricato(self.ministero, "piani/uno/cup.csv", fields="id").split() == [
            b"id",
            str(a.pk).encode(),
            str(b.pk).encode(),
        ]

    def test_il_piano_lo_dice_l_indirizzo_e_nessun_altro(self) -> None:
        risposta = self.ministero.get("/api/v1/piani/come-in/cup", {"piano": "SPUGNA"})
        assert risposta.status_code == 400
        assert risposta.json()["errori"][0]["campo"] == "piano"

    def test_un_comune_ne_vede_i_propri(self) -> None:
        piano = self.bozza()
        a, _b = self.opera(piano, 1, comuni=("Rho",)), self.opera(piano, 2, comuni=("Bresso",))
        assert numeri(self.di("Rho"), "piani/nuovo/cup") == {a.pk}

    def test_chi_esce_dal_piano_e_fra_i_rimossi(self) -> None:
        piano = self.bozza()
        a = self.opera(piano, 1)
        letto = chiedi(self.ministero, "piani/nuovo/cup")["aggiornato_al"]
        InterventoNelPiano.objects.filter(intervento=a).delete()
        corpo = chiedi(self.ministero, "piani/nuovo/cup", modificati_dal=letto)
        assert corpo["dati"] == []
        assert [riga["id"] for riga in corpo["rimossi"]] == [a.pk]

    def test_le_pagine_restano_nel_piano(self) -> None:
        piano = self.bozza()
        attesi = [self.opera(piano, numero).pk for numero in range(1, 6)]
        letti: list[int] = []
        indirizzo = "/api/v1/piani/Nuovo/cup?limit=2"
        while indirizzo:
            corpo = self.ministero.get(indirizzo).json()
            letti += [riga["id"] for riga in corpo["dati"]]
            indirizzo = corpo["paginazione"]["successiva"]
        assert letti == attesi


class VerificaTestCase(UnPianoTestCase):
    def regole(self, chi: Consumatore | None = None, **parametri: str) -> dict[str, dict[str, Any]]:
        dati = chiedi(chi or self.ministero, "piani/nuovo/verifica", **parametri)["dati"]
        return {regola["codice"]: regola for regola in dati["regole"]}

    def test_un_piano_mai_verificato_lo_dice(self) -> None:
        self.bozza()
        assert chiedi(self.ministero, "piani/nuovo/verifica")["dati"] == {
            "codice": "NUOVO",
            "slug": "nuovo",
            "esito_verifica": "da_verificare",
            "regole_conformi": 0,
            "regole_non_conformi": 0,
            "regole_non_determinabili": 0,
            "regole_non_applicabili": 0,
            "verificato_il": None,
            "da_aggiornare": False,
            "regole": [],
        }

    def test_ogni_regola_con_valore_soglia_e_distanza(self) -> None:
        piano = self.bozza()
        self.opera(piano, 1, finanziamento_totale=Decimal("49999999.99"))
        verifica_gruppo(piani=[piano.pk])
        dati = chiedi(self.ministero, "piani/nuovo/verifica")["dati"]
        assert dati["esito_verifica"] == "non_conforme"
        assert dati["verificato_il"] is not None
        assert [regola["codice"] for regola in dati["regole"]] == [regola.codice for regola in REGOLE]
        costo = self.regole()["costo_minimo"]
        assert {nome: costo[nome] for nome in ("esito", "valore", "confronto", "soglia", "distanza", "unita")} == {
            "esito": "non_conforme",
            "valore": "49999999.99",
            "confronto": "almeno",
            "soglia": "50000000.00",
            "distanza": "-0.01",
            "unita": "euro",
        }
        assert costo["titolo"] == "Il piano costa almeno 50 milioni di euro"
        assert "DL 152/2021" in costo["fonte"]
        assert (costo["livello"], costo["obbligatoria"], costo["deroghe"]) == ("piano", True, [])

    def test_le_cause_si_nominano_a_chi_puo_vederle_le_altre_si_contano(self) -> None:
        piano = self.bozza()
        a, b = self.opera(piano, 1, comuni=("Rho",)), self.opera(piano, 2, comuni=("Bresso",))
        Intervento.objects.filter(pk__in=[a.pk, b.pk]).update(stato_cup="revocato")
        verifica_gruppo(piani=[piano.pk])
        tutte = self.regole()["cup"]
        assert (tutte["esito"], tutte["interventi_non_conformi"], tutte["altre_cause"]) == ("non_conforme", 2, 0)
        assert sorted(causa["id"] for causa in tutte["cause"]) == [a.pk, b.pk]
        di_rho = self.regole(self.di("Rho"))["cup"]
        assert di_rho["cause"] == [{"id": a.pk, "cup": a.cup, "clp": "", "titolo": "Opera 1"}]
        assert (di_rho["esito"], di_rho["interventi_non_conformi"], di_rho["altre_cause"]) == ("non_conforme", 2, 1)

    def test_le_deroghe_in_vigore_stanno_accanto_e_quelle_altrui_non_si_dicono(self) -> None:
        piano = self.bozza()
        a, b = self.opera(piano, 1, comuni=("Rho",)), self.opera(piano, 2, comuni=("Bresso",))
        comune = {"piano": piano, "regola": "costo_minimo", "data": date(2024, 5, 1), "motivo": "Motivo"}
        Deroga.objects.create(**comune, atto="DM 1")
        Deroga.objects.create(**comune, atto="DM 2", intervento=a, organo="Ministero")
        Deroga.objects.create(**comune, atto="DM 3", intervento=b)
        Deroga.objects.create(**comune, atto="DM 4", ritirata_il=timezone.now(), motivo_ritiro="Errore")
        verifica_gruppo(piani=[piano.pk])
        deroghe = self.regole()["costo_minimo"]["deroghe"]
        assert [d["atto"] for d in deroghe] == ["DM 3", "DM 2", "DM 1"]
        assert deroghe[1] == {
            "atto": "DM 2",
            "organo": "Ministero",
            "data": "2024-05-01",
            "motivo": "Motivo",
            "cup": a.cup,
            "clp": "",
        }
        assert [d["atto"] for d in self.regole(self.di("Rho"))["costo_minimo"]["deroghe"]] == ["DM 2", "DM 1"]

    def test_al_un_giorno_passato_dice_gli_esiti_tenuti_allora(self) -> None:
        piano = self.bozza()
        self.opera(piano, 1)
        Deroga.objects.create(piano=piano, regola="costo_minimo", data=date(2024, 5, 1), atto="DM 1", motivo="Motivo")
        verifica_gruppo(piani=[piano.pk])
        piano.esiti.update(dal=datetime(2025, 3, 10, 9, tzinfo=UTC))
        dati = chiedi(self.ministero, "piani/nuovo/verifica", al="2025-03-09")["dati"]
        assert (dati["esito_verifica"], dati["regole"], dati["verificato_il"]) == ("da_verificare", [], None)
        assert self.regole(al="2025-03-11")["costo_minimo"]["esito"] == "non_conforme"
        assert [d["atto"] for d in self.regole(al="2025-03-11")["costo_minimo"]["deroghe"]] == ["DM 1"]

    def test_si_sa_se_dati_sono_cambiati_dopo(self) -> None:
        piano = self.bozza()
        verifica_gruppo(piani=[piano.pk])
        assert not chiedi(self.ministero, "piani/nuovo/verifica")["dati"]["da_aggiornare"]
        piano.modifiche_da_verificare.create()
        assert chiedi(self.ministero, "piani/nuovo/verifica")["dati"]["da_aggiornare"]

    def test_le_interrogazioni_non_crescono_con_gli_interventi(self) -> None:
        piano = self.bozza()
        conti = []
        for da, a in ((1, 4), (4, 60)):
            for numero in range(da, a):
                self.opera(piano, numero, comuni=())
            verifica_gruppo(piani=[piano.pk])
            pubblicazione.pubblica()
            for indirizzo in ("piani/nuovo", "piani/nuovo/verifica"):
                with CaptureQueriesContext(connection) as interrogazioni:
                    chiedi(self.ministero, indirizzo)
                conti.append(len(interrogazioni))
        assert conti[:2] == conti[2:]
