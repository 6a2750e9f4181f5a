"""`manage.py aggiorna_open_data`: has the workers make the open data, or makes them here and now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from interoperabilita import lavori
from interoperabilita.services import open_data
from registro.azione import azione
from registro.esecutori import Avanzatore


class Command(BaseCommand):
    help = "Rifà i dataset pubblici: per mezzo dei processi, o con --subito in questo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--subito", action="store_true", help="Li rifà in questo processo, senza gli altri.")

    def handle(self, *args: Any, **options: Any) -> None:
        with azione():
            if not options["subito"]:
                lavoro = open_data.chiedi()
                self.stdout.write(f"Chiesto ai processi: lavoro n. {lavoro.pk}.")
                return
            cambiati = lavori.aggiorna_tutti(Avanzatore())
        self.stdout.write(f"Cambiati: {', '.join(cambiati) or 'nessuno'}.")
