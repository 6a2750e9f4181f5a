"""The form of an avanzamento over HTTP: what it shows, how it saves by itself and whole, what it never loses."""

from __future__ import annotations

import html
import json
import uuid
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, PassoBozza
from monitoraggio.services import bozze, passaggi
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento

QUARANTA = 40
QUERY_AL_MASSIMO = 25


def quaranta_righe() -> dict[str, str]:
    celle = {"testa-0-senza_movimenti": ""}
    for numero in range(QUARANTA):
        for nome, testo in (
            ("tipo", "P"),
            ("codice", f"M-{numero}"),
            ("data", "2024-12-10"),
            ("importo", f"{numero + 1}.000,50"),
            ("impegno", "1/2024"),
        ):
            celle[f"pagamenti-n{numero:03}-{nome}"] = testo
    return celle


class ModuloTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.compilatore)
        self.avanzamento = self.bozza()

    def indirizzo(self, nome: str = "avanzamento-modifica") -> str:
        return reverse(nome, args=[self.avanzamento.pk])

    def salva(self, celle: dict[str, str], revisione: int | None = None, **altro: Any) -> Any:
        corpo = {
            "chi": self.compilatore.pk,
            "revisione": self.avanzamento.revisione if revisione is None else revisione,
            "chiave": str(uuid.uuid4()),
            "celle": celle,
        } | altro
        return self.client.post(self.indirizzo("avanzamento-salva"), json.dumps(corpo), content_type="application/json")

    def scrive_il_responsabile(self, celle: dict[str, str]) -> None:
        adesso = Avanzamento.objects.get(pk=self.avanzamento.pk)
        bozze.salva(avanzamento_id=adesso.pk, revisione=adesso.revisione, celle=celle, autore=self.responsabile)

    def riletto(self) -> dict[str, str]:
        return dict(Avanzamento.objects.get(pk=self.avanzamento.pk).bozza)

    def modulo_intero(self, **altre: str) -> dict[str, str]:
        """What a browser without scripts sends: every field of the page, with some of them changed."""
        celle = {nome: testo for nome, testo in self.avanzamento.bozza.items() if testo}
        return celle | {"revisione": str(self.avanzamento.revisione)} | altre


class AprireTestCase(ModuloTestCase):
    def test_aprire_un_mese_porta_al_suo_modulo(self) -> None:
        risposta = self.client.post(
            reverse("avanzamento-apri"), {"intervento": self.opera.pk, "mese": NOVEMBRE.isoformat()}
        )
        nuovo = Avanzamento.objects.get(intervento=self.opera, mese=NOVEMBRE)
        self.assertRedirects(risposta, reverse("avanzamento-modifica", args=[nuovo.pk]))

    def test_un_mese_gia_inviato_si_apre_in_lettura(self) -> None:
        passaggi.invia(avanzamento_id=self.avanzamento.pk, autore=self.responsabile)
        dati = {"intervento": self.opera.pk, "mese": DICEMBRE.isoformat()}
        self.assertRedirects(self.client.post(reverse("avanzamento-apri"), dati), self.indirizzo("avanzamento"))
        self.assertRedirects(self.client.get(self.indirizzo()), self.indirizzo("avanzamento"))

    def test_un_mese_che_non_c_e_non_si_apre(self) -> None:
        for mese in ("", "dicembre", "2024-13-01"):
            dati = {"intervento": self.opera.pk, "mese": mese}
            assert self.client.post(reverse("avanzamento-apri"), dati).status_code == 404, mese
        dati = {"intervento": self.opera.pk, "mese": "2999-01-01"}
        risposta = self.client.post(reverse("avanzamento-apri"), dati, follow=True)
        self.assertContains(risposta, "Gennaio 2999 non è ancora cominciato.")

    def test_l_intervento_di_un_altro_comune_non_c_e(self) -> None:
        altrove = intervento("Bresso")
        dati = {"intervento": altrove.pk, "mese": DICEMBRE.isoformat()}
        assert self.client.post(reverse("avanzamento-apri"), dati).status_code == 404


