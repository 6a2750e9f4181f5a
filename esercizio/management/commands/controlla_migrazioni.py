"""`manage.py controlla_migrazioni`: whether the release before can work on while these migrations are in place."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from esercizio import migrazioni


class Command(BaseCommand):
    help = "Controlla che le migrazioni nuove non fermino la versione di prima, che gira ancora mentre si aggiorna."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        trovati = migrazioni.rilievi()
        if trovati:
            raise CommandError("\n".join(map(str, trovati)))
        self.stdout.write("Nessuna migrazione nuova ferma la versione di prima.")
