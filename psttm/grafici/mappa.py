"""A map of Comuni by class of a value, with the outlines of the zone and the legend of the classes."""

from __future__ import annotations

from psttm.grafici.colori import CLASSI, FILO_FORTE, QUIETO, SFONDO, TESTO
from psttm.grafici.etichette import ALTEZZA, SALITA, Riquadro
from psttm.grafici.tela import CORPO, CORPO_PICCOLO, Tela, misura, sicuro
from psttm.grafici.testi import larghezza
from psttm.grafici.tipi import Mappa

PARTE_DELLA_MAPPA = 0.72
CAMPIONE = 20.0
PASSO = 18.0


def disegna(tela: Tela, figura: Mappa) -> float:
    """Draws the map; returns its height."""
    origine_x, origine_y, ampia, alta = (float(numero) for numero in figura.viewbox.split())
    ampiezza = tela.larghezza if tela.stretta else tela.larghezza * PARTE_DELLA_MAPPA
    fattore = ampiezza / ampia
    altezza = alta * fattore
    posto = f"scale({misura(fattore)}) translate({misura(-origine_x)} {misura(-origine_y)})"
    tela.aggiungi(f'<g transform="{posto}" fill-rule="evenodd" stroke-linejoin="round">')
    for area in figura.aree:
        nome = area.nome if area.valore is None else f"{area.nome}: {figura.unita.scrivi(area.valore)}"
        bordo = f'stroke="{FILO_FORTE}" stroke-width="{misura(0.5 / fattore)}"'
        forma = f'<path d="{sicuro(area.tracciato)}" fill="{CLASSI[area.classe]}" {bordo}>'
        tela.aggiungi(f"{forma}<title>{sicuro(nome)}</title></path>")
    for contorno in figura.contorni:
        bordo = f'stroke="{TESTO}" stroke-width="{misura(1.2 / fattore)}"'
        tela.aggiungi(f'<path d="{sicuro(contorno)}" fill="none" {bordo}/>')
    tela.aggiungi("</g>")
    _etichette(tela, figura, fattore, (origine_x, origine_y), Riquadro(0, 0, ampiezza, altezza))
    if tela.stretta:
        return _legenda(tela, figura, 0, altezza + 10)
    return max(altezza, _legenda(tela, figura, ampiezza + 14, 8))


def _etichette(tela: Tela, figura: Mappa, fattore: float, origine: tuple[float, float], area: Riquadro) -> None:
    """Names on the map, each on a light ground, moved down while they touch one already written."""
    messe: list[Riquadro] = []
    for x, y, testo in figura.etichette:
        ampiezza = larghezza(testo, CORPO_PICCOLO, forte=True) + 6
        sinistra = min(max((x - origine[0]) * fattore - ampiezza / 2, area.x), area.destra - ampiezza)
        alto = min(max((y - origine[1]) * fattore - ALTEZZA / 2, area.y), area.fondo - ALTEZZA)
        posto = Riquadro(sinistra, alto, ampiezza)
        while any(posto.tocca(messa) for messa in messe) and posto.fondo + 2 <= area.fondo:
            posto = Riquadro(sinistra, posto.y + 2, ampiezza)
        messe.append(posto)
        tela.rettangolo(posto.x, posto.y, posto.larghezza, posto.altezza, SFONDO)
        tela.testo(posto.x + 3, posto.y + SALITA, testo, corpo=CORPO_PICCOLO, forte=True)


def _legenda(tela: Tela, figura: Mappa, x: float, y: float) -> float:
    """From most to none; returns where it ends."""
    if figura.unita.nome:
        tela.testo(x, y + 10, figura.unita.nome, corpo=CORPO, forte=True)
        y += PASSO
    voci = [(CLASSI[classe], _limiti(*limiti)) for classe, limiti in enumerate(figura.classi, 1)]
    for colore, testo in [*reversed(voci), (CLASSI[0], figura.nessuno)]:
        tela.rettangolo(x + 0.5, y + 0.5, CAMPIONE, 12, colore, FILO_FORTE)
        tela.testo(x + CAMPIONE + 7, y + 10.5, testo, colore=QUIETO)
        y += PASSO
    return y


def _limiti(da: int, a: int) -> str:
    return str(da) if da == a else f"{da}–{a}"
