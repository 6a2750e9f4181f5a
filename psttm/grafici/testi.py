"""How wide a text is in Titillium Web, without opening the font: so that no label is cut or written on another."""

from __future__ import annotations

import unicodedata

# Advance widths in thousandths of the size, from the font files (a test compares them), for the printable ASCII.
NORMALE = (
    220, 247, 373, 560, 560, 560, 688, 208, 264, 264, 420, 560, 223, 438, 216, 412, 560, 560, 560, 560, 560, 560, 560,
    560, 560, 560, 217, 248, 560, 560, 560, 447, 977, 596, 616, 544, 645, 553, 526, 616, 675, 246, 289, 569, 479, 840,
    676, 660, 593, 660, 616, 542, 526, 644, 582, 886, 558, 538, 536, 329, 436, 329, 560, 632, 236, 501, 526, 436, 529,
    505, 331, 514, 537, 219, 219, 479, 231, 836, 537, 528, 527, 526, 346, 465, 351, 531, 481, 762, 452, 483, 455, 352,
    230, 352, 560,
)  # fmt: skip
FORTE = (
    220, 266, 395, 560, 560, 560, 696, 225, 289, 289, 423, 560, 246, 421, 239, 443, 560, 560, 560, 560, 560, 560, 560,
    560, 560, 560, 239, 266, 560, 560, 560, 441, 975, 599, 612, 544, 641, 553, 529, 613, 676, 269, 296, 583, 475, 850,
    686, 656, 591, 656, 618, 543, 526, 650, 594, 911, 564, 549, 534, 344, 471, 344, 560, 625, 254, 507, 536, 442, 540,
    508, 346, 525, 546, 241, 242, 499, 253, 838, 546, 530, 537, 535, 361, 469, 358, 543, 491, 768, 464, 492, 454, 357,
    252, 357, 560,
)  # fmt: skip
# Other signs, the wider of the two weights; accented letters are as wide as their letter.
ALTRI = {
    "\N{NO-BREAK SPACE}": 220, "–": 631, "—": 1131, "−": 560, "€": 560, "…": 748, "‘": 242, "’": 238, "“": 413,
    "”": 412, "«": 574, "»": 575, "°": 560,
    "·": 239, "•": 473, "×": 560, "±": 560, "²": 280, "³": 280, "º": 403, "ª": 403,
}  # fmt: skip
SCONOSCIUTO = 1100
PUNTINI = "…"


def larghezza(testo: str, corpo: float, *, forte: bool = False) -> float:
    """Width of a text written at size `corpo`."""
    return sum(_avanzamento(lettera, forte) for lettera in testo) * corpo / 1000


def tronca(testo: str, massimo: float, corpo: float, *, forte: bool = False) -> str:
    """The text if it fits, else its beginning with an ellipsis."""
    if larghezza(testo, corpo, forte=forte) <= massimo:
        return testo
    quante = _quante_stanno(testo, massimo - larghezza(PUNTINI, corpo, forte=forte), corpo, forte)
    return testo[:quante].rstrip() + PUNTINI


def a_capo(testo: str, massimo: float, corpo: float, *, righe: int = 2, forte: bool = False) -> list[str]:
    """The text on as many lines as it needs, up to `righe`; the last ends with an ellipsis if some is left."""
    fatte: list[str] = []
    resto = testo.strip(" ")
    while len(fatte) < righe - 1 and larghezza(resto, corpo, forte=forte) > massimo:
        riga = _prima_riga(resto, massimo, corpo, forte)
        fatte.append(riga.rstrip(" "))
        resto = resto[len(riga) :].lstrip(" ")
    return [*fatte, tronca(resto, massimo, corpo, forte=forte)]


def _prima_riga(testo: str, massimo: float, corpo: float, forte: bool) -> str:
    """Up to the last space that fits; a word longer than the line is cut."""
    quante = max(_quante_stanno(testo, massimo, corpo, forte), 1)
    spazio = testo.rfind(" ", 0, quante + 1)
    return testo[:spazio] if spazio > 0 else testo[:quante]


def _quante_stanno(testo: str, massimo: float, corpo: float, forte: bool) -> int:
    occupato = 0.0
    for quante, lettera in enumerate(testo):
        occupato += _avanzamento(lettera, forte) * corpo / 1000
        if occupato > massimo:
            return quante
    return len(testo)


def _avanzamento(lettera: str, forte: bool) -> int:
    if lettera in ALTRI:
        return ALTRI[lettera]
    codice = ord(unicodedata.normalize("NFD", lettera)[0])
    if not 32 <= codice < 127:
        return SCONOSCIUTO
    return (FORTE if forte else NORMALE)[codice - 32]
