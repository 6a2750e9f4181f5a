"""`manage.py verifica_integrita`: whether what the portal holds is whole and agrees with itself; 1 if it is not."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from esercizio.integrita import Quali, verifica
from esercizio.integrita.verifica import RIMEDI
from esercizio.models import Verifica
from psttm import formati
from registro.azione import azione
from registro.catena import Nota, leggi_testa


class Command(BaseCommand):
    help = "Verifica documenti, somme, situazione corrente, conteggi, dati pubblicati e catena del registro."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--documenti",
            choices=[quali.value for quali in Quali],
            default=Quali.CAMPIONE.value,
            help="Quali file rileggere: tutti, il campione del giorno (tutti se sono pochi), nessuno.",
        )
        parser.add_argument(
            "--testa",
            action="append",
            default=[],
            metavar="NUMERO:IMPRONTA",
            help="Testa della catena annotata altrove (diario, copia): la catena deve contenerla. Si può ripetere.",
        )
        parser.add_argument("--json", action="store_true", help="Scrive l'esito in JSON, per un programma.")

    def handle(self, *args: Any, **options: Any) -> None:
        teste = [_nota(testo) for testo in options["testa"]]
        self.a_voce = not options["json"] and options["verbosity"] > 1
        with azione():
            fatta = verifica(quali_documenti=Quali(options["documenti"]), teste=teste, racconta=self._passo)
        if options["json"]:
            esito = {"esito": "rilievi" if fatta.rilievi else "integro", "rilievi": fatta.rilievi}
            self.stdout.write(json.dumps(esito | {"controllati": fatta.controllati}, ensure_ascii=False))
        else:
            self._rapporto(fatta)
        if fatta.rilievi:
            sys.exit(1)

    def _passo(self, testo: str) -> None:
        if self.a_voce:
            self.stderr.write(f"{testo} …")

    def _rapporto(self, fatta: Verifica) -> None:
        controllati = fatta.controllati
        self.stdout.write(f"Catena del registro: {controllati['catena']}")
        self.stdout.write(f"File riletti: {formati.numero(controllati['documenti'])}")
        for codice, motivo in controllati.get("rinviati", {}).items():
            self.stdout.write(f"Non verificato adesso ({codice}): {motivo}.")
        if not fatta.rilievi:
            self.stdout.write("Tutto è integro.")
            return
        for codice in dict.fromkeys(rilievo["controllo"] for rilievo in fatta.rilievi):
            self.stderr.write(self.style.ERROR(f"\n{codice}: {RIMEDI[codice]}"))
            for rilievo in fatta.rilievi:
                if rilievo["controllo"] == codice:
                    self.stderr.write(f"  {rilievo['dove']}: {rilievo['problema']}")
        self.stderr.write(self.style.ERROR(f"\nRilievi: {formati.numero(len(fatta.rilievi))}."))


def _nota(testo: str) -> Nota:
    try:
        return Nota(leggi_testa(testo), "annotata altrove")
    except ValueError:
        raise CommandError(
            f"«{testo}» non è una testa della catena: servono numero e impronta, come in 120:9f3c… (64 cifre)."
        ) from None
