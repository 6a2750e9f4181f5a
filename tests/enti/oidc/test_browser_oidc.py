"""The same in a real browser, whose Content-Security-Policy must let the two forms end at the provider."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from csp.constants import SELF
from django.conf import settings as impostazioni
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from enti.models import Utente
from enti.ruoli import Ruolo
from tests.browser.conftest import ARGOMENTI, CHROMIUM
from tests.enti.oidc.fornitore import CODICE_FISCALE, fornitore, serve_il_fornitore
from tests.enti.persone import accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]

CODICE = "RSSMRA80A01F205X"


@serve_il_fornitore
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="manca Chromium: lo installa «prepara.py --ci»")
@pytest.mark.django_db(transaction=True)
def test_si_va_dal_fornitore_si_torna_e_si_esce(live_server: LiveServer, settings: Settings) -> None:
    Utente.objects.filter(pk=crea_persona(Ruolo.CABINA).pk).update(codice_fiscale=CODICE)
    with fornitore({"lei": {CODICE_FISCALE: CODICE}}, live_server.url) as altrove, sync_playwright() as playwright:
        for nome, valore in altrove.impostazioni.items():
            setattr(settings, nome, valore)
        direttive = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": direttive | {"form-action": [SELF, altrove.indirizzo]}}
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGOMENTI)
        pagina = chromium.new_page(locale="it-IT")
        pagina.goto(f"{live_server.url}{reverse('sessioni')}")
        pagina.get_by_role("button", name="Entra con SPID o CIE").click()
        pagina.get_by_label("Chi sei").fill("lei")
        pagina.get_by_role("button", name="Entra").click()
        expect(pagina.get_by_role("heading", level=1)).to_have_text("Le mie sessioni")
        pagina.locator(".menu-persona summary").click()
        pagina.get_by_role("button", name="Esci").click()
        pagina.get_by_role("button", name="Yes, sign me out").click()
        expect(pagina.get_by_role("link", name="Accedi").first).to_be_visible()
        assert pagina.url == f"{live_server.url}/"
        chromium.close()


@pytest.mark.parametrize(
    ("variabili", "attese"),
    [
        ({}, [SELF]),
        ({"OIDC_ISSUER": "https://id.example.org/realms/ente"}, [SELF, "https://id.example.org"]),
        (
            {"OIDC_ISSUER": "https://id.example.org", "OIDC_ORIGINI": "https://spid.example.org"},
            [SELF, "https://id.example.org", "https://spid.example.org"],
        ),
    ],
)
def test_i_moduli_arrivano_solo_al_portale_e_al_fornitore(
    tmp_path: Path, variabili: dict[str, str], attese: list[str]
) -> None:
    codice = (
        "import json, psttm.settings as s; print(json.dumps(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']))"
    )
    ambiente = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    comando = [sys.executable, "-c", codice]
    fatto = subprocess.run(
        comando, cwd=impostazioni.BASE_DIR, env=ambiente | variabili, capture_output=True, check=True
    )
    assert json.loads(fatto.stdout) == attese


def test_il_fornitore_si_dice_intero(tmp_path: Path) -> None:
    ambiente = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "OIDC_ISSUER": "https://id.example.org"}
    comando = [sys.executable, "-c", "import psttm.settings"]
    fatto = subprocess.run(
        comando, cwd=impostazioni.BASE_DIR, env=ambiente, capture_output=True, text=True, check=False
    )
    assert re.search(r"Con OIDC_ISSUER servono anche OIDC_CLIENT_ID e OIDC_CLIENT_SECRET\.", fatto.stderr)
