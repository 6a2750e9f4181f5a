"""«Annulla» beside a receipt: once, by who did it, in that session, for a while, if nothing changed meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from psttm import services
from psttm.models import Driver, LegameDriverObiettivo, Missione, Obiettivo
from registro import ripensamenti
from registro.models import Evento, Fonte, Ripensamento
from registro.selectors import cronologia
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.registro.annulla import annulla, offerto


class ObiettiviTestCase(TestCase):
    """An objective that the coordinatore takes away or corrects: what is undone is always the same."""

    persona: Utente
    obiettivo: Obiettivo

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.COORDINATORE)
        cls.obiettivo = services.aggiungi_obiettivo(
            missione=Missione.objects.get(numero=6),
            testo="Case della comunità",
            destinatari=["comuni"],
            fonte=Fonte.objects.get(codice="portale"),
            luogo="prova",
            autore=cls.persona,
        )
        LegameDriverObiettivo.objects.create(
            driver=Driver.objects.get(numero=2),
            obiettivo=cls.obiettivo,
            motivo="Nominano la stessa rete.",
            fonte=Fonte.objects.get(codice="portale"),
        )

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def rotta(self, nome: str) -> str:
        return reverse(nome, args=[self.obiettivo.missione.numero, self.obiettivo.numero])

    def togli(self) -> str:
        """The page that tells of it."""
        risposta = self.client.post(self.rotta("obiettivo-togli"), follow=True)
        return risposta.content.decode()

    def correggi(self, testo: str) -> None:
        dati = {
            "missione": self.obiettivo.missione_id,
            "testo": testo,
            "destinatari": ["comuni"],
            "fonte": self.obiettivo.fonte_id,
            "luogo": "prova",
        }
        assert self.client.post(self.rotta("obiettivo-modifica"), dati).status_code == 302


class MeccanismoTestCase(ObiettiviTestCase):
    def test_la_ricevuta_ha_il_bottone_l_ora_e_funziona_senza_javascript(self) -> None:
        pagina = self.togli()
        chiave = offerto().chiave
        assert f'<form method="post" action="{reverse("ripensa", args=[chiave])}">' in pagina
        ora = f"{timezone.localtime(offerto().scade):%H:%M}"
        assert f"fino alle {ora}" in pagina
        assert "csrfmiddlewaretoken" in pagina.partition('class="alert')[2]
        torna = re.search(r'name="torna" value="([^"]+)"', pagina)
        assert torna is not None
        assert torna[1] == reverse("missione", args=[6])

    def test_annullare_riporta_la_cosa_com_era_e_lo_scrive(self) -> None:
        self.togli()
        assert annulla(self.client) == "L'obiettivo M6.1 c'è di nuovo."
        tornato = Obiettivo.objects.get(pk=self.obiettivo.pk)
        assert (tornato.testo, tornato.numero, tornato.destinatari) == (
            "Case della comunità",
            self.obiettivo.numero,
            self.obiettivo.destinatari,
        )
        assert tornato.legami_driver.get().motivo == "Nominano la stessa rete."
        evento = cronologia(tornato)[0]
        assert (evento.verbo, evento.autore, evento.nota) == (
            "annullato",
            self.persona,
            "Obiettivo M6.1 tolto: resta nel registro.",
        )

    def test_si_annulla_una_volta_sola(self) -> None:
        self.togli()
        chiave = offerto().chiave
        annulla(self.client, chiave)
        services.togli_obiettivo(obiettivo_id=self.obiettivo.pk, autore=self.persona)
        assert annulla(self.client, chiave) == "È già stato annullato: una seconda volta non serve."
        assert not Obiettivo.objects.filter(pk=self.obiettivo.pk).exists()

    def test_si_torna_alla_pagina_da_cui_si_e_premuto_e_mai_fuori_dal_portale(self) -> None:
        for torna, dove in (
            ("/piano-strategico/?a=b", "/piano-strategico/?a=b"),
            ("https://esempio.org/", "/"),
            ("//esempio.org/", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ):
            self.togli()
            risposta = self.client.post(reverse("ripensa", args=[offerto().chiave]), {"torna": torna})
            assert risposta.headers["Location"] == dove, torna

    def test_la_chiave_di_un_altra_persona_o_di_un_altra_sessione_non_serve_a_nulla(self) -> None:
        self.togli()
        indirizzo = reverse("ripensa", args=[offerto().chiave])
        altra = Client()
        altra.force_login(crea_persona(Ruolo.COORDINATORE, nome="altra"))
        assert altra.post(indirizzo).status_code == 404
        di_nuovo = Client()
        di_nuovo.force_login(self.persona)
        assert di_nuovo.post(indirizzo).status_code == 404
        assert Client().post(indirizzo).status_code == 302
        assert not Obiettivo.objects.filter(pk=self.obiettivo.pk).exists()

    def test_una_chiave_inventata_non_esiste_e_la_lettura_non_annulla(self) -> None:
        self.togli()
        assert self.client.post(reverse("ripensa", args=["x" * 32])).status_code == 404
        assert self.client.get(reverse("ripensa", args=[offerto().chiave])).status_code == 405
        assert offerto().usato_il is None

    def test_scade_al_minuto_detto(self) -> None:
        for anticipo, annullabile in ((timedelta(seconds=30), True), (timedelta(seconds=-1), False)):
            self.togli()
            Ripensamento.objects.filter(pk=offerto().pk).update(scade=timezone.now() + anticipo)
            detto = annulla(self.client)
            assert Obiettivo.objects.filter(pk=self.obiettivo.pk).exists() is annullabile, detto
        assert detto == (
            f"Sono passati più di {settings.RIPENSAMENTO_MINUTI} minuti: da qui non si annulla più. Non è cambiato "
            "nulla."
        )

    def test_chi_nel_frattempo_ha_perso_il_ruolo_non_annulla(self) -> None:
        self.togli()
        Appartenenza.objects.filter(utente=self.persona).update(ruolo=Ruolo.CABINA)
        assert annulla(self.client) == (
            "Il tuo ruolo non permette più di cambiare gli obiettivi: non è cambiato nulla."
        )
        assert not Obiettivo.objects.filter(pk=self.obiettivo.pk).exists()

    def test_se_intanto_e_cambiato_lo_si_dice_e_non_cambia_nulla(self) -> None:
        self.togli()
        altro = services.aggiungi_obiettivo(
            missione=self.obiettivo.missione,
            testo="Ha preso il suo posto",
            destinatari=["comuni"],
            fonte=self.obiettivo.fonte,
            luogo="prova",
            autore=None,
        )
        assert altro.numero == self.obiettivo.numero
        assert annulla(self.client) == "Intanto un altro obiettivo ha preso il suo numero: quello tolto non torna."
        assert not Obiettivo.objects.filter(pk=self.obiettivo.pk).exists()
        assert not Evento.objects.filter(verbo="annullato").exists()
        # Nothing was used up: once the place is free, it still can be undone.
        services.togli_obiettivo(obiettivo_id=altro.pk, autore=self.persona)
        annulla(self.client)
        assert Obiettivo.objects.filter(pk=self.obiettivo.pk).exists()

    def test_quelli_scaduti_da_un_giorno_non_si_conservano(self) -> None:
        self.togli()
        vecchio = offerto()
        annulla(self.client)
        for ore, rimasto in ((23, True), (25, False)):
            Ripensamento.objects.filter(pk=vecchio.pk).update(scade=timezone.now() - timedelta(hours=ore))
            self.correggi(f"Altro testo {ore}")
            assert Ripensamento.objects.filter(pk=vecchio.pk).exists() is rimasto

    def test_offrire_cio_che_nessuno_sa_disfare_e_un_errore_di_chi_scrive(self) -> None:
        with pytest.raises(LookupError):
            ripensamenti.offri(self.client.get("/").wsgi_request, "Fatto.", "azione che non esiste", {})


class CorrezioneTestCase(ObiettiviTestCase):
    def test_una_correzione_torna_indietro(self) -> None:
        self.correggi("Ospedali di comunità")
        assert annulla(self.client) == "L'obiettivo M6.1 è tornato com'era."
        self.obiettivo.refresh_from_db()
        assert self.obiettivo.testo == "Case della comunità"

    def test_se_un_altro_l_ha_corretto_dopo_resta_la_sua(self) -> None:
        self.correggi("Ospedali di comunità")
        chiave = offerto().chiave
        self.correggi("Infermieri di famiglia")
        assert annulla(self.client, chiave) == (
            "Intanto qualcuno ha cambiato l'obiettivo, o l'ha tolto: resta com'è adesso."
        )
        self.obiettivo.refresh_from_db()
        assert self.obiettivo.testo == "Infermieri di famiglia"
