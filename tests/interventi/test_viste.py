"""Saved views: a person's own, kept as the list would write them, in the registro like any other change."""

from __future__ import annotations

from django.test import TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import VistaSalvata
from registro.selectors import cronologia
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.psttm.test_pagine import leggi


class VisteTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.CABINA)

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def salva(self, nome: str, filtri: str) -> str:
        risposta = self.client.post(reverse("vista-salva"), {"nome": nome, "filtri": filtri})
        assert risposta.status_code == 302
        return str(risposta.headers["Location"])

    def test_una_vista_tiene_filtri_ordine_e_colonne_e_nient_altro(self) -> None:
        dove = self.salva("Rho", "comune=015182&ordine=-pagato&colonne=cup,pagato&pagina=3&estraneo=1&zona=")
        assert dove == f"{reverse('interventi')}?comune=015182&ordine=-pagato&colonne=titolo,cup,pagato"
        vista = VistaSalvata.objects.get(utente=self.persona)
        assert vista.indirizzo == "comune=015182&ordine=-pagato&colonne=titolo,cup,pagato"
        assert f'href="{dove}">Rho</a>' in leggi(self.client, reverse("interventi"))

    def test_lo_stesso_nome_sostituisce_e_resta_scritto_che_cosa_diceva(self) -> None:
        self.salva("Mia", "stato=attivo")
        self.salva("Mia", "stato=chiuso")
        vista = VistaSalvata.objects.get(utente=self.persona)
        assert vista.indirizzo == "stato=chiuso"
        assert [(e.prima, e.dopo) for e in cronologia(vista)] == [
            ({"filtri": "stato=attivo"}, {"filtri": "stato=chiuso"}),
            (None, {"filtri": "stato=attivo"}),
        ]

    def test_senza_nome_o_col_nome_troppo_lungo_non_si_salva_e_si_dice_perche(self) -> None:
        for nome, frase in (
            ("", "Scrivi un nome per ritrovare la vista."),
            ("x" * 81, "Il nome della vista ha 81 caratteri: al massimo sono 80."),
        ):
            self.salva(nome, "stato=attivo")
            assert frase in leggi(self.client, reverse("interventi"))
        self.salva("x" * 80, "")
        assert VistaSalvata.objects.count() == 1

    def test_filtri_troppo_lunghi_non_si_salvano(self) -> None:
        self.salva("Lunga", f"q={'a' * 2500}")
        assert "troppi filtri" in leggi(self.client, reverse("interventi"))
        assert not VistaSalvata.objects.exists()

    def test_le_viste_sono_di_chi_le_salva(self) -> None:
        self.salva("Solo mia", "stato=attivo")
        vista = VistaSalvata.objects.get()
        self.client.force_login(crea_persona(Ruolo.COORDINATORE))
        assert ">Solo mia</a>" not in leggi(self.client, reverse("interventi"))
        assert self.client.post(reverse("vista-togli", args=[vista.pk])).status_code == 404
        self.salva("Solo mia", "stato=chiuso")
        assert VistaSalvata.objects.count() == 2

    def test_una_vista_si_toglie_solo_con_un_invio(self) -> None:
        self.salva("Da togliere", "")
        vista = VistaSalvata.objects.get()
        assert self.client.get(reverse("vista-togli", args=[vista.pk])).status_code == 405
        self.client.post(reverse("vista-togli", args=[vista.pk]))
        assert not VistaSalvata.objects.exists()
