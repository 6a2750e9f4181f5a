"""The chain of the registro against itself, and against the heads that were written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from esercizio.integrita.tipi import Trovato
from esercizio.models import Copia, EsitoCopia, Verifica
from registro import catena
from registro.catena import Nota, Testa


def trova(annotate: list[Nota]) -> Iterator[Trovato]:
    """What breaks the chain; besides those kept here, with the heads that whoever asks has from elsewhere."""
    for difetto in catena.difetti([*_note(), *annotate]):
        yield difetto.dove, difetto.problema


def _note() -> Iterator[Nota]:
    """The heads kept by past checks and backups.

    The demonstration tells its past over again, with its dates, whenever it changes: there no date proves anything.
    """
    for quando, controllati in Verifica.objects.values_list("avviata", "controllati"):
        if testa := letta(controllati):
            yield Nota(testa, f"verifica del {quando:%d/%m/%Y}", None if settings.DIMOSTRAZIONE else quando)
    for quando, contenuto in Copia.objects.filter(esito=EsitoCopia.RIUSCITA).values_list("avviata", "contenuto"):
        if testa := letta(contenuto):
            yield Nota(testa, f"copia del {quando:%d/%m/%Y}")


def letta(dove: dict[str, Any]) -> Testa | None:
    """The head in what a check or a backup wrote of itself, under `catena`; None where there was no link yet."""
    testo = dove.get("catena", "")
    return catena.leggi_testa(testo) if testo and not testo.startswith("0:") else None
