"""`manage.py assegna_piani FILE [--prova]`: puts the interventi in the piani that a small file says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interventi.importazione.tipi import FileNonLeggibile
from piani_integrati import services
from registro.azione import azione


class Command(BaseCommand):
    help = "Assegna gli interventi ai piani da un file CSV o XLSX con le colonne CUP e Piano."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="Il file, per esempio pui_milano_interventi.csv.")
        parser.add_argument("--prova", action="store_true", help="Dice che cosa cambierebbe, senza scrivere nulla.")

    def handle(self, *args: Any, file: Path, prova: bool, **options: Any) -> None:
        try:
            contenuto = file.read_bytes()
        except OSError as errore:
            raise CommandError(f"Il file «{file}» non si può leggere: controlla il percorso.") from errore
        try:
            with azione():
                esito = services.assegna_da_file(nome=file.name, contenuto=contenuto, autore=None, prova=prova)
        except FileNonLeggibile as errore:
            raise CommandError(str(errore)) from errore
        for rilievo in esito.rifiutate:
            self.stderr.write(self.style.ERROR(f"Riga {rilievo.riga}, {rilievo.cup}: rifiutata. {rilievo.ragione}"))
        for rilievo in esito.dubbie:
            self.stderr.write(self.style.WARNING(f"Riga {rilievo.riga}, {rilievo.cup}: dubbia. {rilievo.ragione}"))
        for frase in services.frasi(esito):
            self.stdout.write(frase)
        if prova:
            self.stdout.write("È una prova: non è stato scritto nulla.")
        elif not esito.cambiati:
            self.stdout.write("Era già tutto così: 0 cambiamenti.")
