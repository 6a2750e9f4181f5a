"""`manage.py allestisci`: brings a portal up to date before it starts. `make run` calls it; it can be repeated.

What it is doing goes to standard error, for people; standard output gets, as JSON, what `scripts/avvia.py` must say.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from enti import demo


class Command(BaseCommand):
    help = "Aggiorna base dati, dati di riferimento, dati di dimostrazione e file statici."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._passo("Base dati", "migrate", verbosity=0, interactive=False)
        except OperationalError as errore:
            raise CommandError(f"La base dati non risponde, controlla DATABASE_URL: {errore}") from errore
        self._passo("Dati di riferimento", "carica_riferimenti")
        if settings.DIMOSTRAZIONE:
            self._passo("Dati di dimostrazione", "carica_demo")
        # Asked for here, made by the workers as soon as they start.
        self._passo("Dati aperti", "aggiorna_open_data")
        self._statici()
        self.stdout.write(json.dumps(_da_dire()))

    def _passo(self, titolo: str, comando: str, **opzioni: Any) -> None:
        self.stderr.write(f"{titolo} …", self.style.NOTICE)
        call_command(comando, stdout=io.StringIO(), stderr=self.stderr, **opzioni)

    def _statici(self) -> None:
        """Static files take seconds to fingerprint and compress: done only when one of them changed."""
        segno, impronta = settings.VAR_DIR / "impronta-statici", _impronta_statici()
        if segno.exists() and segno.read_text() == impronta:
            return
        self._passo("File statici", "collectstatic", verbosity=0, interactive=False, clear=True)
        segno.write_text(impronta)


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
