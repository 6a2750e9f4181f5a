"""`manage.py ricostruisci_situazione [--verifica]`: makes the current situation anew, or says where it is wrong."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interventi.models import Intervento
from monitoraggio.selectors.situazione import CAMPI, Stato
from monitoraggio.services.situazione import discordanze, ricostruisci
from psttm import formati


class Command(BaseCommand):
    help = "Ricostruisce la tabella della situazione corrente dagli avanzamenti approvati e dalle variazioni accolte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verifica", action="store_true", help="Non scrive nulla: dice dove la tabella è sbagliata, ed esce con 1."
        )

    def handle(self, *args: Any, verifica: bool, **options: Any) -> None:
        if not verifica:
            self.stdout.write(f"Situazione ricostruita: {formati.numero(ricostruisci())} interventi con dati.")
            return
        trovate = discordanze()
        codici = {uno.pk: uno.codice for uno in Intervento.objects.filter(pk__in=trovate).only("cup", "clp")}
        for intervento, (tenuto, giusto) in trovate.items():
            for frase in _differenze(tenuto, giusto):
                self.stderr.write(self.style.ERROR(f"{codici.get(intervento, intervento)}: {frase}"))
        if trovate:
            raise CommandError(
                f"Interventi con una situazione sbagliata: {formati.numero(len(trovate))}. "
                "Ricostruiscila con `manage.py ricostruisci_situazione`."
            )
        self.stdout.write("La situazione corrente è quella che dicono gli avanzamenti e le variazioni.")


def _differenze(tenuto: Stato | None, giusto: Stato | None) -> list[str]:
    """Each field that is wrong, as it is kept and as it should be."""
    if giusto is None:
        return ["ha una situazione, ma nulla è approvato"]
    if tenuto is None:
        return ["manca la situazione"]
    frasi = []
    for campo in CAMPI:
        ora, giusta = getattr(tenuto, campo), getattr(giusto, campo)
        if ora != giusta:
            frasi.append(f"{campo.replace('_', ' ')} è {_valore(ora)}, dovrebbe essere {_valore(giusta)}")
    return frasi


def _valore(valore: Any) -> str:
    return "vuoto" if valore in (None, "") else str(valore)
