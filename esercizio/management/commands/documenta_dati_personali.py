"""`manage.py documenta_dati_personali`: writes `docs/dati-personali.md` from the catalogue of the fields."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from esercizio.dati_personali.documento import documento


class Command(BaseCommand):
    help = "Riscrive docs/dati-personali.md dal catalogo dei dati personali."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "dati-personali.md").write_text(documento(), encoding="utf-8")
        self.stdout.write("Scritto docs/dati-personali.md.")
