"""Planned and earned value, month by month.

An intervento is worth its funding. Its plan makes that value grow in even steps, day by day, from the start to the end
of the works; what it earned is the percent last declared. Values are reckoned in whole cents, halves up: they add up to
the cent, never go down by rounding, and end at the whole.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rapporti.calcolo.tempo import fini_di_mese, ultimo_finito

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
    return in_euro(_previsto(lavoro.centesimi, inizio, fine, giorno.toordinal()))


def _previsto(centesimi: int, inizio: int, fine: int, giorno: int) -> int:
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
    return in_euro(_guadagnato(lavoro.centesimi, percento_al(lavoro, giorno)))


def _guadagnato(centesimi: int, percento: Decimal | None) -> int:
    return 0 if percento is None else parte(centesimi, int(percento.scaleb(2)), INTERO)


def in_euro(centesimi: int) -> Decimal:
    return Decimal(centesimi).scaleb(-2)


def serie_prevista(lavori: Sequence[Lavoro], mesi: Sequence[date]) -> list[Decimal]:
    """The planned value of them all at the end of these months, in order."""
    giorni = [mese.toordinal() for mese in mesi]
    # What each adds at each month, until it is worth the whole.
    passi = [0] * len(giorni)
    for lavoro in lavori:
        intero, inizio, fine = lavoro.centesimi, lavoro.inizio.toordinal(), lavoro.fine.toordinal()
        raggiunto = 0
        for posto in range(bisect_left(giorni, inizio), len(giorni)):
            ora = _previsto(intero, inizio, fine, giorni[posto])
            passi[posto] += ora - raggiunto
            raggiunto = ora
            if ora == intero:
                break
    return _cumulati(passi)


def serie_guadagnata(lavori: Sequence[Lavoro], mesi: Sequence[date]) -> list[Decimal]:
    """The earned value of them all at the end of these months, in order."""
    giorni = [mese.toordinal() for mese in mesi]
    # The last one is for what is declared after them.
    passi = [0] * (len(giorni) + 1)
    for lavoro in lavori:
        intero, raggiunto = lavoro.centesimi, 0
        for quando, percento in _tappe(lavoro):
            ora = _guadagnato(intero, percento)
            if ora != raggiunto:
                passi[bisect_left(giorni, quando.toordinal())] += ora - raggiunto
                raggiunto = ora
    return _cumulati(passi[:-1])


def _tappe(lavoro: Lavoro) -> list[tuple[date, Decimal]]:
    """The days on which the percent of an intervento changes: those declared before it was concluded, then that one."""
    fine = lavoro.concluso_il
    tappe = [
        (quando, valore) for quando, valore in lavoro.detti if valore is not None and (fine is None or quando < fine)
    ]
    return tappe if fine is None else [*tappe, (fine, Decimal(100))]


def _cumulati(passi: Iterable[int]) -> list[Decimal]:
    totale, serie = 0, []
    for passo in passi:
        totale += passo
        serie.append(in_euro(totale))
    return serie


def mesi_completi(lavori: Sequence[Lavoro], al: date) -> list[date]:
    """The months, over by a day, of which at least half of the interventi not yet concluded have declared something.

    Those of which nothing was ever declared do not count. Between two such months the earned value is only what a few
    have said: it is shown, but no rate of progress is judged by it.
    """
    monitorati = [lavoro for lavoro in lavori if lavoro.detti]
    detti = Counter(quando for lavoro in monitorati for quando, _valore in lavoro.detti)
    fini = sorted(lavoro.concluso_il for lavoro in monitorati if lavoro.concluso_il is not None)
    ultimo = ultimo_finito(al)
    mesi = fini_di_mese(min(detti), ultimo) if detti and min(detti) <= ultimo else ()
    completi = []
    for mese in mesi:
        # One that was concluded during the month declares it still.
        attesi = len(monitorati) - bisect_right(fini, date(mese.year, mese.month, 1))
        if detti[mese] and 2 * detti[mese] >= attesi:
            completi.append(mese)
    return completi
