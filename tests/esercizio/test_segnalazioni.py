"""Faults are told to a Sentry, and nothing of the people they happened to."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli
import pytest

from esercizio.segnalazioni import COPERTO, pulisci
from tests.attesa import attendi
from tests.registro.processi import esegui_python

GUASTO = """
import sentry_sdk
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

def rotta(request, *args, **kwargs):
    segreto = "parola-in-una-variabile"
    raise RuntimeError("Chiave doppia (email)=(ada.rossi@comune.example.it), RSSDAA80A41F205X")

voce = next(v for v in get_resolver().url_patterns if getattr(v, "name", "") == "note-legali")
rotta.permesso = voce.callback.permesso
voce.callback = rotta
settings.ALLOWED_HOSTS = ["testserver"]
cliente = Client(raise_request_exception=False)
cliente.cookies["sessione"] = "biscotto-segreto"
risposta = cliente.post("/note-legali/?chiave=nella-query", {"nome": "Nome-nel-modulo"}, REMOTE_ADDR="203.0.113.77",
    HTTP_ACCEPT="application/json")
print(risposta.status_code, risposta.headers["X-Request-ID"])
sentry_sdk.flush(10)
"""
TACIUTI = (
    "ada.rossi", "RSSDAA80A41F205X", "parola-in-una-variabile", "biscotto-segreto", "nella-query", "Nome-nel-modulo",
    "203.0.113.77",
)  # fmt: skip


SCIOGLI = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}


class Raccoglitore(BaseHTTPRequestHandler):
    """A Sentry that keeps what it receives."""

    ricevuti: list[bytes]

    def do_POST(self) -> None:
        corpo = self.rfile.read(int(self.headers["Content-Length"]))
        self.ricevuti.append(SCIOGLI[self.headers.get("Content-Encoding", "")](corpo))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """The DSN of a Sentry of ours, and what it has received."""
    ricevuti: list[bytes] = []
    gestore = type("Gestore", (Raccoglitore,), {"ricevuti": ricevuti})
    with ThreadingHTTPServer(("127.0.0.1", 0), gestore) as servente:
        filo = threading.Thread(target=servente.serve_forever)
        filo.start()
        yield f"http://chiave@127.0.0.1:{servente.server_port}/7", ricevuti
        servente.shutdown()
        filo.join()


@pytest.mark.django_db
def test_un_guasto_arriva_a_sentry_con_il_suo_numero_e_senza_dati_di_nessuno(
    sentry: tuple[str, list[bytes]],
) -> None:
    dsn, ricevuti = sentry
    stato, numero = esegui_python(GUASTO, SENTRY_DSN=dsn, SENTRY_AMBIENTE="collaudo").split()[-2:]
    assert stato == "500"
    attendi(lambda: any(b"RuntimeError" in corpo for corpo in ricevuti), 20, "il guasto arriva")
    tutto = b"\n".join(ricevuti).decode()
    for taciuto in TACIUTI:
        assert taciuto not in tutto, taciuto
    [evento] = [json.loads(riga) for riga in tutto.splitlines() if '"exception"' in riga]
    assert evento["tags"]["azione"] == numero
    assert evento["environment"] == "collaudo"
    assert evento["transaction"] == "/note-legali/"
    assert evento["exception"]["values"][-1]["value"] == f"Chiave doppia (email)=({COPERTO}), {COPERTO}"
    assert not {"request", "user", "breadcrumbs"} & set(evento)


@pytest.mark.parametrize(
    "segreto",
    ["ada.rossi@comune.example.it", "rssdaa80a41f205x", "postgres://portale:parola@db:5432/x", "10.20.30.40"],
)
def test_cio_che_sembra_un_dato_o_un_segreto_si_copre_dovunque_stia(segreto: str) -> None:
    evento = {"logentry": {"message": f"Non va: {segreto}", "params": [segreto]}, "level": "error"}
    pulito = json.dumps(pulisci(evento, {}))
    assert segreto not in pulito
    assert "parola" not in pulito
    assert "Non va: " in pulito
