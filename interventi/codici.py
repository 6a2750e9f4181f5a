"""What CUP and CIG have in common: how they are cleaned, what stands for "there is none", how a check is told."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

# What people and systems write where there is no code; rows of zeros, crosses and asterisks count too.
_ASSENTI = frozenset(
    {"", "ND", "NA", "N/D", "N/A", "N.D.", "N.A.", "N.D", "N.A", "#N/D", "#N/A", "NULL", "(NULL)", "NAN", "NONE"}
    | {"ASSENTE", "NESSUNO", "NONDISPONIBILE", "NONPRESENTE", "INATTESA"}
)
_SEGNAPOSTO = re.compile(r"0+|X{3,}|\*+|[-–—_./?]+")


@dataclass(frozen=True)
class EsitoCodice:
    """How a check went. `errore` says in Italian what is wrong and how to mend it; `avvisi` are not errors."""

    codice: str
    valido: bool
    errore: str = ""
    avvisi: list[str] = field(default_factory=list)
    assente: bool = False


@dataclass(frozen=True)
class ParteCodice:
    """A stretch of a code and what it means; positions are counted from 1, ends included."""

    inizio: int
    fine: int
    testo: str
    significato: str


def normalizza(testo: str) -> str:
    """The code in capitals, without spaces of any kind (no-break, thin, zero-width, byte order mark)."""
    pulito = testo.strip()
    if not (pulito.isascii() and pulito.isalnum()):
        pulito = "".join(c for c in pulito if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return pulito.upper()


def assente(codice: str) -> bool:
    """Whether a normalised code stands for "there is none" ("N/D", "-", "0000000000")."""
    return codice in _ASSENTI or _SEGNAPOSTO.fullmatch(codice) is not None
