"""Planned and earned value, month by month.

An intervento is worth its funding. Its plan makes that value grow in even steps, day by day, from the start to the end
of the works; what it earned is the percent last declared. Values are reckoned in whole cents, halves up: they add up to
the cent, never go down by rounding, and end at the whole. `monitoraggio.calcolo.passi` adds up those of many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# A percent is declared to the hundredth: the whole is ten thousand of them.
INTERO = 10_000


@dataclass(frozen=True)
class Lavoro:
    """An intervento: its value in EUR, the first and the last day of its works by the first plan, what was declared.

    `detti` are the months by their last day, the oldest first, with the percent reached if it was said.
    """

    valore: Decimal
    inizio: date
    fine: date
    detti: tuple[tuple[date, Decimal | None], ...] = ()
    concluso_il: date | None = None

    @property
    def centesimi(self) -> int:
        return int(self.valore.scaleb(2))


def previsto(lavoro: Lavoro, giorno: date) -> Decimal:
    """The value planned at the end of a day, in EUR."""
    inizio, fine = lavoro.inizio.toordinal(), lavoro.fine.toordinal()
    return in_euro(centesimi_previsti(lavoro.centesimi, inizio, fine, giorno.toordinal()))


def centesimi_previsti(centesimi: int, inizio: int, fine: int, giorno: int) -> int:
    """The same in cents, for days by their ordinal."""
    if giorno >= fine:
        return centesimi
    return parte(centesimi, giorno - inizio + 1, fine - inizio + 1) if giorno >= inizio else 0


def parte(intero: int, quanti: int, su: int) -> int:
    """So many parts of a whole, to the nearest unit, halves up."""
    return (2 * intero * quanti + su) // (2 * su)


def percento_al(lavoro: Lavoro, giorno: date) -> Decimal | None:
    """The percent reached at a day: the last one declared by then, 100 if concluded, None if nothing was ever said."""
    if lavoro.concluso_il is not None and lavoro.concluso_il <= giorno:
        return Decimal(100)
    detti = [valore for quando, valore in lavoro.detti if quando <= giorno and valore is not None]
    return detti[-1] if detti else None


def guadagnato(lavoro: Lavoro, giorno: date) -> Decimal:
    """The value earned at the end of a day, in EUR."""
    return in_euro(centesimi_fatti(lavoro.centesimi, percento_al(lavoro, giorno)))


def centesimi_fatti(centesimi: int, percento: Decimal | None) -> int:
    """So many per cent of an amount, in cents."""
    return 0 if percento is None else parte(centesimi, int(percento.scaleb(2)), INTERO)


def in_euro(centesimi: int) -> Decimal:
    return Decimal(centesimi).scaleb(-2)


def tappe(lavoro: Lavoro) -> list[tuple[date, Decimal]]:
    """The days on which the percent of an intervento changes: those declared before it was concluded, then that one."""
    fine = lavoro.concluso_il
    tappe = [
        (quando, valore) for quando, valore in lavoro.detti if valore is not None and (fine is None or quando < fine)
    ]
    return tappe if fine is None else [*tappe, (fine, Decimal(100))]
