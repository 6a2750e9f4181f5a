"""Starting the provider of identity of the tests, and walking through it as a browser does."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse

NODE = shutil.which("node")
MODULI = Path(settings.BASE_DIR, ".pagine")
PRONTO = NODE is not None and (MODULI / "node_modules" / "oidc-provider").exists()
serve_il_fornitore = pytest.mark.skipif(
    not PRONTO, reason="manca oidc-provider: lo installa «prepara.py --ci», che vuole npm"
)
CODICE_FISCALE = "https://attributes.eid.gov.it/fiscal_number"
CLIENT, SEGRETO = "portale-di-prova", "segreto-del-portale-di-prova"


@dataclass(frozen=True)
class Fornitore:
    indirizzo: str

    @property
    def impostazioni(self) -> dict[str, Any]:
        return {
            "OIDC_ISSUER": self.indirizzo,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SEGRETO,
        }


@contextmanager
def fornitore(persone: dict[str, dict[str, Any]], portale: str) -> Iterator[Fornitore]:
    """A provider that knows these people, by name with their claims, and one client: the portal at this origin."""
    assert NODE is not None
    with socket.create_server(("127.0.0.1", 0)) as libera:
        porta = libera.getsockname()[1]
    cliente = {
        "client_id": CLIENT,
        "client_secret": SEGRETO,
        "redirect_uris": [f"{portale}{reverse('oidc-ritorno')}"],
        "post_logout_redirect_uris": [f"{portale}{reverse('home')}"],
    }
    configurazione = {"porta": porta, "cliente": cliente, "persone": persone, "moduli": str(MODULI)}
    script = Path(__file__).with_suffix(".mjs")
    processo = subprocess.Popen(
        [NODE, str(script), json.dumps(configurazione)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert processo.stdout is not None
        if "pronto" not in processo.stdout.readline():
            pytest.fail(f"Il fornitore di identità non è partito:\n{processo.communicate()[1]}")
        yield Fornitore(f"http://127.0.0.1:{porta}")
    finally:
        processo.kill()
        processo.communicate()


class Browser:
    """Somebody's browser: the portal by Django's client, the provider by real requests, cookies on both sides."""

    def __init__(self) -> None:
        self.portale = Client()
        self.fuori = requests.Session()

    def parte(self, *, poi: str = "") -> str:
        """Press the button on the sign-in page; gives where the portal sends the browser."""
        risposta = self.portale.post(reverse("oidc-vai"), {"next": poi})
        assert risposta.status_code == 302, risposta.content.decode()
        return str(risposta.headers["Location"])

    def dal_fornitore(self, dove: str, chi: str, *, acr: str = "", amr: str = "") -> str:
        """Say at the provider who one is, if it asks; gives the address of the portal that it sends back to."""
        risposta = self.fuori.get(dove, allow_redirects=False, timeout=10)
        while not (prossima := risposta.headers.get("Location", "")).startswith("http://testserver/"):
            if risposta.is_redirect:
                risposta = self.fuori.get(urljoin(risposta.url, prossima), allow_redirects=False, timeout=10)
            else:
                assert "Chi sei" in risposta.text, risposta.text
                dati = {"chi": chi, "acr": acr, "amr": amr}
                risposta = self.fuori.post(risposta.url, dati, allow_redirects=False, timeout=10)
        return prossima.removeprefix("http://testserver")

    def entra(self, chi: str, *, poi: str = "", acr: str = "", amr: str = "") -> Any:
        """The whole way; gives the last answer of the portal."""
        return self.portale.get(self.dal_fornitore(self.parte(poi=poi), chi, acr=acr, amr=amr))

    def esce(self) -> str:
        """Sign out of the portal, and of the provider, which asks to confirm; gives where one ends."""
        dove = str(self.portale.post(reverse("account_logout")).headers["Location"])
        pagina = self.fuori.get(dove, timeout=10)
        segno = re.search(r'name="xsrf" value="(\w+)"', pagina.text)
        azione = re.search(r'action="([^"]+)"', pagina.text)
        assert segno is not None, pagina.text
        assert azione is not None
        fatto = self.fuori.post(azione[1], {"xsrf": segno[1], "logout": "yes"}, allow_redirects=False, timeout=10)
        return str(fatto.headers["Location"])
