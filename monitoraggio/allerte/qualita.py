"""How good the warnings are: what they said at the end of past months, beside what then happened.

Everything here is counted from `Osservato`: a thing (an intervento, a traguardo, a tender) at the end of a month,
whether the warning stood on it, and whether what the warning is about happened within its horizon. What cannot be
known yet is not observed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median_low

from monitoraggio.allerte.conseguenze import Conseguenza, Fatto, Visto

# A rule that says of an observation whether it would have warned.
Regola = Callable[["Osservato"], bool]


@dataclass(frozen=True)
class Osservato:
    """`cosa` is the same at every month. `avvenuto_il` is the day on which it happened, None where it did not.

    `dichiarato` is what the dates that people declare would have said, alone.
    """

    cosa: str
    al: date
    segnalato: bool
    avvenuto_il: date | None
    dichiarato: bool = False


@dataclass(frozen=True)
class Qualita:
    """The figures of a warning. Shares go from 0 to 1; None where they are of nothing.

    `anticipo` is the median, over what happened and was warned of, of the days from the first warning to the fact.
    """

    osservati: int
    segnalati: int
    veri: int
    avvenuti: int
    anticipo: int | None = None

    @property
    def precisione(self) -> Decimal | None:
        """Of what was warned of, what happened."""
        return _quota(self.veri, self.segnalati)

    @property
    def richiamo(self) -> Decimal | None:
        """Of what happened, what was warned of."""
        return _quota(self.veri, self.avvenuti)

    @property
    def frequenza(self) -> Decimal | None:
        """The precision of who warns of everything."""
        return _quota(self.avvenuti, self.osservati)

    @property
    def guadagno(self) -> Decimal | None:
        """How many times more often what is warned of happens, than what is not looked at."""
        if self.precisione is None or not self.frequenza:
            return None
        return self.precisione / self.frequenza

    @property
    def f1(self) -> Decimal | None:
        """The harmonic mean of precision and recall."""
        return _quota(2 * self.veri, self.segnalati + self.avvenuti)


def _quota(parte: int, intero: int) -> Decimal | None:
    return Decimal(parte) / intero if intero else None


def segnalati(osservato: Osservato) -> bool:
    return osservato.segnalato


def dichiarati(osservato: Osservato) -> bool:
    return osservato.dichiarato


def misura(osservati: Iterable[Osservato], regola: Regola = segnalati, *, con_giorno: bool = True) -> Qualita:
    """The figures of a rule over these observations; without a lead time where the fact has no day of its own."""
    tutti = list(osservati)
    detti = [uno for uno in tutti if regola(uno)]
    veri = [uno for uno in detti if uno.avvenuto_il is not None]
    return Qualita(
        osservati=len(tutti),
        segnalati=len(detti),
        veri=len(veri),
        avvenuti=sum(uno.avvenuto_il is not None for uno in tutti),
        anticipo=_anticipo(veri) if con_giorno else None,
    )


def _anticipo(veri: Sequence[Osservato]) -> int | None:
    """Each fact counts once, from the first month that warned of it."""
    primi: dict[tuple[str, date], date] = {}
    for uno in veri:
        if uno.avvenuto_il is not None:
            fatto = (uno.cosa, uno.avvenuto_il)
            primi[fatto] = min(uno.al, primi.get(fatto, uno.al))
    giorni = [(avvenuto - al).days for (_cosa, avvenuto), al in primi.items()]
    return median_low(giorni) if giorni else None


def osserva(
    visto: Visto, detti: Iterable[tuple[str, str]], conseguenze: Iterable[Conseguenza]
) -> Iterator[tuple[str, Osservato]]:
    """Of an intervento at the end of a month, what can be observed, by code of the warning.

    `detti` are code and row of the warnings that stood on it then.
    """
    righe: dict[str, set[str]] = defaultdict(set)
    for codice, riga in detti:
        righe[codice].add(riga)
    for conseguenza in conseguenze:
        for fatto in conseguenza.trova(visto):
            yield conseguenza.codice, _osservato(visto, fatto, fatto.riga in righe[conseguenza.codice])


def _osservato(visto: Visto, fatto: Fatto, segnalato: bool) -> Osservato:
    return Osservato(
        cosa=f"{visto.allora.opera.pk}:{fatto.riga}",
        al=visto.al,
        segnalato=segnalato,
        avvenuto_il=fatto.avvenuto_il,
        dichiarato=fatto.dichiarato,
    )
