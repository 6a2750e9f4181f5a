"""Colours of the charts: safe for the colour-blind, and told apart without colour by lightness or by their hatch."""

from __future__ import annotations

from dataclasses import dataclass

TESTO = "#17324D"
QUIETO = "#455B71"
FILO = "#D9E0E8"
FILO_FORTE = "#8A9BAD"
SFONDO = "#FFFFFF"
BINARIO = "#EEF2F6"
BLU = "#0066CC"
VERMIGLIO = "#B83A00"
FASCIA = "#E3EEFA"
PIANO = "#6B7C8D"


@dataclass(frozen=True)
class Tinta:
    """A fill: its colour, the hatch over it ("" is plain) in `segno`, and the ink of a text written on it."""

    fondo: str
    testo: str
    trama: str = ""
    segno: str = ""


TINTE = {
    "notte": Tinta("#003366", "#FFFFFF"),
    "blu": Tinta(BLU, "#FFFFFF"),
    "ottanio": Tinta("#00857A", "#FFFFFF", "salita", "#BFE6E2"),
    "ambra": Tinta("#F0B429", TESTO),
    "vermiglio": Tinta("#C9470B", "#FFFFFF", "discesa", "#FFD9C7"),
    "grigio": Tinta("#DCE2E8", TESTO),
    "in_linea": Tinta(BLU, "#FFFFFF"),
    "a_rischio": Tinta("#F0B429", TESTO),
    "in_ritardo": Tinta("#C9470B", "#FFFFFF", "discesa", "#FFD9C7"),
    "concluso": Tinta("#00857A", "#FFFFFF", "salita", "#BFE6E2"),
    "non_avviato": Tinta("#DCE2E8", TESTO),
    "non_determinabile": Tinta("#FFFFFF", TESTO, "salita", FILO_FORTE),
    "annullato": Tinta("#FFFFFF", TESTO),
}

# The classes of a map, from none to most.
CLASSI = ("#F7F9FB", "#CDE2F7", "#A0C7EF", "#66A3E0", "#2C78C8", "#004080")

# The ink of the state marks, the same as in the pages.
INCHIOSTRI = {
    "in_linea": BLU,
    "a_rischio": "#8A5500",
    "in_ritardo": VERMIGLIO,
    "concluso": "#006B48",
    "non_avviato": QUIETO,
    "conforme": "#006B48",
    "non_conforme": VERMIGLIO,
    "non_determinabile": QUIETO,
    "non_applicabile": QUIETO,
    "in_coda": QUIETO,
    "in_corso": BLU,
    "riuscito": "#006B48",
    "fallito": VERMIGLIO,
    "annullato": QUIETO,
    "bene": "#006B48",
    "da_guardare": "#8A5500",
    "guasto": VERMIGLIO,
}
