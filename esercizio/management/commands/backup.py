"""`manage.py backup`: database, documents and keys in one archive, read back before it is called good."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from esercizio.copie.copia import CopiaNonRiuscita, esegui
from psttm import formati
from registro.azione import azione


class Command(BaseCommand):
    help = "Fa una copia di sicurezza del portale in un solo archivio, riletto e verificato."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--cartella",
            default=settings.BACKUP_DIR or str(settings.VAR_DIR / "copie"),
            help="Dove mettere l'archivio (BACKUP_DIR o, se è vuota, la cartella «copie» dei dati).",
        )
        parser.add_argument(
            "--conserva",
            type=int,
            default=settings.BACKUP_CONSERVA,
            help="Quanti archivi tenere nella cartella: i più nuovi. Gli altri si cancellano quando questo è riuscito.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["conserva"] < 1:
            raise CommandError("--conserva deve essere almeno 1.")
        try:
            with azione():
                fatta = esegui(cartella=Path(options["cartella"]), conserva=options["conserva"], racconta=self._passo)
        except CopiaNonRiuscita as errore:
            raise CommandError(str(errore)) from errore
        documenti = fatta.contenuto["documenti"]
        self.stdout.write(f"Copia: {fatta.archivio}")
        self.stdout.write(f"Byte: {formati.numero(fatta.byte)} · SHA-256: {fatta.impronta}")
        self.stdout.write(f"Catena del registro: {fatta.contenuto['catena']}")
        self.stdout.write(f"Documenti: {formati.numero(documenti['copiati'])}")
        for nome, problema in (("mancanti", "non c'è nel deposito"), ("diversi", "non è quello ricevuto")):
            for uno in documenti[nome]:
                self.stderr.write(self.style.WARNING(f"  {uno['che_cosa']} ({uno['nome']}): {problema}"))
        if not fatta.contenuto["chiavi"]:
            self.stderr.write(
                self.style.WARNING(
                    "Le chiavi del portale non sono nella copia: per averle, cifrate, imposta BACKUP_PASSPHRASE. "
                    "Intanto conserva altrove SECRET_KEY."
                )
            )

    def _passo(self, testo: str) -> None:
        self.stderr.write(f"{testo} …")
