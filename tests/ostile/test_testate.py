"""Whatever stands in the path of an address or in the headers of a request."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import Resolver404, resolve

from interoperabilita.services import pubblicazione
from tests.ostile import bersagli, veleni
from tests.ostile.scena import OstileTestCase
from tests.ostile.sonda import DA_PROGRAMMA, Sonda, in_silenzio

pytestmark = pytest.mark.ostile
PERCORSI = 3_000
TESTATE = 2_500
NOMI = (
    "HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_REQUEST_ID", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL",
    "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_RANGE", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_REFERER",
    "HTTP_ORIGIN", "HTTP_USER_AGENT", "HTTP_X_REQUESTED_WITH", "HTTP_IDEMPOTENCY_KEY", "HTTP_UPLOAD_OFFSET",
    "HTTP_CONNECTION", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_SEC_FETCH_SITE", "HTTP_X_CSRFTOKEN",
)  # fmt: skip
VALORI: tuple[str, ...] = (
    "male.example.org",
    "testserver:99999",
    "testserver@male.example.org",
    "127.0.0.1, 10.0.0.1, ::1",
    "for=male;proto=https",
    "https",
    "DELETE",
    "bytes=0-",
    "bytes=-1",
    "bytes=0-18446744073709551615",
    "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(400)),
    'W/"x", ' * 500,
    "*",
    "Thu, 01 Jan 9999 99:99:99 GMT",
    "sessionid=" + "A" * 4_000,
    'sessionid=../../x; csrftoken="; persona=1:2:3',
    "Bearer " + "x" * 4_000,
    "Bearer psttm_a_b",
    "Basic ====",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "gzip;q=NaN, br;q=1e400",
    "it;q=9, " * 300,
    "text/html;q=x, a/b/c, */*;q=-1",
    "100-continue",
    "chunked",
    *veleni.TUTTI,
)
# Cheap and of every sort: a public page, one that wants a session, a file, the API, scripts' own.
BERSAGLI = (
    "/privacy/", "/accesso/", "/interventi/", "/api/v1/status", "/api/v1/cup", "/open-data/catalogo.jsonld", "/nulla/",
    "/accesso/sessione-viva/", "/cerca/suggerimenti/", "/monitoraggio/allerte/0/",
)  # fmt: skip


@override_settings(API_LIMITE_ANONIMI=1_000_000, API_LIMITE_PERSONE=1_000_000)
class PercorsiETestate(OstileTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        # Where nothing is published yet, who asks first has it published.
        pubblicazione.pubblica()

    @pytest.fixture(autouse=True)
    def _conta(self, record_property: Callable[[str, object], None]) -> None:
        self.ricorda = record_property

    def test_nessun_percorso_guasta_il_portale(self) -> None:
        sonda = Sonda("percorsi")
        scelta = veleni.caso("percorsi", connection.vendor)
        modelli = [rotta.indirizzo() for rotta in bersagli.tutte() if rotta.spazio != "admin"]
        with in_silenzio():
            for quale in range(PERCORSI):
                dove = _storto(scelta.choice(modelli), scelta)
                chi = "coordinatore" if quale % 3 else "anonimo"
                if _esiste(dove):
                    dove += "\x01"
                metodo = "get" if quale % 5 else scelta.choice(("head", "options", "post", "put", "trace"))
                self.manda(sonda, self.clienti[chi], metodo, quote(dove, safe="/%:.;\\?#"))
        sonda.concludi(self.ricorda)

    def manda(self, sonda: Sonda, cliente: Client, metodo: str, dove: str, **testate: Any) -> None:
        come = f"{metodo} {dove[:120]!r} {str(testate)[:200]}"
        sonda.chiedi(come, getattr(cliente, metodo), dove, **{**DA_PROGRAMMA, **testate})

    def test_nessuna_testata_guasta_il_portale(self) -> None:
        sonda = Sonda("testate")
        scelta = veleni.caso("testate", connection.vendor)
        with in_silenzio():
            for quale in range(TESTATE):
                testate = {nome: _in_testata(scelta.choice(VALORI)) for nome in scelta.sample(NOMI, 1 + quale % 3)}
                cliente = self.clienti["coordinatore" if quale % 2 else "anonimo"]
                self.manda(sonda, cliente, "get", BERSAGLI[quale % len(BERSAGLI)], **testate)
        sonda.concludi(self.ricorda)


def _storto(dove: str, scelta: Random) -> str:
    """The address with something of it changed."""
    pezzi = dove.split("/")
    posto = scelta.randrange(len(pezzi))
    match scelta.randrange(6):
        case 0:
            pezzi[posto] = scelta.choice(veleni.TUTTI)[:2_000]
        case 1:
            pezzi.insert(posto, scelta.choice(("..", ".", "%2e%2e", "..;", "%00", "%c0%ae", "%ff", "\\", "")))
        case 2:
            pezzi[posto] += scelta.choice(
                ("%00", ";x=1", "%0d%0aSet-Cookie:preso=1", "\u202e", "%", "%zz", ".json", "~")
            )
        case 3:
            pezzi = [*pezzi, *(["a"] * scelta.choice((5, 300)))]
        case 4:
            pezzi[posto] = pezzi[posto].upper()
        case _:
            pezzi[posto] = scelta.choice(veleni.NUMERI)
    return "/" + "/".join(pezzi).lstrip("/")


def _esiste(dove: str) -> bool:
    """Whether it is still an address of the portal without an argument: those are asked elsewhere."""
    try:
        return not resolve(dove).kwargs
    except Resolver404:
        return False


def _in_testata(valore: str) -> str:
    """As a web server hands it over: bytes as Latin-1, without what ends a header."""
    return valore.encode().decode("latin-1").replace("\r", " ").replace("\n", " ").replace("\x00", " ")[:8_000]
