"""What a coherence check is made of, and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interventi.models import Intervento
from monitoraggio.bozza.lettura import Lettura, Riga

Testo = str | Promise
ZERO = Decimal("0.00")


class Gravita(Enum):
    """An error stops the sending; a warning wants a word of explanation."""

    ERRORE = "errore"
    AVVISO = "avviso"

    @property
    def parola(self) -> Testo:
        return _("errore") if self is Gravita.ERRORE else _("avviso")


@dataclass(frozen=True)
class Trovato:
    """Something a check found: what, with its figures, and the cell where to mend it."""

    testo: str
    cella: str
    # Tells apart what one check finds in several places, so that each explanation stays with its own.
    riga: str = ""


@dataclass(frozen=True)
class Movimenti:
    """Sums of a ledger, in EUR and net of what was released or recovered, by code of the commitment ("" if none)."""

    per_codice: dict[str, Decimal] = field(default_factory=dict)

    @cached_property
    def totale(self) -> Decimal:
        return sum(self.per_codice.values(), ZERO)


@dataclass(frozen=True)
class Precedente:
    """What was last approved before this month: percent, and what was reached of each indicator."""

    mese: date
    percentuale: Decimal | None
    realizzati: dict[str, Decimal]


@dataclass(frozen=True)
class Contesto:
    """What the checks read: the draft, and what the portal knows of its intervento. Amounts in EUR, None: not known."""

    lettura: Lettura
    intervento: Intervento
    natura: str
    mese: date
    riferito_al: date
    oggi: date
    finanziamento: Decimal | None
    pubblico: Decimal | None
    ammesso: Decimal | None
    economie: Decimal
    quadro_approvato: Decimal | None
    # The ledger of the other months in force.
    impegni: Movimenti
    pagamenti: Movimenti
    precedente: Precedente | None
    # The percent of the next month approved, where this one comes late or is corrected.
    successiva: Decimal | None
    luoghi: int
    soggetti: int
    finanziamenti: int
    indicatori_attesi: frozenset[str]
    cig_noti: frozenset[str]
    documenti: frozenset[int]
    # The planned dates in force, by phase: start, end.
    pianificate: dict[str, tuple[date | None, date | None]]
    # The deadline in force of each traguardo, by the name of its row.
    traguardi: dict[str, date]

    def righe(self, sezione: str) -> list[Riga]:
        return self.lettura[sezione]

    @property
    def fine_mese(self) -> date:
        """No fact of this avanzamento can be later: neither than its month, nor than today."""
        return min(self.riferito_al, self.oggi)


Prova = Callable[[Contesto], Iterator[Trovato]]


@dataclass(frozen=True, kw_only=True)
class Controllo:
    """A check as a value. `igrue` is its official number, where it is one of those of the national monitoring."""

    codice: str
    titolo: Testo
    rimedio: Testo
    fonte: Testo
    gravita: Gravita
    prova: Prova
    igrue: str = ""


@dataclass(frozen=True)
class Rilievo:
    """What a check says of a draft. `chiave` is the row of its explanation; `spiegazione` what was written there."""

    controllo: Controllo
    testo: str
    cella: str
    chiave: str
    spiegazione: str = ""

    @property
    def errore(self) -> bool:
        return self.controllo.gravita is Gravita.ERRORE

    @property
    def ferma(self) -> bool:
        """Whether it keeps the avanzamento from being sent: an error, or a warning that nobody explained."""
        return self.errore or not self.spiegazione.strip()
