"""`manage.py verifica_piani [--piano COD] [--al DATA] [--json]`: the outcome of every rule, and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from piani_integrati import parole, regole
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole import Contesto, Esito, Giudizio
from piani_integrati.verbale import verbale
from psttm import formati


def giorno(testo: str) -> date:
    for forma in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(testo, forma).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    raise ArgumentTypeError(f"«{testo}» non è un giorno: scrivilo così, 2024-12-31 o 31/12/2024.")


class Command(BaseCommand):
    help = "Verifica le regole di ammissibilità dei piani sui dati di adesso; non scrive nulla."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--piano", help="Il codice di un piano, per esempio SPUGNA; senza, tutti.")
        parser.add_argument("--al", type=giorno, help="Soglie, indici e termini in vigore a quel giorno; senza, oggi.")
        parser.add_argument("--json", action="store_true", help="Esiti, misure ed evidenze per un'altra macchina.")

    def handle(self, *args: Any, piano: str | None, al: date | None, **options: Any) -> None:
        piani = list(PianoIntegrato.objects.order_by("-tipo", "ordine", "codice"))
        if piano is not None:
            codici = ", ".join(altro.codice for altro in piani)
            piani = [altro for altro in piani if altro.codice.casefold() == piano.casefold()]
            if not piani:
                raise CommandError(f"Nessun piano ha il codice «{piano}». I piani sono: {codici}.")
        contesto = Contesto.al_giorno(al or timezone.localdate())
        if options["json"]:
            self.stdout.write(json.dumps(verbale(piani, contesto), ensure_ascii=False, indent=2))
            return
        giudizi = regole.valuta_molti([uno.pk for uno in piani], contesto)
        for uno in piani:
            self._racconta(uno, giudizi[uno.pk], contesto)

    def _racconta(self, piano: PianoIntegrato, giudizi: list[Giudizio], contesto: Contesto) -> None:
        esito = regole.complessivo(giudizi)
        self.stdout.write(f"{piano.codice}: {esito.label}, al {formati.data_breve(contesto.al)}")
        for giudizio in giudizi:
            self.stdout.write(f"  {SEGNO[giudizio.esito]} {giudizio.regola.codice:<20} {_in_breve(giudizio)}")


SEGNO = {
    Esito.CONFORME: "✓",
    Esito.NON_CONFORME: "✕",
    Esito.NON_DETERMINABILE: "?",
    Esito.NON_APPLICABILE: "–",
}


def _in_breve(giudizio: Giudizio) -> str:
    parti = [str(giudizio.esito.label)]
    if giudizio.misura is not None:
        misura, soglia = (
            parole.valore(giudizio.regola, giudizio.misura),
            parole.soglia(giudizio.regola, giudizio.soglia),
        )
        parti.append(f"{misura} (soglia: {soglia})")
    if giudizio.non_conformi and giudizio.esito == Esito.NON_CONFORME:
        parti.append(f"interventi che ne sono causa {giudizio.non_conformi}")
    if giudizio.non_determinabili:
        parti.append(f"interventi con dati mancanti {giudizio.non_determinabili}")
    return ", ".join(parti)