class PaginaTestCase(ModuloTestCase):
    def test_il_modulo_mostra_cio_che_c_e_e_ogni_parte(self) -> None:
        risposta = self.client.get(self.indirizzo())
        for pezzo in (
            'id="testa-0-percentuale" name="testa-0-percentuale" value="10"',
            'id="sezione-fasi"',
            'id="quadro-lavori-importo" name="quadro-lavori-importo" value="1.000.000,00"',
            "Aggiungi un pagamento",
            "Quando è pronto lo invia il responsabile.",
        ):
            self.assertContains(risposta, pezzo)
        self.assertNotContains(risposta, 'name="invia"')

    def test_il_responsabile_ha_il_pulsante_per_inviare(self) -> None:
        self.client.force_login(self.responsabile)
        self.assertContains(self.client.get(self.indirizzo()), "Invia alla Città metropolitana</button>")

    def test_le_date_approvate_si_leggono_e_non_si_scrivono(self) -> None:
        self.approvato(NOVEMBRE)
        opera = self.opera
        self.avanzamento = bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=self.compilatore)
        risposta = self.client.get(self.indirizzo())
        self.assertContains(
            risposta, '<span class="fissa" id="fasi-00313-fine_prevista" tabindex="-1">31/03/2026</span>'
        )
        self.assertNotContains(risposta, 'name="fasi-00313-fine_prevista"')
        self.assertContains(risposta, 'name="fasi-00313-fine_stimata"')
        self.assertContains(risposta, "Chiedi una proroga")

    def test_un_valore_cambiato_dice_che_cosa_era(self) -> None:
        opera = intervento()
        self.approvato(NOVEMBRE, opera=opera)
        self.avanzamento = bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=self.compilatore)
        prima = self.client.get(self.indirizzo())
        self.assertContains(prima, '<span class="era" id="era-testa-0-percentuale" hidden>era 10,00</span>')
        self.salva({"testa-0-percentuale": "12"})
        dopo = self.client.get(self.indirizzo())
        self.assertContains(dopo, '<span class="era" id="era-testa-0-percentuale">era 10,00</span>')
        self.assertContains(dopo, "era-testa-0-percentuale", count=2)

    def test_un_rilievo_e_accanto_al_suo_campo_e_lo_descrive(self) -> None:
        self.salva({"testa-0-percentuale": "tanto"})
        testo = self.client.get(self.indirizzo()).content.decode()
        assert 'id="nota-illeggibile"' in testo
        campo = testo[testo.index('id="testa-0-percentuale"') :].split(">")[0]
        assert "nota-illeggibile" in campo
        assert 'aria-invalid="true"' in campo
        assert 'value="tanto"' in campo

    def test_un_giorno_che_non_si_legge_resta_com_e_scritto(self) -> None:
        self.salva({"fasi-00313-fine_stimata": "31/13/2025"})
        self.assertContains(
            self.client.get(self.indirizzo()),
            '<input type="text" id="fasi-00313-fine_stimata" name="fasi-00313-fine_stimata" value="31/13/2025"',
        )

    def test_restituito_il_motivo_e_in_cima(self) -> None:
        passaggi.invia(avanzamento_id=self.avanzamento.pk, autore=self.responsabile)
        passaggi.restituisci(avanzamento_id=self.avanzamento.pk, autore=self.istruttore, motivo="Manca il SAL 3.")
        testo = self.client.get(self.indirizzo()).content.decode()
        assert 0 < testo.index("Manca il SAL 3.") < testo.index("data-avanzamento=")

    def test_la_pagina_costa_lo_stesso_con_quaranta_righe(self) -> None:
        self.client.get(self.indirizzo())
        with CaptureQueriesContext(connection) as poche:
            self.client.get(self.indirizzo())
        self.salva(quaranta_righe())
        with CaptureQueriesContext(connection) as molte:
            self.client.get(self.indirizzo())
        assert len(molte) <= len(poche)


