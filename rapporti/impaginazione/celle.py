"""What stands in a cell of a table: as text, to be measured, and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from psttm import formati
from psttm.templatetags.portale import SEGNI
from rapporti.documento import Cella, Cifra, Colonna, Legame, Segno, Unita, scrivi
from rapporti.impaginazione.tela import Tela

# How a unit is named in the head of a column, once for all its cells.
SIMBOLI = {
    Unita.EURO: "€",
    Unita.MILIONI: "mln €",
    Unita.PERCENTO: "%",
    Unita.METRI_QUADRI: "m²",
    Unita.GIORNI: "giorni",
    Unita.MESI: "mesi",
}
MILIONE = Decimal(1_000_000)


@dataclass(frozen=True)
class Scritta:
    """`classe` says how the cell looks: "n" numbers, "d" days, "k" codes, "s-…" state marks."""

    testo: str
    html: SafeString
    classe: str = ""


VUOTA = Scritta("", SafeString(""))


def scritta(cella: Cella, colonna: Colonna, tela: Tela) -> Scritta:
    classe = classe_di(colonna)
    match cella:
        case Segno(codice, parola):
            testo = parola or SEGNI[codice][1]
            return Scritta(testo, format_html("{}", testo), f"s s-{codice}")
        case Legame(testo):
            return Scritta(testo, tela.legame(cella), classe)
        case Cifra(valore=valore, unita=unita):
            testo = senza_unita(valore, unita) if unita == colonna.unita else cella.testo
            return Scritta(testo, tela.cifra(cella, testo), classe)
    testo = senza_unita(cella, colonna.unita)
    return Scritta(testo, format_html("{}", testo), classe)


def classe_di(colonna: Colonna) -> str:
    if colonna.unita.numerica:
        return "n"
    return {Unita.DATA: "d", Unita.MESE: "d", Unita.CODICE: "k"}.get(colonna.unita, "")


def testata(colonna: Colonna) -> str:
    """The name of a column with its unit, unless the name says it already."""
    simbolo = SIMBOLI.get(colonna.unita, "")
    detta = not simbolo or simbolo in colonna.nome.lower()
    return colonna.nome if detta else f"{colonna.nome} ({simbolo.replace(' ', formati.SPAZIO)})"


def senza_unita(valore: Any, unita: Unita) -> str:
    """As people read it, without the unit that stands in the head. Words stay words, whatever the column."""
    if isinstance(valore, str) or valore is None:
        return valore or "–"
    match unita:
        case Unita.EURO:
            return formati.numero(valore, 2)
        case Unita.MILIONI:
            return formati.numero(valore / MILIONE, 1)
        case Unita.PERCENTO:
            return formati.numero(valore, 1)
        case Unita.METRI_QUADRI:
            return formati.numero(valore)
    return scrivi(valore, unita)


def scritte(righe: Sequence[Sequence[Cella]], colonne: Sequence[Colonna], tela: Tela) -> list[list[Scritta]]:
    return [[scritta(cella, colonna, tela) for cella, colonna in zip(riga, colonne, strict=True)] for riga in righe]


def scritte_del_totale(totale: Sequence[Cella], colonne: Sequence[Colonna], tela: Tela) -> list[list[Scritta]]:
    """One row, or none. A column without a total is left blank: there is nothing that is not known."""
    celle = zip(totale, colonne, strict=True) if totale else ()
    riga = [VUOTA if cella is None or cella == "" else scritta(cella, una, tela) for cella, una in celle]
    return [riga] if riga else []
