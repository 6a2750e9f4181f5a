"""Where labels go so that none is written on another, and as few as possible on the lines."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from operator import itemgetter

from psttm.grafici.tela import CORPO, Punto
from psttm.grafici.testi import larghezza

ALTEZZA = 13.0
SALITA = 10.0  # from the top of the box of a text to its baseline
DISTANZA = 8.0
RAGGIO = 6.0
PASSO_DI_RICERCA = 4.0
COSTO_DI_UN_ALTRO_PUNTO = 12.0
COSTO_SU_LINEA = 90.0
COSTO_SU_SEGNALE = 20.0
FILE_DI_BANDIERE = 4


@dataclass(frozen=True)
class Riquadro:
    """A rectangle with its sides along the axes."""

    x: float
    y: float
    larghezza: float
    altezza: float = ALTEZZA

    @property
    def destra(self) -> float:
        return self.x + self.larghezza

    @property
    def fondo(self) -> float:
        return self.y + self.altezza

    def tocca(self, altro: Riquadro, margine: float = 2) -> bool:
        return (
            self.x < altro.destra + margine
            and altro.x < self.destra + margine
            and self.y < altro.fondo
            and altro.y < self.fondo
        )

    def contiene(self, altro: Riquadro) -> bool:
        return self.x <= altro.x and altro.destra <= self.destra and self.y <= altro.y and altro.fondo <= self.fondo

    def attraversato(self, da: Punto, a: Punto) -> bool:
        """Whether a segment passes through it (Liang and Barsky's clipping)."""
        entra, esce = 0.0, 1.0
        passo_x, passo_y = a[0] - da[0], a[1] - da[1]
        for passo, spazio in (
            (-passo_x, da[0] - self.x),
            (passo_x, self.destra - da[0]),
            (-passo_y, da[1] - self.y),
            (passo_y, self.fondo - da[1]),
        ):
            if passo == 0:
                if spazio < 0:
                    return False
            elif passo < 0:
                entra = max(entra, spazio / passo)
            else:
                esce = min(esce, spazio / passo)
        return entra <= esce


@dataclass(frozen=True)
class Etichetta:
    """A text that names a point, or any of several, the best first."""

    testo: str
    punti: tuple[Punto, ...]
    colore: str
    forte: bool = False

    @property
    def ampiezza(self) -> float:
        return larghezza(self.testo, CORPO, forte=self.forte)


def colloca(
    etichette: Sequence[Etichetta],
    area: Riquadro,
    curve: Sequence[Sequence[Punto]],
    segnali: Sequence[float] = (),
) -> list[Riquadro]:
    """For each label the place nearest to its points, inside the area, off the others and, if it can, off the curves.

    Curves go from left to right; `segnali` are abscissas of vertical lines, which a label crosses at a smaller price.
    """
    messe: list[Riquadro] = []
    for etichetta in etichette:
        posti = _posti(etichetta, area, segnali)
        liberi = [posto for posto in posti if not any(posto.tocca(messa) for messa in messe)]
        messe.append(_migliore(liberi, etichetta.punti, curve, segnali))
    return messe


def _migliore(
    posti: Sequence[Riquadro], punti: Sequence[Punto], curve: Sequence[Sequence[Punto]], segnali: Sequence[float]
) -> Riquadro:
    vicini = sorted(((_distanza(posto, punti), posto) for posto in posti), key=lambda coppia: coppia[0])
    scelto, minimo = vicini[0][1], math.inf
    for distanza, posto in vicini:
        if distanza >= minimo:
            break  # those that follow are farther away, and nothing makes them cheaper
        costo = distanza + _ingombro(posto, punti[0], curve, segnali)
        if costo < minimo:
            scelto, minimo = posto, costo
    return scelto


def _posti(etichetta: Etichetta, area: Riquadro, segnali: Sequence[float]) -> list[Riquadro]:
    """Beside and around the points, and beside the vertical lines, at every height of the area; all inside it."""
    ampiezza = min(etichetta.ampiezza, area.larghezza)
    sinistre = [lato for x, _ in etichetta.punti for lato in (x + DISTANZA, x - DISTANZA - ampiezza, x - ampiezza / 2)]
    sinistre += [lato for segnale in segnali for lato in (segnale + 4, segnale - 4 - ampiezza)]
    dentro = dict.fromkeys(min(max(sinistra, area.x), area.destra - ampiezza) for sinistra in sinistre)
    file = int((area.altezza - ALTEZZA) // PASSO_DI_RICERCA)
    altezze = [area.y + passo * PASSO_DI_RICERCA for passo in range(file + 1)]
    return [Riquadro(sinistra, alto, ampiezza) for sinistra, alto in product(dentro, altezze)]


def _distanza(posto: Riquadro, punti: Sequence[Punto]) -> float:
    """From the nearest of the points; those after the first are as if they were farther."""
    return min(
        max(posto.x - x, x - posto.destra, 0) + max(posto.y - y, y - posto.fondo, 0) + COSTO_DI_UN_ALTRO_PUNTO * scelta
        for scelta, (x, y) in enumerate(punti)
    )


def _ingombro(posto: Riquadro, punto: Punto, curve: Sequence[Sequence[Punto]], segnali: Sequence[float]) -> float:
    """What it costs to cover the curves, the point itself and the vertical lines."""
    x, y = punto
    segno = Riquadro(x - RAGGIO, y - RAGGIO, 2 * RAGGIO, 2 * RAGGIO)
    su_curve = sum(_attraversato(posto, curva) for curva in curve) + posto.tocca(segno, 0)
    su_segnali = sum(posto.x - 2 < segnale < posto.destra + 2 for segnale in segnali)
    return COSTO_SU_LINEA * su_curve + COSTO_SU_SEGNALE * su_segnali


def _attraversato(posto: Riquadro, curva: Sequence[Punto]) -> bool:
    """Whether a curve passes there: only its stretch above and below the box is looked at."""
    da = max(bisect_left(curva, posto.x, key=itemgetter(0)) - 1, 0)
    a = bisect_right(curva, posto.destra, key=itemgetter(0)) + 1
    return any(posto.attraversato(*tratto) for tratto in pairwise(curva[da:a]))


@dataclass(frozen=True)
class Bandiera:
    """A label above a vertical line: which row it stands in, counted upwards, and where it begins."""

    fila: int
    x: float


def bandiere(richieste: Sequence[Punto], area: tuple[float, float], occupata: float) -> list[Bandiera]:
    """Rows and abscissas for labels above vertical lines, given (abscissa of the line, width of the label) for each.

    No label touches another, nor the first `occupata` units of the lowest row; a line crosses the label of another
    only where there is no other way.
    """
    sinistra, destra = area
    possibili = []
    for x, ampiezza in richieste:
        lati = (x + 4, x - 4 - ampiezza, x - ampiezza / 2)
        dentro = dict.fromkeys(max(min(lato, destra - ampiezza), sinistra) for lato in lati)
        possibili.append([Bandiera(fila, lato) for fila, lato in product(range(FILE_DI_BANDIERE), dentro)])
    insiemi = [insieme for insieme in map(list, product(*possibili)) if _stanno(insieme, richieste, occupata)]
    return min(insiemi, key=lambda insieme: _costo_delle_bandiere(insieme, richieste))


def _stanno(insieme: Sequence[Bandiera], richieste: Sequence[Punto], occupata: float) -> bool:
    tratti = [
        (messa.fila, messa.x, messa.x + ampiezza) for messa, (_, ampiezza) in zip(insieme, richieste, strict=True)
    ]
    if any(fila == 0 and inizio < occupata for fila, inizio, _ in tratti):
        return False
    return not any(
        fila == altra_fila and inizio < altra_fine + 8 and altro_inizio < fine + 8
        for (fila, inizio, fine), (altra_fila, altro_inizio, altra_fine) in combinations(tratti, 2)
    )


def _costo_delle_bandiere(insieme: Sequence[Bandiera], richieste: Sequence[Punto]) -> float:
    costo = 0.0
    for messa, (x, ampiezza) in zip(insieme, richieste, strict=True):
        a_lato = messa.x == x + 4 or messa.x == x - 4 - ampiezza
        costo += messa.fila * 10 + (0 if a_lato else 4) + (0 if messa.x >= x else 1)
        costo += COSTO_SU_LINEA * sum(
            altra.x - 3 < x < altra.x + altra_ampiezza + 3
            for altra, (_, altra_ampiezza) in zip(insieme, richieste, strict=True)
            if altra is not messa and altra.fila <= messa.fila
        )
    return costo
