"""Where the home leads: to the Cruscotto who has one, to what they can do who has none."""

from __future__ import annotations

import html
import re

from django.test import TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from tests import riferimenti
from tests.enti.persone import crea_persona


class InizioTestCase(TestCase):
    ada: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.ada = crea_persona(Ruolo.AMMINISTRATORE, nome="ada")

    def pagina(self, ruolo: Ruolo | None = None, rotta: str = "home") -> str:
        self.client.force_login(crea_persona(ruolo, nome="chi"))
        risposta = self.client.get(reverse(rotta))
        assert risposta.status_code == 200
        return re.sub(r"\s+", " ", html.unescape(risposta.content.decode()))

    def test_chi_legge_il_monitoraggio_va_al_cruscotto(self) -> None:
        for ruolo in Ruolo:
            if ruolo in {Ruolo.MINISTERO, Ruolo.COMPILATORE, Ruolo.RESPONSABILE}:
                continue
            self.client.force_login(crea_persona(ruolo, nome=f"uno-{ruolo}"))
            assert self.client.get(reverse("home")).headers.get("Location") == reverse("cruscotto"), ruolo

    def test_la_pagina_del_programma_porta_prima_di_tutto_al_cruscotto(self) -> None:
        pagina = self.pagina(Ruolo.CABINA, "programma")
        dove = pagina[pagina.index("Dove andare") :]
        assert f'<h3><a href="{reverse("cruscotto")}">Cruscotto</a></h3>' in dove
        assert dove.index("Cruscotto") < dove.index(reverse("monitoraggio"))

    def test_chi_non_ha_un_ruolo_sa_a_chi_chiederlo(self) -> None:
        pagina = self.pagina()
        assert "Il tuo accesso non ha ancora un ruolo" in pagina
        assert f'<a href="mailto:{self.ada.email}">' in pagina
        assert reverse("open-data") in pagina

    def test_il_ministero_trova_l_api_i_dati_aperti_e_come_avere_una_chiave(self) -> None:
        pagina = self.pagina(Ruolo.MINISTERO)
        assert "Il tuo accesso non ha ancora un ruolo" not in pagina
        for indirizzo in (
            reverse("documentazione-api"),
            f"{reverse('documentazione-api')}#chiave",
            reverse("open-data"),
            f"mailto:{self.ada.email}",
        ):
            assert f'href="{indirizzo}"' in pagina
            if not indirizzo.startswith("mailto"):
                assert self.client.get(indirizzo.partition("#")[0]).status_code == 200

    def test_chi_non_e_collegato_e_invitato_ad_accedere_e_non_legge_chi_amministra(self) -> None:
        pagina = html.unescape(self.client.get(reverse("home")).content.decode())
        assert "si leggono dopo l'accesso" in pagina
        assert self.ada.email not in pagina
