"""Whether files are our reports, as we made them; for scripts, by the exit status too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from psttm import formati
from rapporti.services import verifica
from rapporti.services.verifica import Esito, Verifica

PEZZO = 1 << 20
ESITI = {
    Esito.INTATTO: _("è nostro e non è stato modificato"),
    Esito.MODIFICATO: _("è un nostro rapporto, ma il file è stato modificato"),
    Esito.NON_NOSTRO: _("non è un nostro rapporto"),
    Esito.NON_PDF: _("non è un PDF"),
    Esito.VUOTO: _("è vuoto"),
    Esito.TROPPO_GRANDE: _("è troppo grande"),
}


class Command(BaseCommand):
    help = "Dice se uno o più file PDF sono nostri rapporti, non modificati. Esce con 0 se lo sono tutti, altrimenti 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        # Every file gets its answer, even after one that is not ours.
        esiti = [self._dice(percorso) for percorso in options["file"]]
        if not all(esiti):
            raise CommandError(f"{len(esiti) - sum(esiti)} file su {len(esiti)} non sono nostri rapporti intatti.")

    def _dice(self, percorso: Path) -> bool:
        try:
            esito = verifica.del_file(verifica.leggi(_pezzi(percorso)))
        except OSError as errore:
            self.stdout.write(f"{percorso}: non si legge ({errore.strerror}).")
            return False
        self.stdout.write(f"{percorso}: {ESITI[esito.esito]}.{_quale(esito)}")
        return esito.esito == Esito.INTATTO


def _pezzi(percorso: Path) -> Iterator[bytes]:
    with percorso.open("rb") as file:
        while pezzo := file.read(PEZZO):
            yield pezzo


def _quale(esito: Verifica) -> str:
    rapporto = esito.rapporto
    if rapporto is None:
        return ""
    return f" {rapporto}, {rapporto.nome_perimetro}, al {formati.data_breve(rapporto.al)}."
