"""What the shapes of a Gantt mean."""

from __future__ import annotations

from collections.abc import Iterator

from psttm.grafici.assi import Tempo
from psttm.grafici.colori import BLU, PIANO, QUIETO, SFONDO
from psttm.grafici.gantt_marche import SEGNO, TRATTI_PREVISTO, dentro, giorni_di
from psttm.grafici.tela import CORPO_PICCOLO, Tela
from psttm.grafici.testi import larghezza
from psttm.grafici.tipi import Gantt


def disegna_legenda(tela: Tela, figura: Gantt, tempo: Tempo, base: float) -> float:
    """What the shapes mean: only those that the chart has, on as many lines as they need. Returns where it ends."""
    x = 0.0
    for forma, testo in _voci(figura, tempo):
        ampiezza = 25 + larghezza(testo, CORPO_PICCOLO)
        if x and x + ampiezza > tela.larghezza:
            x, base = 0.0, base + 14
        _forma(tela, forma, x, base - 3.5)
        tela.testo(x + 22, base, testo, corpo=CORPO_PICCOLO, colore=QUIETO)
        x += ampiezza + 11
    return base + 6


def _voci(figura: Gantt, tempo: Tempo) -> Iterator[tuple[str, str]]:
    righe = figura.righe
    if any(riga.base for riga in righe):
        yield "base", "piano"
    if any(riga.svolto for riga in righe):
        yield "fatto", "svolto"
    elif any(riga.base and (riga.progresso or 0) > 0 for riga in righe):
        yield "fatto", "fatto, come parte del piano"
    if any(riga.fine_stimata for riga in righe):
        yield "previsto", "fine prevista"
    if any(marca.iniziale for riga in righe for marca in riga.marche):
        yield "iniziale", "scadenza iniziale"
    presenti = {marca.segno for riga in righe for marca in riga.marche} | {s for riga in righe for s, _ in riga.conti}
    for segno, parola in figura.parole:
        if segno in presenti:
            yield segno, parola
    giorni = [giorno for riga in righe for giorno in giorni_di(riga)]
    if any(not dentro(giorno, tempo.inizio, tempo.fine) for giorno in giorni):
        yield "fuori", "continua fuori dal periodo"


def _forma(tela: Tela, forma: str, x: float, y: float) -> None:
    match forma:
        case "base":
            tela.linea((x, y), (x + 18, y), PIANO, 2)
            tela.linea((x, y - 3), (x, y + 3), PIANO, 1.2)
            tela.linea((x + 18, y - 3), (x + 18, y + 3), PIANO, 1.2)
        case "fatto":
            tela.rettangolo(x, y - 4, 18, 8, BLU)
        case "previsto":
            tela.linea((x, y), (x + 14, y), BLU, 2, TRATTI_PREVISTO)
            tela.cerchio((x + 14, y), 3.2, SFONDO, BLU, 1.6)
        case "iniziale":
            tela.linea((x + 4, y - 4), (x + 4, y + 4), QUIETO)
            tela.linea((x + 4, y), (x + 18, y), QUIETO, 0.8)
        case "fuori":
            tela.freccia((x + 3, y), -1, QUIETO)
            tela.freccia((x + 17, y), 1, QUIETO)
        case segno:
            tela.segno(segno, (x + 12, y), SEGNO)