class SalvareTestCase(ModuloTestCase):
    def test_si_salvano_le_celle_cambiate_e_tornano_normalizzate(self) -> None:
        risposta = self.salva({"testa-0-percentuale": "12,5 %", "quadro-lavori-importo": "€ 999999.5"})
        dati = risposta.json()
        assert dati["normali"] == {"testa-0-percentuale": "12,50", "quadro-lavori-importo": "999.999,50"}
        assert dati["revisione"] == self.avanzamento.revisione + 1
        assert 'data-cella="quadro-lavori-importo"' in dati["lato"]
        assert self.riletto()["testa-0-percentuale"] == "12,50"

    def test_lo_stesso_salvataggio_ripetuto_conta_una_volta(self) -> None:
        chiave = str(uuid.uuid4())
        self.salva({"testa-0-percentuale": "12"}, chiave=chiave)
        self.scrive_il_responsabile({"testa-0-percentuale": "13,00"})
        dati = self.salva({"testa-0-percentuale": "12"}, chiave=chiave).json()
        assert dati["scontri"] == []
        assert self.riletto()["testa-0-percentuale"] == "13,00"
        assert PassoBozza.objects.filter(avanzamento=self.avanzamento, chiave=chiave).count() == 1

    def test_cio_che_un_altro_ha_scritto_torna_con_il_suo_nome(self) -> None:
        self.scrive_il_responsabile({"testa-0-note": "Cantiere fermo"})
        dati = self.salva({"testa-0-percentuale": "12"}).json()
        assert dati["altrui"]["testa-0-note"]["testo"] == "Cantiere fermo"
        assert dati["altrui"]["testa-0-note"]["chi"] == str(self.responsabile)
        assert [uno["chi"] for uno in dati["altri"]] == [str(self.responsabile)]
        assert self.riletto()["testa-0-note"] == "Cantiere fermo"

    def test_lo_stesso_campo_cambiato_in_due_non_si_sovrascrive(self) -> None:
        self.scrive_il_responsabile({"testa-0-percentuale": "15,00"})
        dati = self.salva({"testa-0-percentuale": "12", "testa-0-note": "mia"}).json()
        (scontro,) = dati["scontri"]
        assert (scontro["mio"], scontro["loro"], scontro["chi"]) == ("12,00", "15,00", str(self.responsabile))
        assert self.riletto()["testa-0-percentuale"] == "15,00"
        assert self.riletto()["testa-0-note"] == "mia"

    def test_lo_stesso_valore_scritto_in_due_modi_non_e_uno_scontro(self) -> None:
        self.scrive_il_responsabile({"testa-0-percentuale": "15,00"})
        assert self.salva({"testa-0-percentuale": "15"}).json()["scontri"] == []

    def test_un_avanzamento_inviato_non_si_scrive_piu(self) -> None:
        passaggi.invia(avanzamento_id=self.avanzamento.pk, autore=self.responsabile)
        risposta = self.salva({"testa-0-percentuale": "12"})
        assert risposta.status_code == 409
        assert "Ciò che hai scritto è ancora in questa pagina" in risposta.json()["detail"]

    def test_un_testo_enorme_e_rifiutato_con_le_parole(self) -> None:
        risposta = self.salva({"testa-0-note": "x" * 20_001})
        assert risposta.status_code == 422
        assert "accorcialo" in risposta.json()["detail"]

    def test_cio_che_scriveva_un_altra_persona_non_si_salva_a_nome_di_questa(self) -> None:
        risposta = self.salva({"testa-0-percentuale": "12"}, chi=self.responsabile.pk)
        assert risposta.status_code == 403
        assert self.riletto()["testa-0-percentuale"] == "10"

    def test_dati_senza_forma_sono_rifiutati(self) -> None:
        for corpo in (
            "",
            "[]",
            "{}",
            json.dumps({"chi": 1, "revisione": "uno", "chiave": str(uuid.uuid4()), "celle": {}}),
            json.dumps({"chi": 1, "revisione": -1, "chiave": str(uuid.uuid4()), "celle": {}}),
            json.dumps({"chi": 1, "revisione": 0, "chiave": "x", "celle": {}}),
            json.dumps({"chi": 1, "revisione": 0, "chiave": str(uuid.uuid4()), "celle": {"testa-0-note": 3}}),
        ):
            risposta = self.client.post(self.indirizzo("avanzamento-salva"), corpo, content_type="application/json")
            assert risposta.status_code == 400, corpo

    def test_senza_sessione_risponde_401_in_json(self) -> None:
        self.client.logout()
        risposta = self.salva({"testa-0-percentuale": "12"})
        assert risposta.status_code == 401
        assert risposta["Content-Type"] == "application/problem+json"

    def test_salvare_e_controllare_quaranta_righe_costa_al_massimo_venticinque_interrogazioni(self) -> None:
        """With a month before to compare with, and somebody else who has written meanwhile: the most it can cost."""
        opera = intervento()
        self.approvato(NOVEMBRE, opera=opera)
        self.avanzamento = bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=self.compilatore)
        self.scrive_il_responsabile({"testa-0-note": "intanto"})
        with CaptureQueriesContext(connection) as catturate:
            risposta = self.salva(quaranta_righe())
        assert risposta.status_code == 200
        assert "impegno «1/2024», che non c" in html.unescape(risposta.json()["lato"])
        # The borders of the transactions, which inside a test are savepoints, are no queries.
        query = [q["sql"] for q in catturate if "SAVEPOINT" not in q["sql"]]
        assert len(query) <= QUERY_AL_MASSIMO, "\n".join(testo[:120] for testo in query)

    def test_un_altro_comune_non_trova_nulla(self) -> None:
        self.client.force_login(self.altra)
        assert self.client.get(self.indirizzo()).status_code == 404
        assert self.client.post(self.indirizzo(), {"salva": "1"}).status_code == 404
        assert self.salva({"testa-0-percentuale": "99"}, chi=self.altra.pk).status_code == 404
        assert self.riletto()["testa-0-percentuale"] != "99,00"


