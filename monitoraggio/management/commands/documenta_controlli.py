"""`manage.py documenta_controlli`: writes `docs/controlli.md` from the catalogue of the coherence checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from monitoraggio.controlli.documento import documento


class Command(BaseCommand):
    help = "Riscrive docs/controlli.md dal catalogo dei controlli di coerenza."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "controlli.md").write_text(documento(), encoding="utf-8")
        self.stdout.write("Scritto docs/controlli.md.")
