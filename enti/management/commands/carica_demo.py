"""Loads the people of the demonstration; repeating it changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from enti import demo


class Command(BaseCommand):
    help = "Carica enti e utenti di dimostrazione; serve DIMOSTRAZIONE=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DIMOSTRAZIONE:
            raise CommandError(
                "Gli utenti di dimostrazione hanno una password nota a tutti: il comando funziona solo con "
                "DIMOSTRAZIONE=1 nell'ambiente o nel file .env."
            )
        try:
            nuovi = demo.carica()
        except demo.RiferimentiMancanti as errore:
            raise CommandError(str(errore)) from errore
        self.stdout.write(f"Dimostrazione: enti nuovi {nuovi['enti']}, utenti nuovi {nuovi['utenti']}.")
