"""Axes: round steps for values, years and months for time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from psttm import formati
from psttm.grafici.colori import FILO_FORTE, QUIETO
from psttm.grafici.tela import CORPO_PICCOLO, Tela
from psttm.grafici.testi import larghezza
from psttm.grafici.tipi import Unita, Valore

TACCHE_TONDE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
GIORNI_AL_MESE = 30.44
ALTEZZA_TEMPO = 28
# How far apart the months of a time axis may be named, and the room that names and ticks need.
CADENZE = (1, 3, 6)
POSTO_DI_UN_MESE = 26
POSTO_DI_UNA_TACCA = 7
POSTO_DI_UN_ANNO = 30


@dataclass(frozen=True)
class Scala:
    """Values on a line: `tacche` are the round values named along it, the last is its end, in units of the chart."""

    tacche: tuple[Decimal, ...]
    unita: Unita

    @property
    def massimo(self) -> Decimal:
        return self.tacche[-1]

    def quota(self, valore: Valore) -> float:
        """Which part of the scale a value takes, from 0 to 1."""
        return float(in_unita(valore, self.unita) / self.massimo)

    def nomi(self) -> list[str]:
        """The round values with as many decimals as their step needs."""
        decimali = max(0, -int(self.tacche[1].normalize().as_tuple().exponent))
        return [formati.numero(tacca, decimali) for tacca in self.tacche]


def in_unita(valore: Valore, unita: Unita) -> Decimal:
    """A value as it is shown; what is not known counts as nothing."""
    cifra = Decimal(valore or 0)
    return cifra / 1_000_000 if unita.milioni else cifra


def scala(valori: Iterable[Valore], unita: Unita, *, tacche: int = 5) -> Scala:
    """From zero to the first round value that holds them all, with about as many steps as `tacche`."""
    massimo = max((in_unita(valore, unita) for valore in valori), default=Decimal(0))
    if massimo <= 0:
        massimo = Decimal(1)
    interi = not unita.milioni and not unita.decimali
    passo = _passo_tondo(massimo / tacche, interi=interi)
    quante = int((massimo / passo).to_integral_value(ROUND_CEILING))
    return Scala(tuple(passo * numero for numero in range(quante + 1)), unita)


def _passo_tondo(minimo: Decimal, *, interi: bool) -> Decimal:
    decina = Decimal(1).scaleb(max(minimo.adjusted(), 0) if interi else minimo.adjusted())
    passi = (decina * tondo for tondo in TACCHE_TONDE)
    return next(passo for passo in passi if passo >= minimo and not (interi and passo % 1))


@dataclass(frozen=True)
class Tempo:
    """Days on a horizontal line: whole months from `inizio` to `fine`, both included, between two abscissas."""

    inizio: date
    fine: date
    sinistra: float
    destra: float

    @classmethod
    def che_contiene(cls, giorni: Iterable[date], sinistra: float, destra: float) -> Tempo:
        tutti = sorted(giorni)
        return cls(tutti[0].replace(day=1), mese_dopo(tutti[-1]) - timedelta(days=1), sinistra, destra)

    def x(self, giorno: date) -> float:
        """Where a day ends: the last of the line is at its right end."""
        durata = (self.fine - self.inizio).days + 1
        return self.sinistra + (self.destra - self.sinistra) * ((giorno - self.inizio).days + 1) / durata

    def inizi_di_mese(self) -> list[date]:
        mesi = [self.inizio]
        while mese_dopo(mesi[-1]) <= self.fine:
            mesi.append(mese_dopo(mesi[-1]))
        return mesi

    def margine(self, giorno: date) -> float:
        """Where a day begins."""
        return self.x(giorno - timedelta(days=1))

    @property
    def mese(self) -> float:
        """Width of a month."""
        return (self.destra - self.sinistra) * GIORNI_AL_MESE / ((self.fine - self.inizio).days + 1)


def mese_dopo(giorno: date) -> date:
    """The first day of the next month."""
    return date(giorno.year + giorno.month // 12, giorno.month % 12 + 1, 1)


def disegna_tempo(tela: Tela, tempo: Tempo, y: float) -> None:
    """An axis of `ALTEZZA_TEMPO` from `y` down: ticks, months where there is room for their names, years."""
    tela.linea((tempo.sinistra, y), (tempo.destra, y), FILO_FORTE)
    cadenza = next((c for c in CADENZE if c * tempo.mese >= POSTO_DI_UN_MESE), 0)
    ogni_tacca = next((c for c in CADENZE if c * tempo.mese >= POSTO_DI_UNA_TACCA), 12)
    ogni_anno = max(1, math.ceil(POSTO_DI_UN_ANNO / (12 * tempo.mese)))
    for mese in tempo.inizi_di_mese():
        x = tempo.margine(mese)
        if mese.month == 1 and mese.year % ogni_anno == 0:
            tela.linea((x, y), (x, y + ALTEZZA_TEMPO - 4), FILO_FORTE, 0.8)
        elif (mese.month - 1) % ogni_tacca == 0:
            tela.linea((x, y), (x, y + 4), FILO_FORTE, 0.6)
        if cadenza and (mese.month - 1) % cadenza == 0:
            _nome_del_mese(tela, tempo, mese, cadenza, y)
    _anni(tela, tempo, ogni_anno, y + (ALTEZZA_TEMPO - 5 if cadenza else 15))


def _nome_del_mese(tela: Tela, tempo: Tempo, mese: date, cadenza: int, y: float) -> None:
    """In the middle of the month if each is named, else beside its beginning."""
    nome = formati.MESI[mese.month - 1][:3]
    x = tempo.margine(mese)
    if cadenza == 1:
        centro = (x + tempo.margine(mese_dopo(mese))) / 2
        tela.testo(centro, y + 12, nome, corpo=CORPO_PICCOLO, ancora="middle", colore=QUIETO)
    elif x + 3 + larghezza(nome, CORPO_PICCOLO) <= tempo.destra:
        tela.testo(x + 3, y + 12, nome, corpo=CORPO_PICCOLO, colore=QUIETO)


def _anni(tela: Tela, tempo: Tempo, ogni: int, y: float) -> None:
    """Each year in the middle of its part of the axis; where years are too short, one of some beside its beginning."""
    for anno in range(tempo.inizio.year, tempo.fine.year + 1):
        da = max(tempo.margine(date(anno, 1, 1)), tempo.sinistra)
        a = min(tempo.x(date(anno, 12, 31)), tempo.destra)
        ampiezza = larghezza(str(anno), CORPO_PICCOLO, forte=True)
        if ogni == 1 and ampiezza <= a - da:
            tela.testo((da + a) / 2, y, str(anno), corpo=CORPO_PICCOLO, forte=True, ancora="middle")
        elif ogni > 1 and anno % ogni == 0 and date(anno, 1, 1) >= tempo.inizio and da + 3 + ampiezza <= tempo.destra:
            tela.testo(da + 3, y, str(anno), corpo=CORPO_PICCOLO, forte=True)
