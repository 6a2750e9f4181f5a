"""Rebuilds the committed fixtures of the Comuni from the packages of `requisiti/riferimenti.in`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

try:
    from enti import costruzione
except ModuleNotFoundError as mancante:
    if mancante.name not in {"pyarrow", "shapely"}:
        raise
    costruzione = None  # type: ignore[assignment]

MANCANO_PACCHETTI = (
    "Per ricostruire i dati dei Comuni servono pacchetti che il portale non usa: "
    "esegui «pip install -r requisiti/riferimenti.txt» e ripeti il comando."
)


class Command(BaseCommand):
    help = "Ricostruisce i dati dei Comuni in fixtures/enti dai pacchetti di requisiti/riferimenti.in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--cartella",
            type=Path,
            default=settings.FIXTURE_DIR / "enti",
            help="dove scrivere; deve contenere zone.yaml (predefinita: fixtures/enti)",
        )

    def handle(self, *args: Any, cartella: Path, **options: Any) -> None:
        if costruzione is None:
            raise CommandError(MANCANO_PACCHETTI)
        try:
            file_scritti = costruzione.costruisci(cartella)
        except ModuleNotFoundError as mancante:
            raise CommandError(MANCANO_PACCHETTI) from mancante
        except costruzione.CostruzioneFallita as errore:
            raise CommandError(str(errore)) from errore
        for nome, byte in file_scritti.items():
            self.stdout.write(f"{cartella / nome}: {byte} byte")
