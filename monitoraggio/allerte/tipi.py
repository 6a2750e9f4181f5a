"""What an early warning is made of, and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from monitoraggio.models import TermineInvio
from monitoraggio.opere.programma import SENZA_PROGRAMMA
from monitoraggio.opere.tipi import Giudizio, Gruppo, Opera, Scadenza
from monitoraggio.scelte import ChiAgisce

Testo = str | Promise


@dataclass(frozen=True)
class Gara:
    """A tender as the register knew it."""

    cig: str
    oggetto: str
    pubblicata_il: date | None
    aggiudicata_il: date | None


@dataclass(frozen=True)
class Dnsh:
    """The DNSH assessment as the register knew it: whether all that comes before the works is there and positive."""

    ex_ante_completo: bool
    ex_post_il: date | None


@dataclass(frozen=True)
class DaDecidere:
    """A datum on which ReGiS and people say otherwise, raised by an import of that day and not decided yet."""

    dato: str
    nostro: str
    regis: str
    dal: date


@dataclass(frozen=True)
class Caso:
    """An intervento with all that the warnings look at. `extra` holds what one warning alone reads, by its name.

    `atteso_dal` is the day on which it entered a piano: no month before that one is asked for. `inviati` are the months
    sent by the Comune that the staff has not decided on.
    """

    opera: Opera
    scadenze: Sequence[Scadenza] = ()
    gare: Sequence[Gara] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    piano: Gruppo | None = None
    atteso_dal: date | None = None
    inviati: Sequence[date] = ()
    dnsh: Dnsh | None = None
    da_decidere: Sequence[DaDecidere] = ()

    @property
    def proposta(self) -> bool:
        """Of a piano that was not assigned yet, or was taken back: its works are nobody's duty."""
        return self.piano is not None and self.piano.stato in SENZA_PROGRAMMA


@dataclass(frozen=True)
class CasoPiano:
    """A piano as a whole: its own traguardi, the outcomes of the rules, and those of some days before."""

    piano: Gruppo
    scadenze: Sequence[Scadenza] = ()
    giudizi: Sequence[Giudizio] = ()
    prima: Sequence[Giudizio] = ()


@dataclass(frozen=True)
class Contesto:
    """The day that is judged and the instant until which the portal may know; `soglie` are those in force that day."""

    al: date
    noto_al: datetime
    soglie: Mapping[str, Decimal]
    termini: Sequence[TermineInvio] = ()


@dataclass(frozen=True)
class Scala:
    """How grave a warning is by how far beyond its threshold: from `da`, at once, to `a`, when `pieno` beyond or more.

    `unita` says what is counted. What has no measure weighs `a`.
    """

    da: int
    a: int
    pieno: Decimal
    unita: Testo

    def peso(self, oltre: Decimal | int) -> int:
        quota = min(max(Decimal(oltre), Decimal(0)) / self.pieno, Decimal(1))
        return self.da + int((self.a - self.da) * quota)


@dataclass(frozen=True)
class Trovato:
    """What a warning found: the reason in words, how grave (1-100), on which day it bites, and its evidence.

    `evidenza` is a list of (label, text): the measured value, the threshold, the dates, the source. `tocca` says who
    must act where it is not who the warning usually waits for.
    """

    motivo: str
    peso: int
    riga: str = ""
    entro: date | None = None
    evidenza: tuple[tuple[str, str], ...] = ()
    tocca: ChiAgisce | None = None


Prova = Callable[[Caso, Contesto], Iterator[Trovato]]
ProvaPiano = Callable[[CasoPiano, Contesto], Iterator[Trovato]]


@dataclass(frozen=True, kw_only=True)
class Allarme:
    """An early warning as a value of the catalogue.

    `prova` looks at an intervento, `prova_piano` at a piano as a whole. What was revoked is never judged; what is
    concluded, and the proposals, only where the warning says so.
    """

    codice: str
    titolo: Testo
    spiegazione: Testo
    rimedio: Testo
    fonte: Testo
    tocca: ChiAgisce
    scala: Scala
    prova: Prova | None = None
    prova_piano: ProvaPiano | None = None
    conclusi: bool = False
    proposte: bool = False
    # Names of the thresholds it reads: data with a source and a date of validity, never constants.
    soglie: tuple[str, ...] = ()
