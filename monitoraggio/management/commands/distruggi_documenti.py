"""`manage.py distruggi_documenti`: the files of deleted documents past their term, and uploads left halfway."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from monitoraggio.services.documenti import da_distruggere, distruggi_scaduti
from psttm import formati
from registro.azione import azione


class Command(BaseCommand):
    help = (
        "Distrugge i file dei documenti eliminati il cui termine di conservazione è passato, e i caricamenti "
        "abbandonati. Righe, atti e motivi restano."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prova", action="store_true", help="dice che cosa distruggerebbe, e non distrugge nulla")

    def handle(self, *args: Any, prova: bool, **options: Any) -> None:
        with azione():
            trovati = da_distruggere() if prova else distruggi_scaduti()
        for versione in trovati.versioni:
            termine = formati.data_breve(versione.documento.conservare_fino_al)
            self.stdout.write(f"Documento n. {versione.documento_id}, {versione.nome}: da conservare fino al {termine}")
        for caricamento in trovati.caricamenti:
            fermo = formati.data_ora(caricamento.aggiornato_il)
            self.stdout.write(f"Caricamento di {caricamento.nome}: fermo dal {fermo}")
        quanti = (
            f"{len(trovati.versioni)} file di documenti, {len(trovati.caricamenti)} caricamenti abbandonati, "
            f"{len(trovati.file_di_nessuno)} resti di caricamenti conclusi"
        )
        self.stdout.write(f"Da distruggere: {quanti}." if prova else f"Distrutti: {quanti}.")
