"""`manage.py documenta_allerte`: writes `docs/allerte.md` from the catalogue of the early warnings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from monitoraggio.allerte.documento import documento


class Command(BaseCommand):
    help = "Riscrive docs/allerte.md dal catalogo dei segnali."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "allerte.md").write_text(documento(), encoding="utf-8")
        self.stdout.write("Scritto docs/allerte.md.")
