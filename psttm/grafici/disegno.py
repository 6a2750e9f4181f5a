"""The picture of a chart: one complete `<svg>` element, the same for pages and PDF."""

from __future__ import annotations

from functools import lru_cache

from psttm.grafici import barre, curva, gantt, mappa, tempo
from psttm.grafici.tela import Tela
from psttm.grafici.tipi import Barre, CurvaS, Figura, Gantt, LineaDelTempo, Mappa

AMPIO = 980  # the whole page, for what is long in time
LARGO = 640  # a column of text, in the PDF or in a page
STRETTO = 360  # a telephone
# Pictures that a process keeps, some tens of KB each: placing the labels took a quarter of the time of the Cruscotto,
# whose charts are the same for everybody until the data change.
RICORDATI = 128


@lru_cache(maxsize=RICORDATI)
def svg(figura: Figura, *, larghezza: int = LARGO, descrizione: str = "") -> str:
    """The chart, `larghezza` units wide and as high as it needs; `descrizione` names it for those who cannot see it.

    It fills the width of its container. Texts are 10 or 11 units high: a page draws it at `LARGO` and at `STRETTO`
    and shows the one that fits.
    """
    tela = Tela(larghezza)
    match figura:
        case CurvaS():
            nome, altezza = "Curva di avanzamento", curva.disegna(tela, figura)
        case Barre():
            nome, altezza = "Barre", barre.disegna(tela, figura)
        case LineaDelTempo():
            nome, altezza = "Linea del tempo", tempo.disegna(tela, figura)
        case Gantt():
            nome, altezza = "Diagramma di Gantt", gantt.disegna(tela, figura)
        case Mappa():
            nome, altezza = "Mappa", mappa.disegna(tela, figura)
    return tela.chiudi(altezza, descrizione or nome)
