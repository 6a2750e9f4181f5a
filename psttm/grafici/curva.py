"""The S-curve: planned, actual and forecast progress, each named on its own line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from psttm import formati
from psttm.grafici.assi import ALTEZZA_TEMPO, Scala, Tempo, disegna_tempo, scala
from psttm.grafici.colori import BLU, FASCIA, FILO, PIANO, QUIETO, SFONDO, TESTO
from psttm.grafici.etichette import ALTEZZA, SALITA, Bandiera, Etichetta, Riquadro, bandiere, colloca
from psttm.grafici.tela import CORPO, CORPO_PICCOLO, Punto, Tela
from psttm.grafici.testi import larghezza
from psttm.grafici.tipi import CurvaS, Valore

PROPORZIONE = 0.4
ALTEZZA_MINIMA = 190.0
TRATTI_PREVISTO = "5 3"
TRATTI_SCADENZA = "7 3"
FILA = 15.0


@dataclass(frozen=True)
class Segnale:
    """A day marked by a vertical line, with its label above."""

    giorno: date
    testo: str
    colore: str
    tratti: str = ""

    @property
    def ampiezza(self) -> float:
        return larghezza(self.testo, CORPO, forte=True)


def disegna(tela: Tela, figura: CurvaS) -> float:
    """Draws the curve; returns its height."""
    if all(valore is None for valore in (*figura.piano, *figura.effettivo, *figura.previsto)):
        tela.testo(tela.larghezza / 2, 24, "Nessun valore noto", ancora="middle", colore=QUIETO)
        return 40
    valori = scala([*figura.piano, *figura.effettivo, *figura.previsto, figura.totale], figura.unita)
    sinistra = max(larghezza(nome, CORPO_PICCOLO) for nome in valori.nomi()) + 8
    notevoli = (figura.oggi, figura.scadenza, figura.fine_stimata, figura.fine_da, figura.fine_a)
    giorni = [giorno for giorno in notevoli if giorno is not None]
    tempo = Tempo.che_contiene([*figura.mesi, *giorni], sinistra, tela.larghezza - 4)
    segnali = _segnali(figura)
    nome = figura.unita.nome
    messe = bandiere(
        [(tempo.x(segnale.giorno), segnale.ampiezza) for segnale in segnali],
        (0, float(tela.larghezza)),
        larghezza(nome, CORPO_PICCOLO) + 8 if nome else 0,
    )
    cima = FILA * (1 + max((messa.fila for messa in messe), default=0)) + 8
    area = Riquadro(sinistra, cima, tempo.destra - sinistra, max(tela.larghezza * PROPORZIONE, ALTEZZA_MINIMA))

    _griglia(tela, valori, area)
    _fascia(tela, figura, tempo, area)
    tela.testo(0, cima - 8 - FILA + SALITA + 2, nome, corpo=CORPO_PICCOLO, colore=QUIETO)
    _bandiere(tela, segnali, messe, tempo, area)
    linee = _linee(figura, tempo, valori, area)
    _curve(tela, figura, linee, area, [tempo.x(giorno) for giorno in giorni])
    disegna_tempo(tela, tempo, area.fondo)
    return area.fondo + ALTEZZA_TEMPO


def _bandiere(tela: Tela, segnali: list[Segnale], messe: list[Bandiera], tempo: Tempo, area: Riquadro) -> None:
    """Vertical lines first, so that a label that must stand on one covers it."""
    altezze = [area.y - 6 - FILA * (messa.fila + 1) for messa in messe]
    for segnale, messa, alto in zip(segnali, messe, altezze, strict=True):
        x = tempo.x(segnale.giorno)
        sotto = messa.x - 2 < x < messa.x + segnale.ampiezza + 2
        tela.linea((x, alto + (ALTEZZA if sotto else 0)), (x, area.fondo), segnale.colore, 1.2, segnale.tratti)
    for segnale, messa, alto in zip(segnali, messe, altezze, strict=True):
        tela.rettangolo(messa.x - 1, alto, segnale.ampiezza + 2, ALTEZZA, SFONDO)
        tela.testo(messa.x, alto + SALITA, segnale.testo, forte=True, colore=segnale.colore)


def _segnali(figura: CurvaS) -> list[Segnale]:
    segnali = []
    if figura.oggi:
        segnali.append(Segnale(figura.oggi, f"al {formati.data_breve(figura.oggi)}", TESTO))
    if figura.scadenza:
        segnali.append(
            Segnale(figura.scadenza, f"scadenza {formati.data_breve(figura.scadenza)}", QUIETO, TRATTI_SCADENZA)
        )
    if figura.fine_stimata:
        testo = f"fine stimata {formati.data_breve(figura.fine_stimata)}"
        if figura.fine_da and figura.fine_a:
            testo += f" (tra {figura.fine_da:%m/%Y} e {figura.fine_a:%m/%Y})"
        segnali.append(Segnale(figura.fine_stimata, testo, BLU, "2 2"))
    return segnali


def _fascia(tela: Tela, figura: CurvaS, tempo: Tempo, area: Riquadro) -> None:
    """Between which days the end is forecast: a light band, bounded so that it shows in grey too."""
    if figura.fine_da is None or figura.fine_a is None:
        return
    da, a = sorted((tempo.x(figura.fine_da), tempo.x(figura.fine_a)))
    tela.rettangolo(da, area.y, a - da, area.altezza, FASCIA)
    tela.spezzata(((da, area.fondo), (da, area.y), (a, area.y), (a, area.fondo)), BLU, 0.6)


def _griglia(tela: Tela, valori: Scala, area: Riquadro) -> None:
    for tacca, nome in zip(valori.tacche, valori.nomi(), strict=True):
        y = area.fondo - area.altezza * float(tacca / valori.massimo)
        if tacca:
            tela.linea((area.x, y), (area.destra, y), FILO)
        tela.testo(area.x - 5, y + 3.5, nome, corpo=CORPO_PICCOLO, ancora="end", colore=QUIETO)


@dataclass(frozen=True)
class Linee:
    """The curves as points on the canvas, each in its unbroken stretches, and the height of the total."""

    piano: list[list[Punto]]
    effettivo: list[list[Punto]]
    previsto: list[list[Punto]]
    totale: list[list[Punto]]

    def tutte(self) -> list[list[Punto]]:
        return [*self.piano, *self.effettivo, *self.previsto, *self.totale]


def _linee(figura: CurvaS, tempo: Tempo, valori: Scala, area: Riquadro) -> Linee:
    def quota(valore: Valore) -> float:
        return area.fondo - area.altezza * valori.quota(valore)

    def punto(mese: date, valore: Valore) -> Punto:
        return tempo.x(mese), quota(valore)

    totale = quota(figura.totale)
    return Linee(
        piano=_tratti(figura.mesi, figura.piano, punto),
        effettivo=_tratti(figura.mesi, figura.effettivo, punto),
        previsto=_tratti(figura.mesi, _attaccato(figura), punto),
        totale=[[(area.x, totale), (area.destra, totale)]] if figura.totale else [],
    )


def _etichette(figura: CurvaS, linee: Linee) -> list[Etichetta]:
    etichette = []
    if linee.effettivo:
        ultimo = [valore for valore in figura.effettivo if valore is not None][-1]
        testo = f"effettivo {figura.unita.scrivi(ultimo)}"
        etichette.append(Etichetta(testo, (linee.effettivo[-1][-1],), BLU, forte=True))
    if linee.piano:
        etichette.append(Etichetta("piano", _lungo(linee.piano[-1]), QUIETO))
    if linee.previsto:
        etichette.append(Etichetta("previsto", _lungo(linee.previsto[-1]), BLU))
    if linee.totale:
        etichette.append(Etichetta(f"totale {figura.unita.scrivi(figura.totale)}", (linee.totale[0][0],), QUIETO))
    return etichette


def _curve(tela: Tela, figura: CurvaS, linee: Linee, area: Riquadro, segnali: Sequence[float]) -> None:
    etichette = _etichette(figura, linee)
    dentro = Riquadro(area.x + 3, area.y + 2, area.larghezza - 6, area.altezza - 4)
    posti = colloca(etichette, dentro, linee.tutte(), segnali)
    for posto in posti:
        if any(posto.x < segnale < posto.destra for segnale in segnali):
            tela.rettangolo(posto.x - 2, posto.y, posto.larghezza + 4, posto.altezza, SFONDO)
    for tratti, colore, spessore, trattini in (
        (linee.totale, PIANO, 0.8, ""),
        (linee.piano, PIANO, 1.4, ""),
        (linee.previsto, BLU, 2, TRATTI_PREVISTO),
        (linee.effettivo, BLU, 3, ""),
    ):
        for tratto in tratti:
            if len(tratto) == 1:
                tela.cerchio(tratto[0], 2, colore)
            else:
                tela.spezzata(tratto, colore, spessore, trattini)
    if linee.previsto:
        tela.cerchio(linee.previsto[-1][-1], 3.5, SFONDO, BLU, 1.6)
    if linee.effettivo:
        tela.cerchio(linee.effettivo[-1][-1], 4, BLU, SFONDO, 1.5)
    for etichetta, posto in zip(etichette, posti, strict=True):
        tela.testo(posto.x, posto.y + SALITA, etichetta.testo, forte=etichetta.forte, colore=etichetta.colore)


def _tratti(
    mesi: Sequence[date], valori: Sequence[Valore], punto: Callable[[date, Valore], Punto]
) -> list[list[Punto]]:
    """The unbroken stretches of a series: what is not known interrupts the line."""
    tratti: list[list[Punto]] = [[]]
    for mese, valore in zip(mesi, valori, strict=True):
        if valore is not None:
            tratti[-1].append(punto(mese, valore))
        elif tratti[-1]:
            tratti.append([])
    return [tratto for tratto in tratti if tratto]


def _lungo(tratto: Sequence[Punto]) -> tuple[Punto, ...]:
    """Where a line may be named: along it, clear of the vertical lines of the end, or at its end."""
    ultimo = len(tratto) - 1
    return tuple(tratto[ultimo * quarti // 4] for quarti in (3, 2, 4))


def _attaccato(figura: CurvaS) -> tuple[Valore, ...]:
    """The forecast, begun where the actual line ends."""
    previsto = list(figura.previsto or [None] * len(figura.mesi))
    noti = [indice for indice, valore in enumerate(figura.effettivo) if valore is not None]
    if noti and any(valore is not None for valore in previsto) and previsto[noti[-1]] is None:
        previsto[noti[-1]] = figura.effettivo[noti[-1]]
    return tuple(previsto)
