"""What the tests of the open data start from: their own store of files, and data sets as the job makes them."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from interoperabilita import lavori
from interoperabilita.models import FileDataset
from registro.esecutori import Avanzatore
from tests.monitoraggio.base import MonitoraggioTestCase


class OpenDataTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        cartella = tempfile.TemporaryDirectory()
        self.addCleanup(cartella.cleanup)
        deposito = override_settings(MEDIA_ROOT=cartella.name)
        deposito.enable()
        self.addCleanup(deposito.disable)

    def rifai(self) -> list[str]:
        """Make the data sets; the codes of those that changed."""
        with self.captureOnCommitCallbacks(execute=True):
            return lavori.aggiorna_tutti(Avanzatore())

    def file(self, codice: str, formato: str) -> FileDataset:
        return FileDataset.objects.get(dataset__codice=codice, formato=formato)

    def contenuto(self, codice: str, formato: str) -> bytes:
        with self.file(codice, formato).deposito.open("rb") as deposito:
            return bytes(deposito.read())

    def foglio(self, codice: str) -> list[dict[str, str]]:
        testo = io.StringIO(self.contenuto(codice, "csv").decode(), newline="")
        return list(csv.DictReader(testo, delimiter=";"))

    def documento(self, codice: str) -> dict[str, Any]:
        letto: dict[str, Any] = json.loads(self.contenuto(codice, "json"))
        return letto

    def righe(self, dataset: str) -> list[dict[str, Any]]:
        righe: list[dict[str, Any]] = self.documento(dataset)["dati"]
        return righe

    def riga(self, dataset: str, **valori: Any) -> dict[str, Any]:
        """The one row with these values."""
        trovate = [r for r in self.righe(dataset) if all(r[nome] == valore for nome, valore in valori.items())]
        assert len(trovate) == 1, (valori, len(trovate))
        return trovate[0]

    def nel_deposito(self) -> set[str]:
        cartella = Path(settings.MEDIA_ROOT, "open-data")
        return {f"open-data/{file.name}" for file in cartella.iterdir()} if cartella.exists() else set()
