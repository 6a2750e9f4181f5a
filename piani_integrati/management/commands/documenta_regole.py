"""`manage.py documenta_regole`: writes `docs/regole.md` from the catalogue of the rules."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from piani_integrati.documento import documento


class Command(BaseCommand):
    help = "Riscrive docs/regole.md dal catalogo delle regole."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "regole.md").write_text(documento(), encoding="utf-8")
        self.stdout.write("Scritto docs/regole.md.")
