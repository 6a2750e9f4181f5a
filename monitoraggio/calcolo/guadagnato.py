"""Earned schedule: how far along its plan a set of works is, in months, and when it will end if it goes on so.

Formulas, with their source:

- ES, the earned schedule, is the time at which the plan was to be worth what has been earned: for the last point k of
  the plan with PV(k) <= EV, ES = k + (EV - PV(k)) / (PV(k+1) - PV(k)). AT is the time passed. SPI(t) = ES / AT.
  W. Lipke, «Schedule is Different», The Measurable News, 2003.
- IEAC(t) = PD / SPI(t), the forecast duration; PD is the planned one.
  K. Henderson, «Further Developments in Earned Schedule», The Measurable News, 2004.
- The range: CL = exp(ln SPI(t) ± Z · σ / √n · AF). σ is the standard deviation of the logarithms of the periodic
  SPI(t), the ES gained in each period over its length, about ln SPI(t); n is their number, divided by n - 1;
  AF = √((PD - ES) / (PD - ES / n)) narrows it as the works, which are finite, come to their end. Z is 1.6449 for 90 %.
  W. Lipke, O. Zwikael, K. Henderson, F. Anbari, «Prediction of project outcome», International Journal of Project
  Management 27 (2009), pp. 400-407.

Two choices are ours. The periods run between the months that are complete (see `curva.mesi_completi`), from the first
of them. One in which nothing was gained has no logarithm: it is one period with those after it until something is, so
that standing still lowers the rate and is not forgotten; at the end, with the one before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import Enum

from monitoraggio.calcolo.tempo import UN_GIORNO, giorno_di, posto

PRECISIONE = 28
Z_NOVANTA = Decimal("1.6449")
MESI_MINIMI = 6
PERIODI_MINIMI = 3
ANNI_MASSIMI = 20
ZERO = Decimal(0)


class Motivo(Enum):
    """Why there is no forecast."""

    SENZA_PIANO = "nessun intervento ha insieme finanziamento e date dei lavori"
    SENZA_DATI = "nessun avanzamento è stato ancora approvato"
    NON_COMINCIATO = "secondo il piano i lavori non dovevano ancora cominciare"
    SENZA_PROGRESSI = "i lavori non hanno ancora fatto progressi"
    POCHI_MESI = "ci sono meno di 6 mesi completi di dati"
    CONCLUSO = "i lavori sono conclusi"
    TROPPO_LONTANA = "non determinabile con l'andamento attuale"


@dataclass(frozen=True)
class Piano:
    """The planned value over time: places in months (see `tempo.posto`), never going back, and EUR.

    The first point is the end of the day before the works begin, worth nothing; the last one is their end.
    """

    posti: tuple[Decimal, ...]
    valori: tuple[Decimal, ...]

    @property
    def inizio(self) -> Decimal:
        return self.posti[0]

    @property
    def durata(self) -> Decimal:
        return self.posti[-1] - self.posti[0]

    @property
    def totale(self) -> Decimal:
        return self.valori[-1]

    def tempo_di(self, valore: Decimal) -> Decimal:
        """ES: months from the start to the moment at which the plan is worth this much."""
        if valore >= self.totale:
            return self.durata
        dopo = bisect_right(self.valori, max(valore, ZERO))
        da, a = self.valori[dopo - 1], self.valori[dopo]
        passo = self.posti[dopo] - self.posti[dopo - 1]
        return self.posti[dopo - 1] + passo * (max(valore, ZERO) - da) / (a - da) - self.inizio

    def valore_a(self, tempo: Decimal) -> Decimal:
        """What the plan is worth so many months after the start."""
        dove = self.inizio + tempo
        dopo = bisect_right(self.posti, dove)
        if dopo == 0:
            return ZERO
        if dopo == len(self.posti):
            return self.totale
        da, a = self.posti[dopo - 1], self.posti[dopo]
        return self.valori[dopo - 1] + (self.valori[dopo] - self.valori[dopo - 1]) * (dove - da) / (a - da)


def piano(inizio: date, fine: date, mesi: Sequence[date], valori: Sequence[Decimal]) -> Piano:
    """From the first and the last day of the works and the value at the end of the months between them."""
    totale = valori[-1]
    dentro = [(posto(mese), valore) for mese, valore in zip(mesi, valori, strict=True) if inizio <= mese < fine]
    punti = [(posto(inizio - UN_GIORNO), ZERO), *dentro, (posto(fine), totale)]
    return Piano(tuple(dove for dove, _valore in punti), tuple(valore for _dove, valore in punti))


@dataclass(frozen=True)
class Stima:
    """How the works stand against the plan at a day and when they will end. Durations in months.

    `motivo` says why there is no forecast; `senza_intervallo` that there are too few periods for a range.
    """

    motivo: Motivo | None
    es: Decimal = ZERO
    at: Decimal = ZERO
    pd: Decimal = ZERO
    spi: Decimal | None = None
    durata: Decimal | None = None
    fine: date | None = None
    periodi: int = 0
    sigma: Decimal | None = None
    fattore: Decimal | None = None
    fine_da: date | None = None
    fine_a: date | None = None
    oltre: bool = False

    @property
    def ritardo(self) -> Decimal:
        """AT - ES, in months; negative where the works are ahead of the plan."""
        return self.at - self.es


def stima(
    di: Piano | None,
    al: date,
    guadagnato: Decimal,
    periodi: Sequence[tuple[date, Decimal]],
    *,
    dati: bool = True,
    non_prima: date | None = None,
) -> Stima:
    """The forecast at the end of a day, by what was earned then and at the end of each complete month until then.

    Works that are not ended on a later day (`non_prima`) are not forecast to end by it.
    """
    if di is None:
        return Stima(Motivo.SENZA_PIANO)
    with localcontext(prec=PRECISIONE):
        return _stima(di, al, guadagnato, periodi, dati, max(al, non_prima or al))


def _stima(
    di: Piano, al: date, guadagnato: Decimal, periodi: Sequence[tuple[date, Decimal]], dati: bool, dopo: date
) -> Stima:
    at, es, pd = posto(al) - di.inizio, di.tempo_di(guadagnato), di.durata
    nota = Stima(None, es, max(at, ZERO), pd)
    if guadagnato >= di.totale:
        return replace(nota, motivo=Motivo.CONCLUSO)
    if not dati:
        return replace(nota, motivo=Motivo.SENZA_DATI)
    if at <= 0:
        return replace(nota, motivo=Motivo.NON_COMINCIATO)
    if es <= 0 or guadagnato <= 0:
        return replace(nota, motivo=Motivo.SENZA_PROGRESSI)
    if len(periodi) < MESI_MINIMI:
        return replace(nota, motivo=Motivo.POCHI_MESI)
    spi = es / at
    nota = replace(nota, spi=spi, durata=pd / spi)
    fine = _giorno(di, pd / spi, dopo)
    if fine is None:
        return replace(nota, motivo=Motivo.TROPPO_LONTANA)
    return _con_intervallo(replace(nota, fine=fine), di, dopo, _periodici(di, al, periodi))


def _giorno(di: Piano, durata: Decimal, dopo: date) -> date | None:
    """The day on which works of this duration end: later than one when they are not, by 20 years at most."""
    limite = posto(dopo) + ANNI_MASSIMI * 12
    dove = di.inizio + durata
    return None if dove > limite else max(giorno_di(dove), dopo + UN_GIORNO)


def _periodici(di: Piano, al: date, periodi: Sequence[tuple[date, Decimal]]) -> list[Decimal]:
    """The SPI(t) of each period, all above zero."""
    punti = [(posto(mese) - di.inizio, di.tempo_di(valore)) for mese, valore in periodi if mese <= al]
    punti = [punto for punto in punti if punto[0] >= 0]
    trovati: list[tuple[Decimal, Decimal]] = []
    prima = punti[0] if punti else (ZERO, ZERO)
    for tempo, es in punti[1:]:
        if es > prima[1]:
            trovati.append((es - prima[1], tempo - prima[0]))
            prima = (tempo, es)
    if trovati and punti[-1][0] > prima[0]:
        guadagno, lungo = trovati[-1]
        trovati[-1] = (guadagno, lungo + punti[-1][0] - prima[0])
    return [guadagno / lungo for guadagno, lungo in trovati]


def _con_intervallo(nota: Stima, di: Piano, dopo: date, periodici: Sequence[Decimal]) -> Stima:
    n = len(periodici)
    if n < PERIODI_MINIMI or nota.spi is None:
        return replace(nota, periodi=n)
    logaritmo = nota.spi.ln()
    sigma = (sum(((uno.ln() - logaritmo) ** 2 for uno in periodici), ZERO) / (n - 1)).sqrt()
    fattore = ((nota.pd - nota.es) / (nota.pd - nota.es / n)).sqrt()
    scarto = Z_NOVANTA * sigma / Decimal(n).sqrt() * fattore
    fine_a = _giorno(di, nota.pd / (logaritmo - scarto).exp(), dopo)
    return replace(
        nota,
        periodi=n,
        sigma=sigma,
        fattore=fattore,
        fine_da=_giorno(di, nota.pd / (logaritmo + scarto).exp(), dopo),
        fine_a=fine_a,
        oltre=fine_a is None,
    )


def proiezione(di: Piano, nota: Stima, al: date, mesi: Sequence[date]) -> list[Decimal | None]:
    """What is to be earned at the end of these months at the present rate: the plan, at SPI(t) of its speed.

    It starts from what was earned at the day, and comes to the whole on the day of the forecast.
    """
    if nota.spi is None or nota.fine is None:
        return []
    with localcontext(prec=PRECISIONE):
        ora = posto(al)
        return [
            None
            if mese < al
            else di.totale
            if mese >= nota.fine
            else di.valore_a(nota.es + (posto(mese) - ora) * nota.spi).quantize(Decimal("0.01"))
            for mese in mesi
        ]
