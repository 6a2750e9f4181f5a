"""The messages of an intervento: who may write, whom they reach, how a thread is closed and opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enti.models import Ente, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.models import Allerta, Avanzamento, Messaggio
from monitoraggio.selectors import messaggi as selectors
from monitoraggio.services import messaggi
from monitoraggio.services.messaggi import MessaggioRifiutato
from registro.models import Evento
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import MonitoraggioTestCase, persona

# Session (three with its saving), person, memberships; intervento; messages, memberships of who wrote; inbox.
QUANTE = 10


class MessaggiTestCase(MonitoraggioTestCase):
    def scrivi(self, autore: Utente, testo: str = "Manca il verbale.", **altro: int) -> Messaggio:
        return messaggi.scrivi(intervento_id=self.opera.pk, testo=testo, autore=autore, **altro)

    def avvisati(self, messaggio: Messaggio) -> set[Utente]:
        righe = Allerta.objects.filter(chiave=f"messaggio:{messaggio.pk}", superata_il__isnull=True)
        return {riga.utente for riga in righe.select_related("utente")}


class ServiziTestCase(MessaggiTestCase):
    def test_il_messaggio_dello_staff_arriva_a_chi_e_del_soggetto_attuatore(self) -> None:
        messaggio = self.scrivi(self.istruttore)
        assert not messaggio.dal_comune
        assert self.avvisati(messaggio) == {self.compilatore, self.responsabile}

    def test_chi_non_e_piu_del_comune_o_del_portale_non_e_avvisato(self) -> None:
        ieri = timezone.localdate() - timedelta(days=1)
        self.compilatore.appartenenze.update(dal=ieri - timedelta(days=9), al=ieri)
        Utente.objects.filter(pk=persona(Ruolo.COMPILATORE).pk).update(is_active=False)
        assert self.avvisati(self.scrivi(self.istruttore)) == {self.responsabile}
        self.compilatore.appartenenze.update(al=timezone.localdate())
        assert self.avvisati(self.scrivi(self.istruttore, "Oggi ancora.")) == {self.responsabile, self.compilatore}

    def test_il_messaggio_nuovo_del_comune_arriva_agli_istruttori(self) -> None:
        messaggio = self.scrivi(self.compilatore)
        assert messaggio.dal_comune
        assert self.avvisati(messaggio) == {self.istruttore}

    def test_la_risposta_del_comune_arriva_solo_a_chi_ha_partecipato(self) -> None:
        filo = self.scrivi(self.coordinatore)
        risposta = self.scrivi(self.compilatore, "Eccolo.", risponde_a_id=filo.pk)
        assert self.avvisati(risposta) == {self.coordinatore}

    def test_se_chi_ha_partecipato_non_c_e_piu_la_risposta_arriva_agli_istruttori(self) -> None:
        filo = self.scrivi(self.coordinatore)
        Utente.objects.filter(pk=self.coordinatore.pk).update(is_active=False)
        assert self.avvisati(self.scrivi(self.compilatore, "Eccolo.", risponde_a_id=filo.pk)) == {self.istruttore}

    def test_senza_istruttori_il_messaggio_arriva_ai_coordinatori(self) -> None:
        Utente.objects.filter(pk=self.istruttore.pk).update(is_active=False)
        assert self.avvisati(self.scrivi(self.compilatore)) == {self.coordinatore}

    def test_rispondere_supera_le_allerte_della_propria_parte(self) -> None:
        domanda = self.scrivi(self.istruttore)
        self.scrivi(self.istruttore, "E anche il SAL.", risponde_a_id=domanda.pk)
        risposta = self.scrivi(self.responsabile, "Ecco.", risponde_a_id=domanda.pk)
        assert self.avvisati(domanda) == set()
        assert self.avvisati(risposta) == {self.istruttore}

    def test_la_risposta_a_una_risposta_sta_nello_stesso_filo(self) -> None:
        filo = self.scrivi(self.istruttore)
        prima = self.scrivi(self.compilatore, "Ecco.", risponde_a_id=filo.pk)
        assert self.scrivi(self.istruttore, "Grazie.", risponde_a_id=prima.pk).risponde_a == filo

    def test_chiudere_supera_le_allerte_e_resta_scritto_chi_e_quando(self) -> None:
        filo = self.scrivi(self.istruttore)
        chiuso = messaggi.chiudi(messaggio_id=filo.pk, autore=self.responsabile)
        assert chiuso.chiuso_il is not None
        assert chiuso.chiuso_da == self.responsabile
        assert self.avvisati(filo) == set()
        with pytest.raises(MessaggioRifiutato, match="già stata chiusa"):
            messaggi.chiudi(messaggio_id=filo.pk, autore=self.istruttore)

    def test_una_risposta_riapre_la_conversazione_chiusa(self) -> None:
        filo = self.scrivi(self.istruttore)
        messaggi.chiudi(messaggio_id=filo.pk, autore=self.istruttore)
        self.scrivi(self.compilatore, "Ancora una cosa.", risponde_a_id=filo.pk)
        filo.refresh_from_db()
        assert (filo.chiuso_il, filo.chiuso_da) == (None, None)

    def test_ogni_passaggio_e_nel_registro(self) -> None:
        filo = self.scrivi(self.istruttore)
        messaggi.chiudi(messaggio_id=filo.pk, autore=self.istruttore)
        self.scrivi(self.compilatore, "Ancora.", risponde_a_id=filo.pk)
        eventi = Evento.objects.filter(tipo_oggetto="monitoraggio.messaggio").order_by("pk")
        assert list(eventi.values_list("verbo", "autore")) == [
            ("messaggio scritto", self.istruttore.pk),
            ("conversazione chiusa", self.istruttore.pk),
            ("risposta scritta", self.compilatore.pk),
            ("conversazione riaperta", self.compilatore.pk),
        ]

    def test_il_pulsante_premuto_due_volte_scrive_una_volta(self) -> None:
        assert self.scrivi(self.compilatore) == self.scrivi(self.compilatore)
        assert Messaggio.objects.count() == 1
        assert Allerta.objects.count() == 1

    def test_le_stesse_parole_di_un_altra_persona_sono_un_altro_messaggio(self) -> None:
        assert self.scrivi(self.compilatore) != self.scrivi(self.responsabile)

    def test_un_testo_di_soli_spazi_e_rifiutato(self) -> None:
        with pytest.raises(MessaggioRifiutato, match="Manca il testo"):
            self.scrivi(self.compilatore, "  \n ")

    def test_un_altro_comune_non_trova_l_intervento_ne_la_conversazione(self) -> None:
        filo = self.scrivi(self.istruttore)
        with pytest.raises(Intervento.DoesNotExist):
            self.scrivi(self.altra)
        with pytest.raises(Intervento.DoesNotExist):
            messaggi.chiudi(messaggio_id=filo.pk, autore=self.altra)

    def test_la_cabina_legge_e_non_scrive(self) -> None:
        cabina = crea_persona(Ruolo.CABINA)
        filo = self.scrivi(self.istruttore)
        with pytest.raises(MessaggioRifiutato, match="soggetto attuatore"):
            self.scrivi(cabina)
        with pytest.raises(MessaggioRifiutato, match="soggetto attuatore"):
            messaggi.chiudi(messaggio_id=filo.pk, autore=cabina)

    def test_una_risposta_non_attraversa_gli_interventi(self) -> None:
        altrove = Intervento.objects.create(
            clp="ALTROVE", submisura=self.opera.submisura, soggetto_attuatore=self.opera.soggetto_attuatore
        )
        filo = messaggi.scrivi(intervento_id=altrove.pk, testo="Là.", autore=self.istruttore)
        with pytest.raises(Messaggio.DoesNotExist):
            self.scrivi(self.compilatore, "Qui.", risponde_a_id=filo.pk)

    def test_un_messaggio_parla_solo_degli_avanzamenti_del_suo_intervento(self) -> None:
        avanzamento = self.bozza()
        assert self.scrivi(self.compilatore, avanzamento_id=avanzamento.pk).avanzamento == avanzamento
        altrove = Intervento.objects.create(
            clp="ALTROVE", submisura=self.opera.submisura, soggetto_attuatore=self.opera.soggetto_attuatore
        )
        with pytest.raises(Avanzamento.DoesNotExist):
            messaggi.scrivi(
                intervento_id=altrove.pk, testo="Là.", avanzamento_id=avanzamento.pk, autore=self.istruttore
            )


class LettureTestCase(MessaggiTestCase):
    def test_chi_aspetta_dipende_da_chi_ha_scritto_per_ultimo(self) -> None:
        filo = self.scrivi(self.istruttore)
        assert list(selectors.senza_risposta(self.compilatore, dal_comune=False)) == [filo]
        assert not selectors.senza_risposta(self.istruttore, dal_comune=True)
        self.scrivi(self.compilatore, "Ecco.", risponde_a_id=filo.pk)
        assert not selectors.senza_risposta(self.compilatore, dal_comune=False)
        assert list(selectors.senza_risposta(self.istruttore, dal_comune=True)) == [filo]
        messaggi.chiudi(messaggio_id=filo.pk, autore=self.compilatore)
        assert not selectors.senza_risposta(self.istruttore, dal_comune=True)

    def test_il_riquadro_conta_le_conversazioni_aperte_e_mostra_le_ultime(self) -> None:
        for numero in range(selectors.NEL_RIQUADRO + 1):
            self.scrivi(self.istruttore, f"Domanda {numero}")
        riquadro = selectors.riquadro(self.opera, self.compilatore)
        assert (riquadro["quanti"], riquadro["altri"], riquadro["puo_scrivere"]) == (4, 1, True)
        assert [filo.testo for filo in riquadro["fili"]] == ["Domanda 3", "Domanda 2", "Domanda 1"]
        assert selectors.riquadro(self.opera, self.altra)["fili"] == []


class PaginaTestCase(MessaggiTestCase):
    def setUp(self) -> None:
        self.indirizzo = reverse("intervento-messaggi", args=[self.opera.pk])
        self.invio = reverse("messaggio-scrivi", args=[self.opera.pk])

    def test_il_comune_scrive_risponde_e_chiude_dalla_pagina(self) -> None:
        self.client.force_login(self.compilatore)
        risposta = self.client.post(self.invio, {"testo": "Quando arriva il parere?"})
        messaggio = Messaggio.objects.get()
        self.assertRedirects(risposta, f"{self.indirizzo}#messaggio-{messaggio.pk}", fetch_redirect_response=False)
        self.client.post(self.invio, {"testo": "È urgente.", "risponde_a": messaggio.pk})
        pagina = self.client.get(self.indirizzo)
        self.assertContains(pagina, "Compilatore del Comune · Comune di Rho")
        self.assertContains(pagina, "deve rispondere la Città metropolitana")
        self.client.post(reverse("messaggio-chiudi", args=[messaggio.pk]))
        self.assertContains(self.client.get(self.indirizzo), "l'unica è chiusa")

    def test_un_invio_vuoto_mostra_l_errore_nel_modulo_della_sua_conversazione(self) -> None:
        filo = self.scrivi(self.istruttore)
        self.client.force_login(self.compilatore)
        pagina = self.client.post(self.invio, {"testo": "", "risponde_a": filo.pk})
        self.assertContains(pagina, f'id="filo-{filo.pk}-testo_error"')
        assert Messaggio.objects.count() == 1

    def test_quello_che_si_e_scritto_non_si_perde_se_il_resto_non_va(self) -> None:
        self.client.force_login(self.compilatore)
        pagina = self.client.post(self.invio, {"testo": "Parole mie", "risponde_a": "999999"})
        self.assertContains(pagina, "Parole mie")
        assert not Messaggio.objects.exists()

    def test_un_altro_comune_trova_404_ovunque(self) -> None:
        filo = self.scrivi(self.istruttore)
        self.client.force_login(self.altra)
        assert self.client.get(self.indirizzo).status_code == 404
        assert self.client.post(self.invio, {"testo": "Ciao"}).status_code == 404
        assert self.client.post(reverse("messaggio-chiudi", args=[filo.pk])).status_code == 404

    def test_chi_vede_l_intervento_solo_perche_e_nel_suo_territorio_non_ne_legge_i_messaggi(self) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(soggetto_attuatore=Ente.objects.get(comune__nome="Bresso"))
        self.client.force_login(self.compilatore)
        assert self.client.get(reverse("intervento", args=[self.opera.pk])).status_code == 200
        assert self.client.get(self.indirizzo).status_code == 404

    def test_la_cabina_vede_i_messaggi_e_nessun_modulo(self) -> None:
        self.scrivi(self.istruttore)
        self.client.force_login(crea_persona(Ruolo.CABINA))
        pagina = self.client.get(self.indirizzo)
        self.assertContains(pagina, "Manca il verbale.")
        self.assertNotContains(pagina, self.invio)

    def test_le_interrogazioni_non_crescono_con_i_messaggi(self) -> None:
        self.client.force_login(self.compilatore)
        self.scrivi(self.istruttore, "La prima domanda")
        with self.assertNumQueries(QUANTE):
            self.client.get(self.indirizzo)
        for numero in range(30):
            filo = self.scrivi(self.istruttore, f"Domanda {numero}")
            self.scrivi(self.compilatore, "Risposta", risponde_a_id=filo.pk)
        with self.assertNumQueries(QUANTE):
            self.client.get(self.indirizzo)