class SenzaScriptTestCase(ModuloTestCase):
    def test_il_modulo_intero_salva_solo_cio_che_e_cambiato(self) -> None:
        risposta = self.client.post(self.indirizzo(), self.modulo_intero(**{"testa-0-percentuale": "14"}), follow=True)
        self.assertContains(risposta, "Salvato alle")
        passo = PassoBozza.objects.filter(avanzamento=self.avanzamento).order_by("-revisione")[0]
        assert set(passo.cambi) <= {"testa-0-percentuale", *self._da_normalizzare()}
        assert self.riletto()["testa-0-percentuale"] == "14,00"

    def _da_normalizzare(self) -> set[str]:
        """Cells that the test base typed in another spelling."""
        return {nome for nome, testo in celle_buone().items() if testo and testo in {"0", "10", "1000000,00"}}

    def test_un_modulo_intero_di_duemila_campi_si_salva(self) -> None:
        righe = {f"pagamenti-n{numero:03}-causale": f"Rata {numero}" for numero in range(1_000)}
        codici = {f"pagamenti-n{numero:03}-codice": f"M-{numero}" for numero in range(1_000)}
        risposta = self.client.post(self.indirizzo(), self.modulo_intero(**righe, **codici))
        assert risposta.status_code == 302
        assert self.riletto()["pagamenti-n999-causale"] == "Rata 999"

    def test_una_casella_senza_spunta_si_svuota(self) -> None:
        dati = self.modulo_intero()
        del dati["testa-0-senza_movimenti"]
        self.client.post(self.indirizzo(), dati)
        assert self.riletto()["testa-0-senza_movimenti"] == ""

    def test_aggiungere_una_riga_salva_e_la_mostra(self) -> None:
        dati = self.modulo_intero(aggiungi="pagamenti", **{"testa-0-percentuale": "14"})
        risposta = self.client.post(self.indirizzo(), dati, follow=True)
        assert self.riletto()["testa-0-percentuale"] == "14,00"
        testo = risposta.content.decode().split("<template")[0]
        assert testo.count('data-riga="pagamenti-n') == 1

    def test_togliere_una_riga_e_rimetterla(self) -> None:
        self.salva({"pagamenti-n1-codice": "M-1", "pagamenti-n1-tipo": "P"})
        self.avanzamento.refresh_from_db()
        self.client.post(self.indirizzo(), self.modulo_intero(**{"pagamenti-n1-togli": "si"}))
        self.avanzamento.refresh_from_db()
        assert self.avanzamento.bozza["pagamenti-n1-togli"] == "si"
        assert self.avanzamento.bozza["pagamenti-n1-codice"] == "M-1"
        self.assertContains(self.client.get(self.indirizzo()), "Tolta")
        dati = self.modulo_intero()
        del dati["pagamenti-n1-togli"]
        self.client.post(self.indirizzo(), dati)
        assert self.riletto()["pagamenti-n1-togli"] == ""

    def test_due_persone_la_pagina_delle_differenze_fa_scegliere(self) -> None:
        vecchio = self.modulo_intero(**{"testa-0-percentuale": "12", "testa-0-note": "mia nota"})
        self.scrive_il_responsabile({"testa-0-percentuale": "15,00"})
        risposta = self.client.post(self.indirizzo(), vecchio)
        assert risposta.status_code == 409
        self.assertContains(risposta, "In breve, Avanzamento fisico (%)", status_code=409)
        self.assertContains(risposta, f"Ha scritto {self.responsabile} alle", status_code=409)
        assert self.riletto()["testa-0-note"] == "mia nota"
        assert self.riletto()["testa-0-percentuale"] == "15,00"
        self.avanzamento.refresh_from_db()
        scelta = {"revisione": str(self.avanzamento.revisione), "scelta-testa-0-percentuale": "12,00"}
        self.client.post(self.indirizzo(), scelta)
        assert self.riletto()["testa-0-percentuale"] == "12,00"

    def test_inviato_da_un_altro_mentre_scrivevo_mi_mostra_cio_che_avevo_scritto(self) -> None:
        dati = self.modulo_intero(**{"testa-0-note": "Una nota lunga e preziosa"})
        passaggi.invia(avanzamento_id=self.avanzamento.pk, autore=self.responsabile)
        risposta = self.client.post(self.indirizzo(), dati)
        self.assertContains(risposta, "Una nota lunga e preziosa", status_code=409)

    def test_un_testo_troppo_lungo_resta_nel_modulo(self) -> None:
        lungo = "x" * 20_001
        risposta = self.client.post(self.indirizzo(), self.modulo_intero(**{"testa-0-note": lungo}))
        self.assertContains(risposta, lungo, status_code=422)
        self.assertContains(risposta, "accorcialo", status_code=422)

    def test_inviare_salva_prima_e_poi_manda(self) -> None:
        self.client.force_login(self.responsabile)
        dati = self.modulo_intero(invia="1", **{"testa-0-percentuale": "11"})
        risposta = self.client.post(self.indirizzo(), dati)
        self.assertRedirects(risposta, self.indirizzo("avanzamento"))
        self.avanzamento.refresh_from_db()
        assert self.avanzamento.stato == StatoAvanzamento.INVIATO
        assert str(self.avanzamento.percentuale) == "11.00"

    def test_un_errore_ferma_l_invio_e_porta_al_campo(self) -> None:
        self.client.force_login(self.responsabile)
        dati = self.modulo_intero(invia="1", **{"testa-0-percentuale": "centodieci"})
        risposta = self.client.post(self.indirizzo(), dati)
        self.assertContains(risposta, "Non si può ancora inviare", status_code=422)
        self.assertContains(risposta, 'href="#testa-0-percentuale"', status_code=422)
        assert self.riletto()["testa-0-percentuale"] == "centodieci"

    def test_cio_che_un_altro_ha_appena_scritto_non_si_invia_senza_averlo_letto(self) -> None:
        self.client.force_login(self.responsabile)
        dati = self.modulo_intero(invia="1", **{"testa-0-percentuale": "11"})
        bozze.salva(
            avanzamento_id=self.avanzamento.pk,
            revisione=self.avanzamento.revisione,
            celle={"testa-0-note": "Appena scritta"},
            autore=self.compilatore,
        )
        risposta = self.client.post(self.indirizzo(), dati, follow=True)
        self.assertContains(risposta, f"Intanto {self.compilatore} ha scritto qui")
        self.avanzamento.refresh_from_db()
        assert self.avanzamento.stato == StatoAvanzamento.BOZZA
        assert self.avanzamento.bozza["testa-0-percentuale"] == "11,00"


