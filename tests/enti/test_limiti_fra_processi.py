"""The limit to wrong passwords holds across web processes: it is in the cache that they share."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.attesa import attendi
from tests.registro.processi import esegui_python

REDIS = shutil.which("redis-server")
pytestmark = [
    pytest.mark.impianto,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(REDIS is None, reason="manca redis-server: lo installa «prepara.py --ci»"),
]

TRE_TENTATIVI = """
from django.conf import settings
from django.test import Client
from django.urls import reverse
# As `tests.ambiente` does: names without a fingerprint need no `collectstatic`.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
chi = Client(REMOTE_ADDR="192.0.2.{numero}")
dati = {{"login": "nessuno@example.org", "password": "sbagliata-di-certo"}}
print([chi.post(reverse("account_login"), dati).status_code for _ in range(3)])
"""


@pytest.fixture
def cache_comune(tmp_path: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as libera:
        porta = libera.getsockname()[1]
    comando = [str(REDIS), "--port", str(porta), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    servente = subprocess.Popen(comando, stdout=subprocess.DEVNULL)
    try:
        attendi(lambda: _risponde(porta), entro=20)
        yield f"rediscache://127.0.0.1:{porta}/0"
    finally:
        servente.kill()
        servente.wait()


def _risponde(porta: int) -> bool:
    with socket.socket() as presa:
        if presa.connect_ex(("127.0.0.1", porta)):
            return False
    return bool(Redis(port=porta).ping())


def test_al_sesto_tentativo_si_aspetta_anche_su_un_altro_processo_e_da_un_altro_indirizzo(cache_comune: str) -> None:
    esiti = [esegui_python(TRE_TENTATIVI.format(numero=numero), CACHE_URL=cache_comune) for numero in (7, 8)]
    assert [esito.strip() for esito in esiti] == ["[200, 200, 200]", "[200, 200, 429]"]
