"""`manage.py costruisci_guida`: makes the pages of the user guide from `docs/guida/`. `allestisci` calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from psttm.aiuto import guida


class Command(BaseCommand):
    help = "Costruisce le pagine della guida da docs/guida/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = guida.costruisci()
        except guida.GuidaSbagliata as errore:
            raise CommandError(str(errore)) from errore
        self.stdout.write(f"Scritta la guida: {len(guida.pagine())} pagine in {file}")
