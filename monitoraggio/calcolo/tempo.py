"""Time measured in months: a day is a place on a line where the end of each month is a whole number."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from monitoraggio import mesi

UN_GIORNO = timedelta(days=1)


def posto(giorno: date) -> Decimal:
    """The end of a day, in months: whole at the end of a month, by its days inside it."""
    interi = giorno.year * 12 + giorno.month - 1
    return interi + Decimal(giorno.day) / calendar.monthrange(giorno.year, giorno.month)[1]


def giorno_di(dove: Decimal) -> date:
    """The day in which a place falls. The inverse of `posto`, to the day."""
    interi = int(dove.to_integral_value(ROUND_CEILING)) - 1
    anno, mese = divmod(interi, 12)
    giorni = calendar.monthrange(anno, mese + 1)[1]
    # A hair above a day, left by a division, is that day still.
    esatto = ((dove - interi) * giorni).quantize(Decimal("1e-9"))
    return date(anno, mese + 1, max(1, int(esatto.to_integral_value(ROUND_CEILING))))


def fine_mese(giorno: date) -> date:
    return mesi.ultimo(mesi.primo(giorno))


def ultimo_finito(giorno: date) -> date:
    """The end of the last month that was over on a day: that day itself, if a month ends with it."""
    return giorno if giorno == fine_mese(giorno) else mesi.primo(giorno) - UN_GIORNO


def fini_di_mese(da: date, a: date) -> Iterator[date]:
    """The ends of the months from that of one day to that of another."""
    mese = mesi.primo(da)
    while mese <= a:
        yield mesi.ultimo(mese)
        mese = mesi.avanti(mese)


def mesi_fra(da: date, a: date) -> int:
    """How many months the month of a day is after that of another."""
    return (a.year - da.year) * 12 + a.month - da.month
