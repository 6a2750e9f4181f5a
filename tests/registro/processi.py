"""Real workers and the real queue of the test run, whichever broker and database it uses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from amqp.exceptions import ChannelError
from celery import current_app
from django.conf import settings
from django.db import connection


def indirizzo_della_base_dati() -> str:
    """DATABASE_URL of the database of this test run, for a process of its own."""
    dati = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{dati['NAME']}"
    chi = ":".join(quote(parte, safe="") for parte in (dati["USER"], dati["PASSWORD"]) if parte)
    return f"postgres://{chi}@{dati['HOST']}:{dati['PORT'] or 5432}/{dati['NAME']}"


def messaggi_in_coda() -> int:
    """How many messages wait on the broker for the workers of this test run."""
    coda = settings.CELERY_TASK_DEFAULT_QUEUE
    with current_app.connection_for_read() as broker:
        try:
            return broker.SimpleQueue(coda).qsize()
        except ChannelError:
            # Redis knows a queue only once somebody has written to it.
            return 0


def esegui_python(codice: str, **variabili: str) -> str:
    """Run code in another process of the portal, on the same database; returns what it prints."""
    fatto = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", codice],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": indirizzo_della_base_dati()} | variabili,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert fatto.returncode == 0, fatto.stderr
    return fatto.stdout


@contextmanager
def lavoratore(nome: str, *, battito_secondi: int) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker as in production, in a session of its own; what it writes is shown if the test fails."""
    diario = Path(settings.VAR_DIR) / f"{nome}.log"
    with diario.open("wb") as uscita:
        processo = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "psttm", "worker", "--concurrency", "1", "--hostname", f"{nome}@%h"],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {"DATABASE_URL": indirizzo_della_base_dati(), "LAVORO_BATTITO_SECONDI": str(battito_secondi)},
            stdout=uscita,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield processo
    finally:
        uccidi(processo)
        sys.stdout.write(diario.read_text())


def uccidi(processo: subprocess.Popen[bytes]) -> None:
    """End a worker as a power cut would: itself and all its children, with no chance to tidy up."""
    if processo.poll() is None:
        os.killpg(processo.pid, signal.SIGKILL)
        processo.wait()
