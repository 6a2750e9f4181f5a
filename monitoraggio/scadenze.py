"""When the data of a month are due, and which months are in play on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from monitoraggio.mesi import avanti, primo, ultimo
from monitoraggio.models import TermineInvio


@dataclass(frozen=True)
class Mese:
    """A month whose data are expected: its first day, the day they are due, how far that is from the day it is read."""

    mese: date
    termine: date
    # Negative once the term is past.
    mancano: int

    @property
    def scaduto(self) -> bool:
        return self.mancano < 0

    @property
    def ritardo(self) -> int:
        """Days since the term, 0 until it is past."""
        return max(-self.mancano, 0)

    @property
    def codice(self) -> str:
        """For keys and anchors: 2024-12."""
        return f"{self.mese:%Y-%m}"


def termini() -> list[TermineInvio]:
    return list(TermineInvio.objects.order_by("dal"))


def termine(mese: date, regole: Sequence[TermineInvio] | None = None) -> date | None:
    """The day by which the data of a month are due; None for the months before the first term in force.

    `regole` are those of `termini`, for who asks of several months.
    """
    in_vigore = [regola for regola in (termini() if regole is None else regole) if regola.dal <= mese]
    return ultimo(mese) + timedelta(days=in_vigore[-1].giorni) if in_vigore else None


def in_gioco(oggi: date) -> list[Mese]:
    """The months one may still send on a day, oldest first: those ended and due, and the last ones past their term.

    How many of the latter is `settings.PROMEMORIA_ARRETRATI`: what is older is asked for by people, not by reminders.
    """
    regole, mesi, arretrati = termini(), list[Mese](), 0
    mese = avanti(primo(oggi), -1)
    while (entro := termine(mese, regole)) is not None:
        trovato = Mese(mese, entro, (entro - oggi).days)
        arretrati += trovato.scaduto
        if arretrati > settings.PROMEMORIA_ARRETRATI:
            break
        mesi.append(trovato)
        mese = avanti(mese, -1)
    return mesi[::-1]
