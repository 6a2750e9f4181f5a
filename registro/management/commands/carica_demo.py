"""Loads the demonstration: people, interventi, piani. Repeating it changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registro.azione import azione
from registro.dimostrazione import RiferimentiMancanti, carica_tutto


class Command(BaseCommand):
    help = "Carica persone, interventi e piani di dimostrazione; serve DIMOSTRAZIONE=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DIMOSTRAZIONE:
            raise CommandError(
                "Gli utenti di dimostrazione hanno una password nota a tutti: il comando funziona solo con "
                "DIMOSTRAZIONE=1 nell'ambiente o nel file .env."
            )
        try:
            with azione():
                fatti = carica_tutto()
        except RiferimentiMancanti as errore:
            raise CommandError(str(errore)) from errore
        nuovi = ", ".join(f"{nome} {quanti}" for nome, quanti in fatti.items())
        self.stdout.write(f"Dimostrazione, dati nuovi: {nuovi}.")
