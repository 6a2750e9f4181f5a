"""Milestones in time: a row each, with its deadline, what is forecast or was reached, and the line of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psttm import formati
from psttm.grafici.assi import ALTEZZA_TEMPO, Tempo, disegna_tempo
from psttm.grafici.colori import BLU, FILO, INCHIOSTRI, QUIETO, SFONDO, TESTO, VERMIGLIO
from psttm.grafici.tela import CORPO, CORPO_PICCOLO, Tela
from psttm.grafici.testi import a_capo, larghezza
from psttm.grafici.tipi import LineaDelTempo, Tappa

RIGA = 22.0
RIGA_DI_TESTO = 12.0
SEGNO = 9.0
RIENTRO = SEGNO + 6
PARTE_DEL_NOME = 0.34
PARTE_DELLA_NOTA = 0.22
TESTATA = 16.0
LEGENDA = 22.0
IN_RITARDO = "in_ritardo"


@dataclass(frozen=True)
class Colonne:
    """Room for the names, the stretch of the time, where the notes begin and their room."""

    nomi: float
    tempo: Tempo
    note: float
    ampiezza_note: float


@dataclass(frozen=True)
class Riga:
    """A milestone with its texts cut into lines."""

    tappa: Tappa
    nome: list[str]
    nota: list[str]

    def altezza(self, *, stretta: bool) -> float:
        if stretta:
            return RIGA + RIGA_DI_TESTO * (len(self.nome) + len(self.nota)) + 4
        return RIGA + 6 * (max(len(self.nome), len(self.nota)) - 1)


def disegna(tela: Tela, figura: LineaDelTempo) -> float:
    """Draws the rows; returns their height."""
    if not figura.tappe:
        tela.testo(tela.larghezza / 2, 24, "Nessun traguardo", ancora="middle", colore=QUIETO)
        return 40
    colonne = _colonne(tela, figura)
    righe = [
        Riga(
            tappa,
            a_capo(tappa.nome, colonne.nomi, CORPO),
            a_capo(tappa.nota, colonne.ampiezza_note, CORPO) if tappa.nota else [],
        )
        for tappa in figura.tappe
    ]
    inizio = TESTATA + ALTEZZA_TEMPO
    fondo = inizio + sum(riga.altezza(stretta=tela.stretta) for riga in righe)
    disegna_tempo(tela, colonne.tempo, TESTATA)
    _griglia(tela, colonne.tempo, inizio, fondo)
    _oggi(tela, figura.oggi, colonne.tempo, fondo)
    y = inizio
    for riga in righe:
        altezza = riga.altezza(stretta=tela.stretta)
        tela.linea((0, y), (tela.larghezza, y), FILO, 0.6)
        _testi(tela, colonne, riga, y, altezza)
        mezzo = altezza - RIGA / 2 if tela.stretta else altezza / 2
        if tela.stretta:
            x = colonne.tempo.x(figura.oggi)
            tela.linea((x, y + mezzo - RIGA / 2), (x, y + altezza), TESTO, 1.2)
        _percorso(tela, colonne.tempo, figura.oggi, riga.tappa, y + mezzo)
        y += altezza
    tela.linea((0, fondo), (tela.larghezza, fondo), FILO, 0.6)
    _legenda(tela, figura, fondo + 16)
    return fondo + LEGENDA


def _colonne(tela: Tela, figura: LineaDelTempo) -> Colonne:
    """Beside one another where there is room; in a narrow chart names and notes stand above the time."""
    giorni = [figura.oggi]
    for tappa in figura.tappe:
        giorni += [g for g in (tappa.scadenza, tappa.previsione, tappa.conseguito, tappa.scadenza_iniziale) if g]
    if tela.stretta:
        tempo = Tempo.che_contiene(giorni, 6, tela.larghezza - 6)
        return Colonne(tela.larghezza - RIENTRO, tempo, RIENTRO, tela.larghezza - RIENTRO)
    nomi = min(max(larghezza(tappa.nome, CORPO) for tappa in figura.tappe), tela.larghezza * PARTE_DEL_NOME)
    ampiezza = min(max(larghezza(tappa.nota, CORPO) for tappa in figura.tappe), tela.larghezza * PARTE_DELLA_NOTA)
    note = tela.larghezza - ampiezza
    return Colonne(nomi, Tempo.che_contiene(giorni, RIENTRO + nomi + 12, note - 12), note, ampiezza)


def _griglia(tela: Tela, tempo: Tempo, inizio: float, fondo: float) -> None:
    for mese in tempo.inizi_di_mese():
        if mese.month == 1 and not tela.stretta:
            x = tempo.margine(mese)
            tela.linea((x, inizio), (x, fondo), FILO)


def _oggi(tela: Tela, oggi: date, tempo: Tempo, fondo: float) -> None:
    x = tempo.x(oggi)
    testo = f"al {formati.data_breve(oggi)}"
    mezza = larghezza(testo, CORPO, forte=True) / 2
    tela.testo(min(max(x, mezza), tela.larghezza - mezza), 10, testo, forte=True, ancora="middle")
    tela.linea((x, TESTATA - 3), (x, TESTATA), TESTO, 1.2)
    if not tela.stretta:
        tela.linea((x, TESTATA + ALTEZZA_TEMPO), (x, fondo), TESTO, 1.2)


def _testi(tela: Tela, colonne: Colonne, riga: Riga, y: float, altezza: float) -> None:
    tappa, colore = riga.tappa, INCHIOSTRI[riga.tappa.segno]
    if tela.stretta:
        tela.segno(tappa.segno, (SEGNO / 2, y + 11), SEGNO)
        tela.righe(RIENTRO, y + 15, riga.nome, RIGA_DI_TESTO, intero=tappa.nome)
        y_nota = y + 15 + RIGA_DI_TESTO * len(riga.nome)
        tela.righe(colonne.note, y_nota, riga.nota, RIGA_DI_TESTO, colore=colore, intero=tappa.nota)
        return
    base = y + altezza / 2 + 4
    tela.segno(tappa.segno, (SEGNO / 2, y + altezza / 2), SEGNO)
    mezzo = RIGA_DI_TESTO / 2
    tela.righe(RIENTRO, base - mezzo * (len(riga.nome) - 1), riga.nome, RIGA_DI_TESTO, intero=tappa.nome)
    inizio_nota = base - mezzo * (len(riga.nota) - 1)
    tela.righe(colonne.note, inizio_nota, riga.nota, RIGA_DI_TESTO, colore=colore, intero=tappa.nota)


def _percorso(tela: Tela, tempo: Tempo, oggi: date, tappa: Tappa, y: float) -> None:
    """Deadline as a tick, the first one thinner; a thick line for how late it is; forecast hollow, reached filled."""
    scadenza = tempo.x(tappa.scadenza)
    if _spostata(tappa):
        prima = tempo.x(tappa.scadenza_iniziale or tappa.scadenza)
        _iniziale(tela, prima, scadenza, y)
    arrivo = tappa.conseguito or tappa.previsione
    if arrivo is None and tappa.segno == IN_RITARDO:
        arrivo = oggi
    if arrivo and arrivo > tappa.scadenza:
        tela.linea((scadenza, y), (tempo.x(arrivo), y), INCHIOSTRI[tappa.segno], 3)
    _scadenza(tela, scadenza, y)
    if tappa.conseguito:
        tela.cerchio((tempo.x(tappa.conseguito), y), 4.2, INCHIOSTRI[tappa.segno], SFONDO)
    elif tappa.previsione:
        tela.rombo((tempo.x(tappa.previsione), y), 5, VERMIGLIO if tappa.segno == IN_RITARDO else BLU)


def _spostata(tappa: Tappa) -> bool:
    return tappa.scadenza_iniziale is not None and tappa.scadenza_iniziale != tappa.scadenza


def _scadenza(tela: Tela, x: float, y: float) -> None:
    tela.linea((x, y - 7), (x, y + 7), TESTO, 2.2)


def _iniziale(tela: Tela, prima: float, poi: float, y: float) -> None:
    tela.linea((prima, y - 5), (prima, y + 5), QUIETO)
    tela.linea((prima, y), (poi, y), QUIETO, 0.8)


def _legenda(tela: Tela, figura: LineaDelTempo, base: float) -> None:
    """What the shapes mean: only those that the chart has."""
    x, y = 2.0, base - 4
    _scadenza(tela, x, y)
    x = _voce(tela, x + 7, base, "scadenza")
    if any(_spostata(tappa) for tappa in figura.tappe):
        _iniziale(tela, x, x + 12, y)
        x = _voce(tela, x + 18, base, "scadenza iniziale")
    if any(tappa.previsione and not tappa.conseguito for tappa in figura.tappe):
        tela.rombo((x + 4, y), 5, BLU)
        x = _voce(tela, x + 14, base, "previsto")
    if any(tappa.conseguito for tappa in figura.tappe):
        tela.cerchio((x + 4, y), 4.2, TESTO, SFONDO)
        _voce(tela, x + 14, base, "raggiunto")


def _voce(tela: Tela, x: float, base: float, testo: str) -> float:
    tela.testo(x, base, testo, corpo=CORPO_PICCOLO, colore=QUIETO)
    return x + larghezza(testo, CORPO_PICCOLO) + 16
