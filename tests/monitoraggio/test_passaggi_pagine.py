"""The page of an avanzamento and its passages over HTTP: who may do what, what is said, what is never lost."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, Visto
from monitoraggio.services import bozze, passaggi
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone
from tests.monitoraggio.test_giro import MOVIMENTI

OTTOBRE = date(2024, 10, 1)
PASSAGGI = ("invia", "ritira", "approva", "restituisci", "sblocca", "correggi", "vista")


class PassaggiTestCase(MonitoraggioTestCase):
    def posta(self, nome: str, avanzamento: Avanzamento, **dati: str):  # type: ignore[no-untyped-def]
        return self.client.post(reverse(f"avanzamento-{nome}", args=[avanzamento.pk]), dati)

    def stato(self, avanzamento: Avanzamento) -> str:
        return Avanzamento.objects.get(pk=avanzamento.pk).stato

    def test_inviare_mostra_la_ricevuta_con_numero_e_ora(self) -> None:
        bozza = self.bozza()
        self.client.force_login(self.responsabile)
        risposta = self.posta("invia", bozza, revisione=str(bozza.revisione))
        self.assertRedirects(risposta, reverse("avanzamento", args=[bozza.pk]))
        pagina = self.client.get(reverse("avanzamento", args=[bozza.pk]))
        self.assertContains(pagina, f"Ricevuta n. {bozza.pk} · ")

    def test_inviare_una_revisione_che_non_si_e_letta_e_rifiutato(self) -> None:
        bozza = self.bozza()
        self.client.force_login(self.responsabile)
        risposta = self.client.post(
            reverse("avanzamento-invia", args=[bozza.pk]), {"revisione": str(bozza.revisione - 1)}, follow=True
        )
        self.assertContains(risposta, "ha cambiato la bozza: rileggila, poi invia")
        assert self.stato(bozza) == StatoAvanzamento.BOZZA

    def test_il_giro_con_le_pagine(self) -> None:
        inviato = self.inviato()
        self.client.force_login(self.istruttore)
        self.posta("restituisci", inviato, motivo="Manca il SAL.")
        assert self.stato(inviato) == StatoAvanzamento.RESTITUITO
        self.client.force_login(self.responsabile)
        self.posta("invia", inviato, revisione=str(inviato.revisione))
        self.posta("ritira", inviato)
        assert self.stato(inviato) == StatoAvanzamento.BOZZA
        self.posta("invia", inviato, revisione=str(inviato.revisione))
        self.client.force_login(self.istruttore)
        self.posta("sblocca", inviato, motivo="Su richiesta.")
        assert self.stato(inviato) == StatoAvanzamento.BOZZA
        self.client.force_login(self.responsabile)
        self.posta("invia", inviato, revisione=str(inviato.revisione))
        self.client.force_login(self.istruttore)
        self.posta("approva", inviato)
        assert self.stato(inviato) == StatoAvanzamento.APPROVATO
        pagina = self.client.get(reverse("avanzamento", args=[inviato.pk]))
        for verbo in ("Aperto", "Restituito", "Ripreso in bozza", "Sbloccato", "Approvato"):
            self.assertContains(pagina, f"<strong>{verbo}</strong>")
        self.assertContains(pagina, "Manca il SAL.")

    def test_restituire_vuole_un_motivo_e_la_pagina_lo_dice(self) -> None:
        inviato = self.inviato()
        self.client.force_login(self.istruttore)
        risposta = self.posta("restituisci", inviato, motivo=" ")
        self.assertContains(risposta, "serve il motivo", status_code=409)
        assert self.stato(inviato) == StatoAvanzamento.INVIATO

    def test_arrivare_secondi_tiene_il_motivo_che_si_era_scritto(self) -> None:
        approvato = self.approvato()
        self.client.force_login(self.istruttore)
        risposta = self.posta("restituisci", approvato, motivo="Parole da non perdere")
        self.assertContains(risposta, "lo stato è già", status_code=409)
        self.assertContains(risposta, "Parole da non perdere", status_code=409)

    def test_chi_ha_compilato_non_vede_approva(self) -> None:
        bozza = bozze.apri(intervento_id=self.opera.pk, mese=DICEMBRE, autore=self.istruttore)
        bozze.salva(avanzamento_id=bozza.pk, revisione=0, celle=celle_buone(), autore=self.istruttore)
        passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        indirizzo = reverse("avanzamento-approva", args=[bozza.pk])
        self.client.force_login(self.istruttore)
        self.assertNotContains(self.client.get(reverse("avanzamento", args=[bozza.pk])), indirizzo)
        self.assertContains(self.client.post(indirizzo), "un&#x27;altra persona", status_code=409)
        self.client.force_login(self.coordinatore)
        self.assertContains(self.client.get(reverse("avanzamento", args=[bozza.pk])), indirizzo)

    def test_correggere_apre_una_versione_nuova_e_segna_le_differenze(self) -> None:
        approvato = self.approvato(celle=celle_buone() | MOVIMENTI)
        self.client.force_login(self.compilatore)
        self.assertContains(self.posta("correggi", approvato, motivo=""), "perché il mese va corretto", status_code=409)
        risposta = self.posta("correggi", approvato, motivo="Mandato sbagliato")
        nuovo = Avanzamento.objects.get(corregge=approvato)
        self.assertRedirects(risposta, reverse("avanzamento-modifica", args=[nuovo.pk]))
        bozze.salva(
            avanzamento_id=nuovo.pk,
            revisione=0,
            celle={"pagamenti-n2-importo": "100.000,00", "impegni-n1-togli": "si", "pagamenti-n2-impegno": ""},
            autore=self.compilatore,
        )
        pagina = self.client.get(reverse("avanzamento", args=[nuovo.pk]))
        self.assertContains(pagina, "era 120.000,10")
        self.assertContains(pagina, '<tr class="tolta">')
        self.assertContains(pagina, "Versione 2, questa")
        vecchia = self.client.get(reverse("avanzamento", args=[approvato.pk]))
        self.assertNotContains(vecchia, "Apri la correzione")
        self.assertContains(vecchia, "120.000,10")

    def test_una_correzione_si_segna_vista(self) -> None:
        approvato = self.approvato()
        nuovo = bozze.correggi(avanzamento_id=approvato.pk, motivo="Data", autore=self.compilatore)
        bozze.salva(
            avanzamento_id=nuovo.pk, revisione=0, celle={"testa-0-senza_movimenti": "si"}, autore=self.compilatore
        )
        passaggi.invia(avanzamento_id=nuovo.pk, autore=self.responsabile)
        self.client.force_login(self.istruttore)
        self.assertContains(self.client.get(reverse("avanzamento", args=[nuovo.pk])), "Segna come vista")
        self.posta("vista", nuovo)
        assert Visto.objects.filter(avanzamento=nuovo, autore=self.istruttore).exists()
        self.assertNotContains(self.client.get(reverse("avanzamento", args=[nuovo.pk])), "Segna come vista")

    def test_fra_un_mese_e_l_altro_si_segna_solo_cio_che_si_riporta(self) -> None:
        self.approvato(
            NOVEMBRE,
            celle=celle_buone() | {**MOVIMENTI, "pagamenti-n2-data": "2024-11-20", "impegni-n1-data": "2024-11-02"},
        )
        dopo = self.bozza(celle={"testa-0-percentuale": "20", "testa-0-senza_movimenti": "si"})
        self.client.force_login(self.compilatore)
        pagina = self.client.get(reverse("avanzamento", args=[dopo.pk]))
        self.assertContains(pagina, "era 10,00")
        self.assertNotContains(pagina, '<tr class="tolta">')

    def test_la_ricevuta_dice_tutto_e_la_sua_impronta_cambia_col_contenuto(self) -> None:
        prima = self.approvato(celle=celle_buone() | MOVIMENTI)
        self.client.force_login(self.compilatore)
        pagina = self.client.get(reverse("avanzamento-ricevuta", args=[prima.pk]))
        for pezzo in (
            f"Ricevuta n. {prima.pk}",
            self.opera.cup,
            "120.000,10",
            "500.000,00",
            "Arriva con il prossimo mese.",
        ):
            self.assertContains(pagina, pezzo)
        impronta = pagina.context["impronta"]
        assert len(impronta) == 64
        assert impronta == self.client.get(reverse("avanzamento-ricevuta", args=[prima.pk])).context["impronta"]
        nuovo = bozze.correggi(avanzamento_id=prima.pk, motivo="Importo", autore=self.compilatore)
        bozze.salva(
            avanzamento_id=nuovo.pk, revisione=0, celle={"pagamenti-n2-importo": "120.000,11"}, autore=self.compilatore
        )
        passaggi.invia(avanzamento_id=nuovo.pk, autore=self.responsabile)
        assert self.client.get(reverse("avanzamento-ricevuta", args=[nuovo.pk])).context["impronta"] != impronta

    def test_di_una_bozza_non_c_e_ricevuta(self) -> None:
        bozza = self.bozza()
        self.client.force_login(self.compilatore)
        risposta = self.client.get(reverse("avanzamento-ricevuta", args=[bozza.pk]))
        self.assertRedirects(risposta, reverse("avanzamento", args=[bozza.pk]))

    def test_un_altro_comune_non_trova_nulla_in_nessun_indirizzo(self) -> None:
        inviato = self.inviato()
        self.client.force_login(self.altra)
        for nome in ("avanzamento", "avanzamento-ricevuta"):
            assert self.client.get(reverse(nome, args=[inviato.pk])).status_code == 404, nome
        for nome in ("invia", "ritira", "correggi"):
            assert self.posta(nome, inviato, motivo="x").status_code == 404, nome
        assert self.stato(inviato) == StatoAvanzamento.INVIATO

    def test_un_avanzamento_che_non_c_e_risponde_404_a_tutti(self) -> None:
        self.client.force_login(self.coordinatore)
        for nome in PASSAGGI:
            indirizzo = reverse(f"avanzamento-{nome}", args=[999_999])
            assert self.client.post(indirizzo, {"motivo": "x"}).status_code == 404, nome

    def test_la_pagina_costa_lo_stesso_con_piu_righe(self) -> None:
        self.approvato(OTTOBRE)
        poche = self.approvato(NOVEMBRE)
        molte_celle = celle_buone() | MOVIMENTI
        for numero in range(20):
            molte_celle[f"costi-b{numero:02}-anno"] = str(2025 + numero)
        molte = self.inviato(celle=molte_celle)
        self.client.force_login(self.coordinatore)
        conti = []
        for avanzamento in (poche, molte):
            with CaptureQueriesContext(connection) as catturate:
                assert self.client.get(reverse("avanzamento", args=[avanzamento.pk])).status_code == 200
            conti.append(len(catturate))
        # One that waits to be examined is also asked who entered it.
        assert conti[1] <= conti[0] + 1, conti
