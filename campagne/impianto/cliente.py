"""Somebody at a browser, in front of a plant: keeps the cookies, sends the forms, signs in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

# Of the people of the demonstration: known to all (enti/demo.py).
SEGRETO_TOTP = "DEMOPSTTMMILANODEMOPSTTMMILANO22"
PERIODO_TOTP = 30
OSPITE = "portale.prova.example.org"
ORIGINE = f"https://{OSPITE}"


class AccessoNonRiuscito(Exception):
    """The portal did not let somebody in; the message says with which answer."""


def codice_totp(scarto: int = 0, segreto: str = SEGRETO_TOTP) -> str:
    """The code of the second factor now, or so many periods away (RFC 6238)."""
    contatore = (int(time.time()) // PERIODO_TOTP + scarto).to_bytes(8, "big")
    # SHA-1 is what the authenticator apps use.
    somma = hmac.new(base64.b32decode(segreto), contatore, hashlib.sha1).digest()
    inizio = somma[-1] & 15
    return f"{(int.from_bytes(somma[inizio : inizio + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


class Cliente:
    """A browser behind a proxy that has ended TLS: `base` is the address of a web server, and may be changed.

    `indirizzo` is the address that the proxy says the person is at: those with different ones have limits of their own.
    Answers are given as they are: redirections are followed by `segui` only.
    """

    def __init__(self, base: str, *, indirizzo: str = "", attesa: float = 30, verifica: bool | str = True) -> None:
        self.base, self.attesa = base, attesa
        self.sessione = requests.Session()
        self.sessione.trust_env = False
        self.sessione.verify = verifica
        self.sessione.headers["Host"] = OSPITE
        if base.startswith("http:"):
            self.sessione.headers["X-Forwarded-Proto"] = "https"
            self.sessione.headers["X-Forwarded-For"] = indirizzo or "192.0.2.1"

    def get(self, percorso: str, **opzioni: Any) -> requests.Response:
        return self._chiedi("GET", percorso, **opzioni)

    def post(self, percorso: str, dati: Any = None, **opzioni: Any) -> requests.Response:
        """Send a form, with the token against forged requests; a page must have been opened before."""
        testate = {"Origin": ORIGINE, "X-CSRFToken": self.gettone} | opzioni.pop("headers", {})
        return self._chiedi("POST", percorso, data=dati, headers=testate, **opzioni)

    def segui(self, risposta: requests.Response, volte: int = 5) -> requests.Response:
        """The page that an answer leads to."""
        while risposta.is_redirect and volte:
            risposta = self.get(percorso_di(risposta))
            volte -= 1
        return risposta

    @property
    def gettone(self) -> str:
        # The name of the cookie has a prefix in production.
        return next((c.value or "" for c in self.sessione.cookies if c.name.endswith("csrftoken")), "")

    @property
    def entrato(self) -> bool:
        """Whether the portal knows who this is, now."""
        return self.get("/accesso/password/").status_code == requests.codes.ok

    def entra(self, email: str, password: str, *, secondo_fattore: bool = False) -> Cliente:
        """Sign in. Raises AccessoNonRiuscito."""
        self.get("/accesso/")
        risposta = self.post("/accesso/", {"login": email, "password": password})
        if not risposta.is_redirect:
            raise AccessoNonRiuscito(f"{email}: {risposta.status_code} dopo la password. {risposta.text[:300]}")
        if secondo_fattore:
            self._codice(email)
        return self

    def _codice(self, email: str) -> None:
        """A code is good once: whoever signs in twice in the same half minute uses the one before or the next."""
        for scarto in (0, 1, -1):
            self.get("/accesso/codice/")
            if self.post("/accesso/codice/", {"code": codice_totp(scarto)}).is_redirect:
                return
        raise AccessoNonRiuscito(f"{email}: nessun codice del secondo fattore è stato accettato.")

    def _chiedi(self, metodo: str, percorso: str, **opzioni: Any) -> requests.Response:
        opzioni.setdefault("timeout", self.attesa)
        if self.base.startswith("http:") and len(self.sessione.cookies):
            # They are for HTTPS, which ends at the proxy: requests would keep them for itself.
            biscotti = "; ".join(f"{biscotto.name}={biscotto.value}" for biscotto in self.sessione.cookies)
            opzioni["headers"] = {"Cookie": biscotti} | (opzioni.get("headers") or {})
        return self.sessione.request(metodo, urljoin(self.base, percorso), allow_redirects=False, **opzioni)


def percorso_di(risposta: requests.Response) -> str:
    """Path and query that an answer sends to."""
    dove = urlsplit(urljoin(risposta.url, risposta.headers["Location"]))
    return f"{dove.path}?{dove.query}" if dove.query else dove.path
