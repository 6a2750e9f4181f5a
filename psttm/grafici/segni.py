"""State marks drawn as shapes: the font of the portal has no glyph for ● ▲ ■ ✓ ○ ✕, and another would be taken."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from psttm.grafici.colori import INCHIOSTRI

LATO = 10  # the side of the square in which a shape is drawn


@dataclass(frozen=True)
class Forma:
    """A path in a square of 10 by 10: filled, or drawn with a stroke of `spessore`."""

    tracciato: str
    spessore: float = 0


CERCHIO = Forma("M5 1.2A3.8 3.8 0 0 1 5 8.8A3.8 3.8 0 0 1 5 1.2Z")
CERCHIO_VUOTO = Forma("M5 1.8A3.2 3.2 0 0 1 5 8.2A3.2 3.2 0 0 1 5 1.8Z", 1.4)
TRIANGOLO = Forma("M5 0.9L9.5 9H0.5Z")
QUADRATO = Forma("M1.5 1.5H8.5V8.5H1.5Z")
SPUNTA = Forma("M1.3 5.4L4 8.1L8.8 2.1", 1.8)
CROCE = Forma("M2 2L8 8M8 2L2 8", 1.8)
DOMANDA = Forma("M2.9 3.2C2.9 0.5 7.2 0.5 7.2 3.2C7.2 4.9 5.1 4.7 5.1 6.6M5.1 8.5V9", 1.5)
TRATTINO = Forma("M2 5H8", 1.8)

FORME = {
    "in_linea": CERCHIO,
    "a_rischio": TRIANGOLO,
    "in_ritardo": QUADRATO,
    "concluso": SPUNTA,
    "non_avviato": CERCHIO_VUOTO,
    "conforme": SPUNTA,
    "non_conforme": CROCE,
    "non_determinabile": DOMANDA,
    "non_applicabile": TRATTINO,
    "in_coda": CERCHIO_VUOTO,
    "in_corso": CERCHIO,
    "riuscito": SPUNTA,
    "fallito": CROCE,
    "annullato": TRATTINO,
    "bene": SPUNTA,
    "da_guardare": TRIANGOLO,
    "guasto": QUADRATO,
}


def tratto(codice: str) -> str:
    """The path of a mark, in its colour, in a square of 10 by 10."""
    forma, colore = FORME[codice], INCHIOSTRI[codice]
    if not forma.spessore:
        return f'<path d="{forma.tracciato}" fill="{colore}"/>'
    return f'<path d="{forma.tracciato}" fill="none" stroke="{colore}" stroke-width="{forma.spessore:g}"/>'


def segno_svg(codice: str, lato: int, descrizione: str = "") -> str:
    """A mark as an image of `lato` px: decorative beside its word, unless it has a description.

    WeasyPrint takes the alternate text of an image from its `<title>`.
    """
    cornice = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LATO} {LATO}" width="{lato}" height="{lato}"'
    if not descrizione:
        return f'<svg {cornice} aria-hidden="true">{tratto(codice)}</svg>'
    nome = escape(descrizione, {'"': "&quot;"})
    return f'<svg {cornice} role="img" aria-label="{nome}"><title>{nome}</title>{tratto(codice)}</svg>'
