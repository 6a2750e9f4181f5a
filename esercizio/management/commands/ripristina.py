"""`manage.py ripristina ARCHIVIO`: puts a backup back, all of it or nothing, and checks what was put back."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from esercizio.copie.chiavi import Chiavi
from esercizio.copie.ripristino import Ripristinato, RipristinoRifiutato, esegui
from psttm import formati
from registro.azione import azione


class Command(BaseCommand):
    help = "Ripristina una copia di sicurezza in un portale vuoto. Ferma prima web, worker e beat."
    # The database may have no tables at all.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archivio", help="L'archivio fatto da «manage.py backup».")
        parser.add_argument(
            "--sovrascrivi",
            action="store_true",
            help="Anche se il portale non è vuoto: tutto ciò che contiene, documenti compresi, viene sostituito.",
        )
        parser.add_argument(
            "--chiavi",
            metavar="FILE",
            help="Dove scrivere le chiavi della copia, da riportare in .env; serve BACKUP_PASSPHRASE.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["chiavi"] and not settings.BACKUP_PASSPHRASE:
            raise CommandError(
                "Per avere le chiavi serve la frase con cui furono cifrate: impostala in BACKUP_PASSPHRASE."
            )
        try:
            with azione():
                fatto = esegui(
                    percorso=Path(options["archivio"]),
                    sovrascrivi=options["sovrascrivi"],
                    frase=settings.BACKUP_PASSPHRASE,
                    racconta=self._passo,
                )
        except RipristinoRifiutato as errore:
            raise CommandError(str(errore)) from errore
        self._rapporto(fatto, options["chiavi"])
        if fatto.verifica.rilievi or fatto.diverse:
            sys.exit(1)

    def _passo(self, testo: str) -> None:
        self.stderr.write(f"{testo} …")

    def _rapporto(self, fatto: Ripristinato, dove: str | None) -> None:
        righe = sum(fatto.manifesto["righe"].values())
        self.stdout.write(f"Ripristinata la copia del {fatto.manifesto['fatta']}.")
        self.stdout.write(f"Righe: {formati.numero(righe)} · Documenti: {formati.numero(fatto.documenti)}")
        for uno in fatto.manifesto["documenti"]["mancanti"]:
            self.stderr.write(self.style.WARNING(f"Mancava già nella copia: {uno['che_cosa']} ({uno['nome']})"))
        for tabella, (attese, adesso) in fatto.diverse.items():
            self.stderr.write(self.style.ERROR(f"{tabella}: {adesso} righe invece di {attese}"))
        for rilievo in fatto.verifica.rilievi:
            self.stderr.write(self.style.ERROR(f"{rilievo['dove']}: {rilievo['problema']}"))
        if not fatto.verifica.rilievi:
            self.stdout.write("Verifica di integrità: tutto è integro.")
        self.stdout.write(self._delle_chiavi(fatto.chiavi, dove))
        self.stdout.write("Le sessioni sono chiuse: chi usava il portale deve entrare di nuovo.")

    def _delle_chiavi(self, chiavi: Chiavi | None, dove: str | None) -> str:
        if chiavi is None:
            return "Le chiavi non sono state riprese: con un'altra SECRET_KEY i secondi fattori si impostano di nuovo."
        if dove:
            with open(os.open(dove, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as uscita:
                uscita.write(chiavi.per_env())
            return f"Chiavi scritte in {dove}: riportale in .env e cancella il file."
        if chiavi.attuale in {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS}:
            return "La chiave della copia è già fra quelle di questo portale."
        return "La chiave della copia non è fra quelle di questo portale: ripeti con --chiavi FILE per averla."
