"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Rilievo:
    """Something that does not hold: where, what is wrong, what to do about it, in Italian."""

    controllo: str
    dove: str
    problema: str

    def __str__(self) -> str:
        return f"{self.dove}: {self.problema}"


# A place, and what is wrong with it.
Trovato = tuple[str, str]


@dataclass(frozen=True)
class Controllo:
    """One thing that must hold. `trova` reads; `rinvia` says why it cannot be told at this moment, "" if it can."""

    codice: str
    titolo: str
    rimedio: str
    trova: Callable[[], Iterator[Trovato]]
    rinvia: Callable[[], str] = str
