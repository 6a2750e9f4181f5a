"""What the rooms above add to the list of interventi — filters, columns, the joins these need — and to its checks.

A room above calls `aggiungi` and `aggiungi_vincolo` in its `sezioni.py`: the list, its export, its bulk actions and the
form then know them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django.db.models import QuerySet

from interventi.controlli import Rilievo
from interventi.istantanea import Istantanea


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

# Given an intervento (its pk) and its snapshots before and after a change by hand: what a room above holds to.
Vincolo = Callable[[int, Istantanea, Istantanea], Iterable[Rilievo]]
VINCOLI: list[Vincolo] = []


def aggiungi(aggiunta: Aggiunta) -> None:
    AGGIUNTE.append(aggiunta)


def aggiungi_vincolo(vincolo: Vincolo) -> None:
    """Ask `vincolo` before an intervento is changed by hand: what it finds stops the change."""
    VINCOLI.append(vincolo)
