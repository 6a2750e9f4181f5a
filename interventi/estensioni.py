"""What the rooms above add to the list of interventi: filters, columns, and the joins these need.

A room above calls `aggiungi` in its `apps.py`: the list, its export and its bulk actions then offer them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django.db.models import QuerySet


@dataclass(frozen=True)
class Colonna:
    """A column of the list and of its export.

    `valore` gives Python values (Decimal, date, str, a list of str for an "elenco"), None if unknown.
    """

    chiave: str
    titolo: str
    valore: Callable[[Any], Any]
    # testo | codice | elenco | importo | numero | data | percentuale: alignment, format, type of the cell in XLSX.
    # An "elenco" shows its first three on the page, all of them in the export.
    genere: str = "testo"
    # Field path to sort by; empty: the list cannot be sorted by this column.
    ordina: str = ""
    # Shown unless the person chooses otherwise.
    prevista: bool = True


@dataclass(frozen=True)
class AzioneInBlocco:
    """Something to do to the chosen interventi: a button of the list that posts their pks to a route as `scelti`."""

    titolo: str
    rotta: str
    permesso: str


@dataclass(frozen=True)
class Aggiunta:
    filtri: Mapping[str, django_filters.Filter] = field(default_factory=dict)
    colonne: Sequence[Colonna] = ()
    azioni: Sequence[AzioneInBlocco] = ()
    # select_related, prefetch_related, annotate: what the columns need, in a fixed number of queries.
    prepara: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda interventi: interventi


AGGIUNTE: list[Aggiunta] = []


def aggiungi(aggiunta: Aggiunta) -> None:
    AGGIUNTE.append(aggiunta)
