"""A workbook as a value: made of drafts to be written, or read from a file that came back."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

# What a cell of a workbook may hold.
Valore = str | bool | int | float | Decimal | date | datetime | time | timedelta | None
Celle = dict[str, str]


class FoglioRifiutato(Exception):
    """The file as a whole is not taken; the text, in Italian, says why and what to do."""


class Genere(StrEnum):
    """What became of a value of the workbook, or what the checks say of it."""

    CAMBIO = "cambio"
    # Somebody changed the same cell meanwhile: theirs stays.
    SCONTRO = "scontro"
    RIFIUTO = "rifiuto"
    # Not taken into account, and no harm.
    NOTA = "nota"
    ERRORE = "errore"
    AVVISO = "avviso"


@dataclass(frozen=True)
class Esito:
    """One outcome, with its place in the workbook (row 0: the whole sheet, or the whole intervento)."""

    genere: Genere
    cup: str = ""
    foglio: str = ""
    riga: int = 0
    colonna: str = ""
    # The section and the field as the code calls them, to find the cell again; then the cell of the draft.
    sezione: str = ""
    campo: str = ""
    cella: str = ""
    prima: str = ""
    dopo: str = ""
    ragione: str = ""

    def in_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def da_json(cls, dati: dict[str, Any]) -> Esito:
        return cls(**(dati | {"genere": Genere(dati["genere"])}))


@dataclass(frozen=True)
class Soggetto:
    """An intervento of the workbook: which draft of it, and which saving of that, the workbook was made from.

    `avanzamento` is None where no draft was open: downloading opens none.
    """

    intervento: int
    cup: str
    clp: str
    titolo: str
    avanzamento: int | None = None
    revisione: int = 0


@dataclass
class RigaFoglio:
    """A row: its hidden keys, what it shows of its intervento, its values by field."""

    intervento: int | None
    nome: str
    cup: str = ""
    clp: str = ""
    titolo: str = ""
    # What the portal calls a row that it decides: a phase, an item, a traguardo, a warning.
    fissa: str = ""
    valori: dict[str, Valore] = field(default_factory=dict)
    numero: int = 0
    # Fields that are shown and not typed.
    bloccati: frozenset[str] = frozenset()


@dataclass
class Scheda:
    """A sheet: the rows of one section, and which of its columns are there."""

    sezione: str
    righe: list[RigaFoglio] = field(default_factory=list)
    colonne: frozenset[str] = frozenset()


def nuova_identita() -> str:
    return uuid.uuid4().hex[:10]


@dataclass
class Libro:
    """A workbook. `base` are the cells of each draft as they were when it was made, to tell what was changed since."""

    mese: date
    scaricato: datetime
    identita: str = field(default_factory=nuova_identita)
    soggetti: dict[int, Soggetto] = field(default_factory=dict)
    base: dict[int, Celle] = field(default_factory=dict)
    schede: dict[str, Scheda] = field(default_factory=dict)
    # What was noticed while reading it.
    note: list[Esito] = field(default_factory=list)
