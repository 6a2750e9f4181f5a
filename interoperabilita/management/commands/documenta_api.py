"""`manage.py documenta_api --out file.yaml`: writes the OpenAPI document, as the portal publishes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from interoperabilita.schema import documento


class Command(BaseCommand):
    help = "Scrive il documento OpenAPI dell'API in un file: JSON se il suo nome finisce così, altrimenti YAML."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="il file da scrivere")

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        out.write_bytes(documento.in_json() if out.suffix == ".json" else documento.in_yaml())
        self.stdout.write(f"{out}: {len(documento.documento()['paths'])} indirizzi")
