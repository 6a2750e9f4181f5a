"""How wide columns are, and how many pages to expect. Lengths in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from rapporti.documento import Blocco, Colonna, Documento, Grafico, Paragrafo, Riquadri, Sezione, Stile, Tabella
from rapporti.impaginazione.caratteri import CODICI, FORTE, larghezza
from rapporti.impaginazione.celle import Scritta, classe_di, testata

MILLIMETRO = 72 / 25.4
GIUSTEZZA = 174 * MILLIMETRO  # the width of the text on a page
CORPO_DEI_CODICI = 0.94  # of that of the words
SEGNO = 1.35  # what a state mark takes beside its word, in ems
# Words longer than this may be hyphenated. State marks shorter than this are kept on one line, and other texts too if
# that does not make the longest of them grow by more than a twelfth.
PAROLA, BREVE, CRESCITA, TROPPE = 14, 62.0, 1.08, 100.0
# Tables from the usual one: size of type, and margin of every cell, left and right together, with a point of tolerance
# because kerning is not measured. A table takes the first in which it fits.
CORPI = (("normale", 8.5, 11.0), ("fitta", 7.4, 9.0), ("minuta", 6.6, 8.0))
# A table whose text is much narrower than the page is not stretched over it.
STRETTA, ARIA = 0.72, 14.0


@dataclass(frozen=True)
class Misure:
    """Size of type and widths of a table: its own and those of its columns, in hundredths of what holds them."""

    corpo: str
    tabella: float
    colonne: tuple[float, ...]


@dataclass(frozen=True)
class _Ingombro:
    """Of a column: what it needs at least, what most of its cells and all of them take on one line."""

    minimo: float
    tipico: float
    naturale: float

    def su(self, righe: float) -> float:
        """Its width if most of its cells are to take so many lines."""
        return max(self.minimo, self.tipico / righe)

    def comodo(self) -> _Ingombro:
        """The same, with short texts on one line."""
        return replace(self, minimo=max(self.minimo, min(self.tipico, BREVE)))


def misure(colonne: Sequence[Colonna], righe: Sequence[Sequence[Scritta]], fitta: bool) -> Misure:
    """What a table needs. Numbers, days and codes take their width, words share what is left."""
    per_colonna = list(zip(*righe, strict=True))
    for nome, corpo, margine in CORPI[1 if fitta else 0 :]:  # noqa: B007 — the last is kept even if the table is too wide for it
        ingombri = [_ingombro(una, celle, corpo, margine) for una, celle in zip(colonne, per_colonna, strict=True)]
        if sum(uno.minimo for uno in ingombri) <= GIUSTEZZA:
            break
    comodi = [uno.comodo() for uno in ingombri]
    if _righe_di_testo(comodi) <= CRESCITA * _righe_di_testo(ingombri):
        ingombri = comodi
    naturale = sum(uno.naturale + ARIA for uno in ingombri)
    intera = GIUSTEZZA if naturale > STRETTA * GIUSTEZZA else max(naturale, GIUSTEZZA / 2)
    larghe = _distribuite(ingombri, colonne, intera)
    somma = sum(larghe)
    return Misure(nome, round(100 * intera / GIUSTEZZA, 2), tuple(round(100 * una / somma, 3) for una in larghe))


def _ingombro(colonna: Colonna, celle: Sequence[Scritta], corpo: float, margine: float) -> _Ingombro:
    """Of a column in a size of type."""
    classe = classe_di(colonna)
    capo = max(larghezza(parola[: 2 * PAROLA], corpo, peso=FORTE) for parola in testata(colonna).split(" "))
    testa = larghezza(testata(colonna), corpo, peso=FORTE)
    if classe == "k":
        larghe = [larghezza(cella.testo, corpo * CORPO_DEI_CODICI, famiglia=CODICI) for cella in celle]
    elif classe:
        # In the weight of a total, which is the widest.
        larghe = [larghezza(cella.testo, corpo, peso=FORTE) for cella in celle]
    else:
        larghe = [larghezza(cella.testo, corpo) + _segno(cella, corpo) for cella in celle]
    larghe.sort()
    naturale = max(testa, larghe[-1]) + margine
    if classe:
        minimo = max(capo, larghe[-1]) + margine
        return _Ingombro(minimo, minimo, naturale)
    minimo = max(capo, *(_insieme(cella, corpo) for cella in celle)) + margine
    return _Ingombro(minimo, max(larghe[(len(larghe) - 1) * 9 // 10] + margine, minimo), naturale)


def _insieme(cella: Scritta, corpo: float) -> float:
    """What must stay together of a text: its longest word, up to a point; a mark with its words, if they are few."""
    parola = max((larghezza(parola[:PAROLA], corpo) for parola in cella.testo.split()), default=0.0)
    segno = _segno(cella, corpo)
    intero = segno + larghezza(cella.testo, corpo)
    return intero if segno and intero <= BREVE else segno + parola


def _segno(cella: Scritta, corpo: float) -> float:
    return SEGNO * corpo if cella.classe.startswith("s ") else 0.0


def _righe_di_testo(ingombri: Sequence[_Ingombro], intera: float = GIUSTEZZA) -> float:
    """The fewest lines that most cells can take; TROPPE if not even the least widths fit."""
    poche, molte = 1.0, TROPPE
    for _giro in range(20):
        mezzo = (poche + molte) / 2
        if sum(uno.su(mezzo) for uno in ingombri) > intera:
            poche = mezzo
        else:
            molte = mezzo
    return molte


def _distribuite(ingombri: Sequence[_Ingombro], colonne: Sequence[Colonna], intera: float) -> list[float]:
    """The widths with which most cells take as few lines as they can.

    What is left over goes first to those who want more, then to the words.
    """
    molte = _righe_di_testo(ingombri, intera)
    larghe = [uno.su(molte) for uno in ingombri]
    avanzo = max(intera - sum(larghe), 0.0)
    mancano = [max(uno.naturale - larga, 0.0) for uno, larga in zip(ingombri, larghe, strict=True)]
    dato = min(avanzo / sum(mancano), 1.0) if any(mancano) else 0.0
    avanzo -= dato * sum(mancano)
    quote = [0 if classe_di(una) else una.larghezza for una in colonne]
    if not any(quote):
        quote = [1] * len(quote)
    return [
        larga + dato * manca + avanzo * quota / sum(quote)
        for larga, manca, quota in zip(larghe, mancano, quote, strict=True)
    ]


# --- Pages --------------------------------------------------------------------------------------------------------

ALTEZZA = 245.0  # millimetres of text in a page; those below are millimetres too
RIGA_DI_TESTO, CARATTERI_IN_RIGA = 5.0, 105
ALTEZZE = {"titolo": 12.0, "riquadri": 24.0, "grafico": 95.0, "tabella": 16.0, "riga": 7.5, "riga fitta": 11.0}


def pagine_stimate(documento: Documento) -> int:
    """How many pages to expect: enough to show how far the work is, and whether a list of contents is of any use."""
    return 2 + ceil(sum(_altezza(sezione) for sezione in documento.sezioni) / ALTEZZA)


def _altezza(sezione: Sezione) -> float:
    sua = ALTEZZE["titolo"] + sum(_altezza_del_blocco(blocco) for blocco in sezione.blocchi)
    tutta = sua + sum(_altezza(una) for una in sezione.sezioni)
    # Half a page stays empty, on average, before one that starts anew.
    return tutta + (ALTEZZA / 2 if sezione.nuova_pagina else 0)


def _altezza_del_blocco(blocco: Blocco) -> float:
    match blocco:
        case Paragrafo(frasi, stile):
            lettere = sum(len(frase.testo) for frase in frasi)
            return RIGA_DI_TESTO * (1 + lettere / CARATTERI_IN_RIGA) * (1.4 if stile == Stile.SINTESI else 1)
        case Riquadri(cifre):
            return ALTEZZE["riquadri"] * ceil(len(cifre) / 4)
        case Grafico(dati=dati, con_dati=con_dati):
            return ALTEZZE["grafico"] + (_altezza_del_blocco(dati) if con_dati else 0)
        case Tabella(righe=righe, fitta=fitta):
            return ALTEZZE["tabella"] + len(righe) * ALTEZZE["riga fitta" if fitta else "riga"]
    return 0.0
