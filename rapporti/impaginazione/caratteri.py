"""The fonts of a report: which they are, what they can write, and what to write instead of what they cannot."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import bootstrap_italia_template
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont, TTLibError

from rapporti.errori import RapportoImpossibile

CARTELLA = Path(bootstrap_italia_template.__file__).parent / "static" / "fonts"
TESTO, CODICI = "Titillium Web", "Roboto Mono"
NORMALE, FORTE = 400, 600
# Family, weight, style, file.
FILE = (
    (TESTO, NORMALE, "normal", "Titillium_Web/titillium-web-v10-latin-ext_latin-regular.ttf"),
    (TESTO, NORMALE, "italic", "Titillium_Web/titillium-web-v10-latin-ext_latin-italic.ttf"),
    (TESTO, FORTE, "normal", "Titillium_Web/titillium-web-v10-latin-ext_latin-600.ttf"),
    (TESTO, 700, "normal", "Titillium_Web/titillium-web-v10-latin-ext_latin-700.ttf"),
    (CODICI, NORMALE, "normal", "Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular.ttf"),
)

# What our fonts have no glyph for, and a better way to write it than that of Unicode.
SOSTITUTI = {
    "≥": ">=",
    "≤": "<=",
    "≈": "~",
    "→": "–",
    "←": "–",
    "‐": "-",
    "‑": "-",
    "‒": "–",
    "―": "—",
    "\N{SOFT HYPHEN}": "",
    "\N{ZERO WIDTH SPACE}": "",
    "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}",
}
SPAZI_DEL_TESTO = "\n\r\t"


@dataclass(frozen=True)
class Faccia:
    """A font file, by the address that the style sheet knows it by. Advances are in ems, by character."""

    famiglia: str
    peso: int
    stile: str
    indirizzo: str
    contenuto: bytes = field(repr=False)
    avanzamenti: dict[str, float] = field(repr=False)

    @property
    def regola(self) -> str:
        """Its @font-face."""
        return (
            f"@font-face{{font-family:'{self.famiglia}';font-weight:{self.peso};font-style:{self.stile};"
            f"src:url({self.indirizzo})}}"
        )


@lru_cache(maxsize=1)
def facce() -> tuple[Faccia, ...]:
    """Raises RapportoImpossibile if a file is missing or is no font."""
    return tuple(_faccia(*una) for una in FILE)


def _faccia(famiglia: str, peso: int, stile: str, nome: str) -> Faccia:
    try:
        contenuto = (CARTELLA / nome).read_bytes()
        carattere = TTFont(BytesIO(contenuto))
        em, larghezze = carattere["head"].unitsPerEm, carattere["hmtx"]
        avanzamenti = {chr(codice): larghezze[glifo][0] / em for codice, glifo in carattere.getBestCmap().items()}
    except (OSError, KeyError, TTLibError) as errore:
        raise RapportoImpossibile(
            _(
                "Manca il carattere %(famiglia)s, con cui si scrivono i rapporti: non si legge il file %(file)s. "
                "Reinstalla le librerie: cancella la cartella .venv e avvia di nuovo il portale."
            )
            % {"famiglia": famiglia, "file": CARTELLA / nome}
        ) from errore
    return Faccia(famiglia, peso, stile, f"carattere:{Path(nome).name}", contenuto, avanzamenti)


@lru_cache(maxsize=1)
def coperti() -> frozenset[str]:
    """The characters that every one of our fonts can write: which will be asked to, nobody knows beforehand."""
    return frozenset.intersection(*(frozenset(faccia.avanzamenti) for faccia in facce()))


def solo_coperti(pagina: str) -> str:
    """An HTML page without the characters that our fonts cannot write: no other font may slip in."""
    scoperti = set(pagina) - coperti() - set(SPAZI_DEL_TESTO)
    if not scoperti:
        return pagina
    return pagina.translate({ord(uno): html.escape(_al_posto_di(uno)) for uno in scoperti})


def _al_posto_di(carattere: str) -> str:
    """Close letters, or a question mark. Accents and marks that stand alone are dropped, like what is not seen."""
    if carattere in SOSTITUTI:
        return SOSTITUTI[carattere]
    categoria = unicodedata.category(carattere)
    if categoria in {"Zl", "Zp"}:
        return " "
    if categoria in {"Mn", "Me", "Cf", "Cc"}:
        return ""
    scomposto = unicodedata.normalize("NFKD", carattere)
    scritti = "".join(uno for uno in scomposto if uno in coperti())
    return scritti or "?"


def larghezza(testo: str, corpo: float, *, peso: int = NORMALE, famiglia: str = TESTO) -> float:
    """How wide a text is in a line, in the unit of `corpo`; kerning is not counted."""
    avanzamenti = next(una.avanzamenti for una in facce() if (una.famiglia, una.peso) == (famiglia, peso))
    return corpo * sum(avanzamenti.get(uno, 0.6) for uno in testo)
