"""What is handed from who reads the live rows to who writes the published versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

# Among the `enti` of a row that whoever acts for any body may see.
TUTTI = 0


@dataclass(frozen=True)
class Riga:
    """A row to publish: `dati` is its JSON, without `modificato_il`, which the publication adds at the end.

    `enti` are the primary keys of the bodies that may see it, or TUTTI; who sees everything is not among them.
    """

    oggetto: int
    dati: dict[str, Any]
    enti: Collection[int] = ()
    chiave: str = ""
    gruppo: int | None = None


@dataclass(frozen=True)
class Costruttore:
    """How the rows of a resource are read: those of some objects, or (`intera`) always all of them.

    An object that is asked for and not given back is no more. `ogni_giorno` for what depends on today's date: given the
    day of the last publication (None: never) and today, the objects that may have changed in between. The rows of a
    resource that is read from those of another are published `dopo` that one, when none of its objects is waiting.
    `attraverso`: by the name that triggers note them under, given the keys of other objects, those of the objects
    whose rows they are read in.
    """

    risorsa: str
    righe: Callable[[Collection[int]], Iterable[Riga]]
    intera: bool = False
    ogni_giorno: Callable[[date | None, date], Iterable[int]] | None = None
    dopo: str = ""
    attraverso: Mapping[str, Callable[[Collection[int]], QuerySet[Any, int]]] = field(default_factory=dict)
