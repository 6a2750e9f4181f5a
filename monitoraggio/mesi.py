"""Months, by their first day."""

from __future__ import annotations

import calendar
from datetime import date


def primo(giorno: date) -> date:
    """The first day of the month of a day."""
    return giorno.replace(day=1)


def ultimo(mese: date) -> date:
    """The last day of a month."""
    return mese.replace(day=calendar.monthrange(mese.year, mese.month)[1])


def avanti(mese: date, mesi: int = 1) -> date:
    """The first day of the month so many months later (earlier, if negative)."""
    indice = mese.year * 12 + mese.month - 1 + mesi
    return date(indice // 12, indice % 12 + 1, 1)
