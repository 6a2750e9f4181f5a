"""The web server of the portal as in production, on the database of this test run, for clients that are processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import avvia
from django.conf import settings

from tests.attesa import attendi
from tests.registro.processi import indirizzo_della_base_dati


@dataclass(frozen=True)
class Servente:
    """`lavoratore` is the process that answers."""

    base: str
    porta: int
    lavoratore: int


def ambiente(**variabili: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": indirizzo_della_base_dati()} | variabili


@contextmanager
def servente(cartella: Path, **variabili: str) -> Iterator[Servente]:
    """What it writes is shown if the test fails."""
    porta = _porta_libera()
    diario = cartella / "servente.log"
    with diario.open("wb") as uscita:
        processo = subprocess.Popen(
            [sys.executable, "-m", *avvia.comandi(porta)["web"]],
            cwd=settings.BASE_DIR,
            env=ambiente(**variabili),
            stdout=uscita,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        base = f"http://127.0.0.1:{porta}"
        attendi(lambda: _risponde(base), entro=30, che_cosa="il servente risponde")
        yield Servente(base, porta, _figlio(processo.pid))
    finally:
        os.killpg(processo.pid, signal.SIGKILL)
        processo.wait()
        sys.stdout.write(diario.read_text())


def _porta_libera() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return int(presa.getsockname()[1])


def _risponde(base: str) -> bool:
    """Any answer will do: what the API says to who has no key."""
    try:
        urllib.request.urlopen(f"{base}/api/v1/cup", timeout=5)  # noqa: S310 our own address
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


def _figlio(genitore: int) -> int:
    return int(Path(f"/proc/{genitore}/task/{genitore}/children").read_text().split()[0])
