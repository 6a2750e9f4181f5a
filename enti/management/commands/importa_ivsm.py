"""Loads the IVSM of the Comuni, and its medians, from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from enti.ivsm import FileNonLeggibile, leggi
from enti.services import ImportazioneRifiutata, importa_ivsm


class Command(BaseCommand):
    help = "Carica l'indice di vulnerabilità sociale e materiale (IVSM) dei Comuni, con le mediane, da un file CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV con codice_istat (215: la mediana), valore, anno e fonte, oppure ivsm_2018"
        )
        parser.add_argument(
            "--solo-valide", action="store_true", help="carica le righe valide anche se altre non vanno"
        )

    def handle(self, *args: Any, file: Path, solo_valide: bool, **options: Any) -> None:
        try:
            lettura = leggi(file.read_bytes(), fonte=f"File {file.name}")
        except OSError as errore:
            raise CommandError(
                f"Il file {file} non si apre ({errore.strerror}): controlla nome e permessi."
            ) from errore
        except FileNonLeggibile as errore:
            raise CommandError(f"{file.name}: {errore}") from errore
        try:
            esito = importa_ivsm(righe=lettura.righe, scarti=lettura.scarti, solo_valide=solo_valide, autore=None)
        except ImportazioneRifiutata as errore:
            for scarto in errore.scarti:
                self.stderr.write(str(scarto))
            raise CommandError(f"{errore} Correggi il file, oppure ripeti con --solo-valide.") from errore
        for scarto in esito.scarti:
            self.stderr.write(str(scarto))
        self.stdout.write(f"{esito.frase} Celle senza dato {lettura.senza_valore}.")
