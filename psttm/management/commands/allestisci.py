"""`manage.py allestisci`: brings a portal up to date before it starts. `make run` calls it; it can be repeated.

What it is doing goes to standard error, for people; standard output gets, as JSON, what `scripts/avvia.py` must say.
Machines that start together take turns, and the release before goes on working meanwhile: no table is waited for
longer than it can bear, and its static files stay.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from enti import demo
from psttm.statici import DepositoStatici
from psttm.turno import ALLESTIMENTO, turno

# A change of a table waits for whoever is using it, and everybody else waits behind it: it gives up after so long, and
# comes back, so many times.
ATTESA_DI_UNA_TABELLA = "3s"
TENTATIVI, PAUSA_SECONDI = 40, 3


class Command(BaseCommand):
    help = "Aggiorna base dati, dati di riferimento, dati di dimostrazione e file statici."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with turno(file=settings.VAR_DIR / "allestimento", numero=ALLESTIMENTO, attesa=self._aspetto):
                self._allestisci()
        except OperationalError as errore:
            raise CommandError(f"La base dati non risponde, controlla DATABASE_URL: {errore}") from errore
        self.stdout.write(json.dumps(_da_dire()))

    def _aspetto(self) -> None:
        self.stderr.write("Un'altra macchina sta aggiornando il portale: aspetto il mio turno …", self.style.NOTICE)

    def _allestisci(self) -> None:
        self._base_dati()
        self._passo("Dati di riferimento", "carica_riferimenti")
        if settings.DIMOSTRAZIONE:
            self._passo("Dati di dimostrazione", "carica_demo")
        # Asked for here, made by the workers as soon as they start.
        self._passo("Dati aperti", "aggiorna_open_data")
        self._passo("Guida", "costruisci_guida")
        self._statici()

    def _base_dati(self) -> None:
        """Migrations, each as soon as the tables it changes are free for a moment; those done stay done."""
        for rimasti in reversed(range(TENTATIVI)):
            try:
                with _attesa_breve():
                    self._passo("Base dati", "migrate", verbosity=0, interactive=False)
            except OperationalError as errore:
                if not isinstance(errore.__cause__, LockNotAvailable) or not rimasti:
                    raise
                self.stderr.write("Una tabella è in uso: riprovo fra poco …", self.style.NOTICE)
                sleep(PAUSA_SECONDI)
            else:
                return

    def _passo(self, titolo: str, comando: str, **opzioni: Any) -> None:
        self.stderr.write(f"{titolo} …", self.style.NOTICE)
        call_command(comando, stdout=io.StringIO(), stderr=self.stderr, **opzioni)

    def _statici(self) -> None:
        """Static files take seconds to fingerprint and compress: done only when one of them changed.

        Those of the release before, which its pages ask for until its last process ends, go at the next one.
        """
        segno, impronta = settings.VAR_DIR / "impronta-statici", _impronta_statici()
        if segno.exists() and segno.read_text() == impronta:
            return
        deposito = DepositoStatici()
        di_prima = deposito.serviti()
        self._passo("File statici", "collectstatic", verbosity=0, interactive=False)
        deposito = DepositoStatici()
        deposito.togli_tranne(di_prima | deposito.serviti())
        segno.write_text(impronta)


@contextmanager
def _attesa_breve() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursore:
        cursore.execute(f"SET lock_timeout = '{ATTESA_DI_UNA_TABELLA}'")
    try:
        yield
    finally:
        connection.close()


def _impronta_statici() -> str:
    """What tells the static files of today from those of another day: their names, sizes and times."""
    somma = hashlib.sha256()
    for cercatore in get_finders():
        for nome, deposito in cercatore.list([]):
            stato = Path(deposito.path(nome)).stat()
            somma.update(f"{nome}|{stato.st_size}|{stato.st_mtime_ns}\n".encode())
    return somma.hexdigest()


def _da_dire() -> dict[str, Any]:
    """Who can sign in to a demonstration; nobody elsewhere."""
    if not settings.DIMOSTRAZIONE:
        return {"utenti": []}
    utenti = [
        {"email": utente.email, "chi": utente.etichetta, "secondo_fattore": utente.secondo_fattore}
        for utente in demo.UTENTI
    ]
    return {"password": demo.PASSWORD, "utenti": utenti}
