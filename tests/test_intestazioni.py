"""What a scanner of web applications looks at, on every route of the map: headers, cookies, nothing inline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, include, path, reverse
from pytest_django import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from enti.accesso import richiede
from enti.permessi import Permesso
from enti.ruoli import Ruolo
from tests.enti.persone import accesso_di_prova, crea_persona
from tests.test_rotte import rotte

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db
ATTESE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
DIRETTIVE = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CHE_TRADISCONO = ("Server", "X-Powered-By", "X-Django-Version", "X-Debug")
IN_RIGA = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>|<style\b|<[^>]+\sstyle=|<[^>]+\son\w+=\""
    r"|href=\"javascript:",
    re.IGNORECASE,
)
DA_FUORI = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//(?!testserver)", re.IGNORECASE)


@richiede(Permesso.PUBBLICO)
def guasta(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [path("guasta/", guasta), path("", include("psttm.urls"))]
handler400 = "psttm.errori.richiesta_errata"
handler403 = "psttm.errori.accesso_negato"
handler404 = "psttm.errori.pagina_inesistente"
handler500 = "psttm.errori.errore_interno"


@pytest.fixture(autouse=True)
def come_in_produzione(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def navigatore() -> Client:
    return Client(raise_request_exception=False, headers={"Accept": "text/html"})


def mancanze(risposta: Any) -> Iterator[str]:
    """What a scanner would report of an answer."""
    for nome, valore in ATTESE.items():
        if risposta.headers.get(nome) != valore:
            yield f"{nome}: {risposta.headers.get(nome)}"
    if "camera=()" not in risposta.headers.get("Permissions-Policy", ""):
        yield "Permissions-Policy"
    if not risposta.headers.get("Cache-Control"):
        yield "Cache-Control"
    yield from (nome for nome in CHE_TRADISCONO if nome in risposta.headers)
    yield from _csp(risposta.headers.get("Content-Security-Policy", ""))
    yield from _biscotti(risposta)
    tipo = risposta.headers.get("Content-Type", "")
    if tipo.startswith("text/") and "charset=" not in tipo:
        yield f"Content-Type senza charset: {tipo}"
    if tipo.startswith("text/html") and not risposta.streaming:
        pagina = risposta.content.decode()
        yield from (f"in riga: {trovato[0][:80]}" for trovato in IN_RIGA.finditer(pagina))
        yield from (f"da fuori: {trovato[0][:80]}" for trovato in DA_FUORI.finditer(pagina))


def _csp(scritta: str) -> Iterator[str]:
    direttive = dict(parte.strip().partition(" ")[::2] for parte in scritta.split(";") if parte.strip())
    for nome, valore in DIRETTIVE.items():
        if direttive.get(nome) != valore:
            yield f"CSP {nome}: {direttive.get(nome)}"
    if re.search(r"unsafe-|\*|https?:", scritta):
        yield f"CSP troppo larga: {scritta}"


def _biscotti(risposta: Any) -> Iterator[str]:
    for nome, biscotto in risposta.cookies.items():
        if biscotto["max-age"] == 0:
            # Taken away: there is nothing left to keep secret.
            continue
        # Scripts of the portal send the token against forged requests: they read it there.
        if not biscotto["secure"] or not (biscotto["httponly"] or nome == "csrftoken"):
            yield f"biscotto {nome} senza Secure o HttpOnly"
        if biscotto["samesite"] not in {"Lax", "Strict"} or biscotto["path"] != "/" or biscotto["domain"]:
            yield f"biscotto {nome}: {biscotto.OutputString()}"


@pytest.mark.parametrize("chi", [None, Ruolo.AMMINISTRATORE])
def test_ogni_rotta_ha_tutte_le_protezioni(chi: Ruolo | None, navigatore: Client) -> None:
    if chi is not None:
        navigatore.force_login(crea_persona(chi))
    trovate = []
    for rotta in rotte(get_resolver("psttm.urls")):
        cache.clear()
        with transaction.atomic():
            risposta: Any = navigatore.get(rotta.indirizzo(), secure=True)
            difetti = list(mancanze(risposta))
            if risposta.streaming:
                risposta.getvalue()
            transaction.set_rollback(True)
        personale = chi is not None and risposta.headers.get("Content-Type", "").startswith("text/html")
        if personale and not rotta.modello.startswith("/api/") and "no-store" not in risposta["Cache-Control"]:
            difetti.append(f"pagina personale conservata: {risposta['Cache-Control']}")
        trovate += [f"{rotta.nome} ({risposta.status_code}) {difetto}" for difetto in difetti]
    assert not trovate, "\n".join(trovate)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("indirizzo", "stato", "testate"),
    [
        ("/questa-non-esiste/", 404, {}),
        ("/guasta/", 500, {}),
        ("/api/v1/questa-non-esiste", 404, {}),
        ("/", 400, {"Host": "altrove.example"}),
        ("/salute/viva", 200, {"Host": "10.0.0.7:8000"}),
        ("/monitoraggio", 301, {}),
        ("/monitoraggio/", 302, {}),
        ("/static/non-esiste.css", 404, {}),
    ],
)
def test_anche_gli_errori_e_i_rinvii(navigatore: Client, indirizzo: str, stato: int, testate: dict[str, str]) -> None:
    risposta = navigatore.get(indirizzo, secure=True, headers=testate)
    assert risposta.status_code == stato
    assert list(mancanze(risposta)) == []


@pytest.mark.urls(__name__)
def test_un_invio_respinto_o_sbagliato(navigatore: Client) -> None:
    severo = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    for risposta, stato in (
        (severo.post(reverse("account_login"), {}, secure=True), 403),
        (navigatore.post(reverse("privacy"), {}, secure=True), 405),
        (navigatore.post(reverse("account_login"), {"login": "a@example.org", "password": "b"}, secure=True), 200),
        (navigatore.options("/", secure=True), 405),
    ):
        assert risposta.status_code == stato
        assert list(mancanze(risposta)) == []


def test_senza_tls_si_rinvia_al_tls_senza_dire_altro(navigatore: Client) -> None:
    risposta = navigatore.get("/privacy/?q=1")
    assert (risposta.status_code, risposta["Location"]) == (301, "https://testserver/privacy/?q=1")
    assert [difetto for difetto in mancanze(risposta) if "Strict-Transport" not in difetto] == []
    # A browser does not believe HSTS without TLS, and a proxy might.
    assert "Strict-Transport-Security" not in risposta.headers
    assert not risposta.cookies


def test_i_file_statici(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WhiteNoise answers before the views: what protects stands outside it."""
    (tmp_path / "a.0123456789ab.css").write_text("p{color:red}")
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    monkeypatch.setattr(WhiteNoiseMiddleware, "immutable_file_test", lambda *_: True)
    risposta = Client().get("/static/a.0123456789ab.css", secure=True)
    assert risposta.status_code == 200
    assert list(mancanze(risposta)) == []
    assert "immutable" in risposta["Cache-Control"]


def test_chi_non_ha_fatto_accesso_non_lascia_pagine_nelle_memorie_comuni(navigatore: Client) -> None:
    assert navigatore.get("/privacy/", secure=True)["Cache-Control"] in {"private, no-cache", "no-store"}
    assert navigatore.get(reverse("account_login"), secure=True)["Cache-Control"]
