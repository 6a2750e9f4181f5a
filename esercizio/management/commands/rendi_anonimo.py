"""`manage.py rendi_anonimo`: closes the account of a person for ever and takes away what says who she is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from enti.models import Utente
from esercizio.dati_personali import selectors
from esercizio.dati_personali.services import AnonimatoRifiutato, etichetta, rendi_anonimo
from registro.azione import azione


class Command(BaseCommand):
    help = "Rende anonima una persona: non si torna indietro. Senza --conferma dice soltanto che cosa succederebbe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("utente", type=int, help="il numero della persona, quello di «Utente n. …»")
        parser.add_argument("--motivo", required=True, help="chi l'ha chiesto e quando, senza nomi")
        parser.add_argument("--conferma", default="", help="il nome che avrà d'ora in poi: «Utente n. …»")

    def handle(self, *args: Any, utente: int, motivo: str, conferma: str, **options: Any) -> None:
        persona = selectors.persone().filter(pk=utente).first()
        if persona is None:
            raise CommandError(f"Nessuna persona ha il numero {utente}: il numero giusto è nella pagina del registro.")
        if not conferma:
            self._anteprima(persona)
            return
        try:
            with azione():
                fatto = rendi_anonimo(utente_id=utente, conferma=conferma, motivo=motivo, autore=None)
        except AnonimatoRifiutato as rifiuto:
            raise CommandError(str(rifiuto)) from rifiuto
        self.stdout.write(
            f"Fatto: {etichetta(persona)}. Ruoli finiti {fatto.ruoli}, token revocati {fatto.token}, sessioni chiuse "
            f"{fatto.sessioni}, righe eliminate {fatto.righe}."
        )

    def _anteprima(self, persona: Utente) -> None:
        for conto in selectors.conti(persona):
            self.stdout.write(f"{conto.nome}: {conto.righe}, {conto.cancellazione.label}")
        self.stdout.write(f"Niente è cambiato. Per farlo aggiungi: --conferma «{etichetta(persona)}», tra virgolette.")
