"""`manage.py esporta_persona`: all that the portal holds about a person, in a ZIP, for whoever answers her request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from esercizio.dati_personali import selectors
from esercizio.dati_personali.esportazione import nome_del_file
from esercizio.dati_personali.services import consegna
from psttm import formati
from registro.azione import azione


class Command(BaseCommand):
    help = "Scrive in uno ZIP tutto ciò che il portale conserva di una persona."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("utente", type=int, help="il numero della persona, quello di «Utente n. …»")
        parser.add_argument("--in", dest="cartella", type=Path, default=Path(), help="cartella dove scriverlo")

    def handle(self, *args: Any, utente: int, cartella: Path, **options: Any) -> None:
        persona = selectors.persone().filter(pk=utente).first()
        if persona is None:
            raise CommandError(f"Nessuna persona ha il numero {utente}: il numero giusto è nella pagina del registro.")
        destinazione = cartella / nome_del_file(persona)
        try:
            with azione(), destinazione.open("xb") as file:
                righe = consegna(persona, file, autore=None)
        except FileExistsError as errore:
            raise CommandError(f"{destinazione} c'è già: spostalo o scegli un'altra cartella con --in.") from errore
        except OSError as errore:
            raise CommandError(f"Non si può scrivere {destinazione}: {errore.strerror}.") from errore
        destinazione.chmod(0o600)
        self.stdout.write(f"Scritto {destinazione}: {formati.numero(righe)} righe.")