class CopiareTestCase(ModuloTestCase):
    def setUp(self) -> None:
        super().setUp()
        opera = intervento()
        self.approvato(NOVEMBRE, opera=opera)
        self.avanzamento = bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=self.compilatore)
        self.salva({"testa-0-percentuale": "77", "testa-0-note": "resta"})

    def test_copia_riporta_i_valori_del_mese_prima_e_lo_dice(self) -> None:
        risposta = self.client.post(self.indirizzo(), {"gia_salvato": "1", "copia": "1"}, follow=True)
        self.assertContains(risposta, "Un valore è tornato com'era")
        self.assertContains(risposta, "<del>77,00</del> → <ins>10,00</ins>")
        assert self.riletto()["testa-0-percentuale"] == "10,00"
        assert self.riletto()["testa-0-note"] == "resta"

    def test_la_copia_si_annulla(self) -> None:
        self.client.post(self.indirizzo(), {"gia_salvato": "1", "copia": "1"})
        revisione = Avanzamento.objects.get(pk=self.avanzamento.pk).revisione
        risposta = self.client.post(self.indirizzo(), {"gia_salvato": "1", "annulla": str(revisione)}, follow=True)
        self.assertContains(risposta, "Annullato")
        assert self.riletto()["testa-0-percentuale"] == "77,00"

    def test_non_si_annulla_il_salvataggio_di_un_altro(self) -> None:
        self.scrive_il_responsabile({"testa-0-percentuale": "80,00"})
        revisione = Avanzamento.objects.get(pk=self.avanzamento.pk).revisione
        risposta = self.client.post(self.indirizzo(), {"gia_salvato": "1", "annulla": str(revisione)}, follow=True)
        self.assertContains(risposta, "non si può annullare")
        assert self.riletto()["testa-0-percentuale"] == "80,00"
