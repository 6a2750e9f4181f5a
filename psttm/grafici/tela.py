"""Where a chart is drawn: shapes and texts become SVG with presentation attributes only, without ids or styles.

Pages forbid inline styles and may hold many charts: nothing here needs a name that must be unique, and hatches are
lines cut to their shape instead of patterns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from psttm.grafici import segni, testi
from psttm.grafici.colori import FILO_FORTE, SFONDO, TESTO, Tinta

CARATTERE = "Titillium Web, sans-serif"
CORPO = 11
CORPO_PICCOLO = 10
# Below this width a chart puts names above what they name, not beside it.
STRETTO = 480
PASSO_TRAMA = 5
VIETATI = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Punto = tuple[float, float]


def misura(valore: float) -> str:
    """A coordinate with two decimals at most and no exponent."""
    scritto = f"{valore:.2f}".rstrip("0").rstrip(".")
    return "0" if scritto == "-0" else scritto


def sicuro(testo: str) -> str:
    """A text for XML, in content and attributes alike; what XML does not admit becomes a space."""
    return escape(VIETATI.sub(" ", testo), {'"': "&quot;"})


class Tela:
    """Collects the shapes of a chart, in the order in which they cover one another."""

    def __init__(self, larghezza: int) -> None:
        self.larghezza = larghezza
        self.stretta = larghezza < STRETTO
        self._pezzi: list[str] = []

    def linea(self, da: Punto, a: Punto, colore: str, spessore: float = 1, tratti: str = "") -> None:
        estremi = f'x1="{misura(da[0])}" y1="{misura(da[1])}" x2="{misura(a[0])}" y2="{misura(a[1])}"'
        self._pezzi.append(f'<line {estremi} stroke="{colore}" stroke-width="{spessore:g}"{_tratti(tratti)}/>')

    def spezzata(self, punti: Sequence[Punto], colore: str, spessore: float, tratti: str = "") -> None:
        """A line through points."""
        scritti = " ".join(f"{misura(x)},{misura(y)}" for x, y in punti)
        aspetto = f'fill="none" stroke="{colore}" stroke-width="{spessore:g}" stroke-linejoin="round"'
        self._pezzi.append(f'<polyline points="{scritti}" {aspetto}{_tratti(tratti)}/>')

    def rettangolo(self, x: float, y: float, larghezza: float, altezza: float, fondo: str, bordo: str = "") -> None:
        lati = f'x="{misura(x)}" y="{misura(y)}" width="{misura(larghezza)}" height="{misura(altezza)}"'
        self._pezzi.append(f'<rect {lati} fill="{fondo}"{_bordo(bordo, 1)}/>')

    def campitura(self, x: float, y: float, larghezza: float, altezza: float, tinta: Tinta) -> None:
        """A rectangle with the colour and the hatch of a tint."""
        self.rettangolo(x, y, larghezza, altezza, tinta.fondo)
        tratto = trama(x, y, larghezza, altezza, tinta.trama)
        if tratto:
            self._pezzi.append(f'<path d="{tratto}" fill="none" stroke="{tinta.segno}" stroke-width="1"/>')
        if tinta.fondo == SFONDO and larghezza > 1:
            self.rettangolo(x + 0.5, y + 0.5, larghezza - 1, altezza - 1, "none", FILO_FORTE)

    def cerchio(self, centro: Punto, raggio: float, fondo: str, bordo: str = "", spessore: float = 1) -> None:
        luogo = f'cx="{misura(centro[0])}" cy="{misura(centro[1])}" r="{misura(raggio)}"'
        self._pezzi.append(f'<circle {luogo} fill="{fondo}"{_bordo(bordo, spessore)}/>')

    def rombo(self, centro: Punto, raggio: float, colore: str) -> None:
        """The hollow, dashed shape of what is only forecast."""
        x, y = centro
        punti = ((x, y - raggio), (x + raggio, y), (x, y + raggio), (x - raggio, y))
        scritti = " ".join(f"{misura(px)},{misura(py)}" for px, py in punti)
        bordo = _bordo(colore, 1.4)
        self._pezzi.append(f'<polygon points="{scritti}" fill="{SFONDO}"{bordo} stroke-dasharray="2.2 1.4"/>')

    def freccia(self, punta: Punto, verso: int, colore: str) -> None:
        """A small triangle that points to the right (1) or to the left (-1)."""
        x, y = punta
        coda = misura(x - 5 * verso)
        punti = f"{misura(x)},{misura(y)} {coda},{misura(y - 4)} {coda},{misura(y + 4)}"
        self._pezzi.append(f'<polygon points="{punti}" fill="{colore}"/>')

    def segno(self, codice: str, centro: Punto, lato: float, nome: str = "") -> None:
        """A state mark around its centre; `nome` is told to who points at it."""
        x, y = centro[0] - lato / 2, centro[1] - lato / 2
        posto = f"translate({misura(x)} {misura(y)}) scale({misura(lato / segni.LATO)})"
        titolo = f"<title>{sicuro(nome)}</title>" if nome else ""
        self._pezzi.append(f'<g transform="{posto}">{titolo}{segni.tratto(codice)}</g>')

    def testo(
        self,
        x: float,
        y: float,
        testo: str,
        *,
        corpo: float = CORPO,
        forte: bool = False,
        ancora: str = "start",
        colore: str = TESTO,
        intero: str = "",
    ) -> None:
        """A line of text on the baseline `y`; `intero` is what a text cut short says in full."""
        posto = f'x="{misura(x)}" y="{misura(y)}" font-size="{corpo:g}" fill="{colore}"'
        peso = ' font-weight="600"' if forte else ""
        ancoraggio = "" if ancora == "start" else f' text-anchor="{ancora}"'
        scritta = f"<text {posto}{peso}{ancoraggio}>{sicuro(testo)}</text>"
        if intero and intero != testo:
            scritta = f"<g><title>{sicuro(intero)}</title>{scritta}</g>"
        self._pezzi.append(scritta)

    def righe(
        self, x: float, y: float, righe: Sequence[str], passo: float, *, colore: str = TESTO, intero: str = ""
    ) -> None:
        """Lines of text one under the other, the first on the baseline `y`; `intero` is said if some is left out."""
        accorciato = any(riga.endswith(testi.PUNTINI) for riga in righe)
        for indice, riga in enumerate(righe):
            self.testo(x, y + indice * passo, riga, colore=colore, intero=intero if accorciato else "")

    def aggiungi(self, pezzo: str) -> None:
        """SVG already written."""
        self._pezzi.append(pezzo)

    def chiudi(self, altezza: float, descrizione: str) -> str:
        """The whole image. Browsers name it by `aria-label`, WeasyPrint by its `<title>`."""
        nome = sicuro(descrizione)
        cornice = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.larghezza} {misura(altezza)}"'
        accesso = f'role="img" aria-label="{nome}" font-family="{CARATTERE}"'
        return f"<svg {cornice} {accesso}><title>{nome}</title>{''.join(self._pezzi)}</svg>"


def trama(x: float, y: float, larghezza: float, altezza: float, verso: str) -> str:
    """The oblique lines of a hatch inside a rectangle, going up ("salita") or down ("discesa"); "" is none."""
    if not verso:
        return ""
    tratti = []
    distanza = PASSO_TRAMA / 2.0
    while distanza < larghezza + altezza:
        # The oblique through the lower (or upper) left corner moved right by `distanza`, cut by the rectangle.
        sinistra, destra = max(distanza - altezza, 0), min(distanza, larghezza)
        alto, basso = distanza - destra, distanza - sinistra
        if verso == "discesa":
            alto, basso = altezza - alto, altezza - basso
        tratti.append(f"M{misura(x + sinistra)} {misura(y + basso)}L{misura(x + destra)} {misura(y + alto)}")
        distanza += PASSO_TRAMA
    return "".join(tratti)


def _tratti(tratti: str) -> str:
    return f' stroke-dasharray="{tratti}"' if tratti else ""


def _bordo(colore: str, spessore: float) -> str:
    return f' stroke="{colore}" stroke-width="{spessore:g}"' if colore else ""
