"""A report before it is laid out: chapters made of blocks, with every figure tied to the rows that make it.

The chapters (`rapporti.capitoli`) build it from what was read; PDF, XLSX, page of text and attached data are all drawn
from it, so they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from psttm import formati
from psttm.formati import SPAZIO
from psttm.grafici.tipi import Figura
from rapporti.domanda import Domanda


class Unita(Enum):
    """Of a figure or a column; the value says how it is written."""

    NUMERO = "numero"
    EURO = "euro"
    MILIONI = "milioni di euro"
    PERCENTO = "percento"
    METRI_QUADRI = "m²"
    DATA = "data"
    MESE = "mese"
    GIORNI = "giorni"
    MESI = "mesi"
    INDICE = "indice"
    TESTO = "testo"
    CODICE = "codice"

    def __init__(self, nome: str) -> None:
        # Asked for each cell of a report: worked out once.
        self.numerica = nome not in {"testo", "codice", "data", "mese"}


def scrivi(valore: Any, unita: Unita) -> str:
    """A raw value as people read it; None is a dash."""
    if valore is None or valore == "":
        return "–"
    match unita:
        case Unita.EURO:
            return formati.euro(valore)
        case Unita.MILIONI:
            return formati.milioni(valore)
        case Unita.PERCENTO:
            return formati.percento(valore)
        case Unita.METRI_QUADRI:
            return f"{formati.numero(valore)}{SPAZIO}m²"
        case Unita.DATA:
            return formati.data_breve(valore)
        case Unita.MESE:
            return formati.mese(valore)
        case Unita.GIORNI:
            return formati.numero(valore)
        case Unita.MESI:
            return formati.numero(valore, 0 if isinstance(valore, int) else 1)
        case Unita.INDICE:
            return formati.numero(valore, 2)
        case Unita.NUMERO:
            return formati.numero(valore)
    return str(valore)


@dataclass(frozen=True)
class Cifra:
    """A figure and where it comes from.

    It is the number of the `righe` of a table of the data (`tavola`), or the sum of their `colonna` (rows without a
    value count nothing); or what `formula` makes of other figures, named in `da`. `chiave` is unique in the report.
    Amounts in EUR, shares in hundredths.
    """

    chiave: str
    etichetta: str
    valore: Decimal | int | date | str | None
    unita: Unita = Unita.NUMERO
    tavola: str = "interventi"
    righe: tuple[str, ...] = ()
    colonna: str = ""
    formula: str = ""
    da: tuple[str, ...] = ()

    @property
    def testo(self) -> str:
        return scrivi(self.valore, self.unita)


@dataclass(frozen=True)
class Frase:
    """A sentence of words and figures, in order."""

    parti: tuple[str | Cifra, ...]

    @property
    def testo(self) -> str:
        return "".join(parte.testo if isinstance(parte, Cifra) else parte for parte in self.parti)


def frase(*parti: str | Cifra) -> Frase:
    return Frase(parti)


@dataclass(frozen=True)
class Segno:
    """A state mark, by its name among `portale.SEGNI`; `parola` replaces the usual word."""

    codice: str
    parola: str = ""


@dataclass(frozen=True)
class Legame:
    """Words that lead somewhere: an address of the portal ("/interventi/12/") or of the report ("#piano-spugna")."""

    testo: str
    indirizzo: str


Cella = str | int | Decimal | date | None | Cifra | Segno | Legame


@dataclass(frozen=True)
class Colonna:
    """`larghezza` is a share of the width of the table, relative to the other columns. Units stand in the head."""

    chiave: str
    nome: str
    unita: Unita = Unita.TESTO
    larghezza: int = 10


@dataclass(frozen=True)
class Tabella:
    """A table; `chiave` names its sheet and its CSV. `vuota` is what to say when it has no rows.

    The first column is the head of its row. `fitta` tables have smaller type, for long lists.
    """

    chiave: str
    titolo: str
    colonne: tuple[Colonna, ...]
    righe: tuple[tuple[Cella, ...], ...]
    totale: tuple[Cella, ...] = ()
    nota: str = ""
    vuota: str = ""
    fitta: bool = False


class Stile(Enum):
    """How a paragraph looks: plain, what is decided upon, a remark in small type, something to look at."""

    NORMALE = "normale"
    SINTESI = "sintesi"
    NOTA = "nota"
    AVVISO = "avviso"


@dataclass(frozen=True)
class Paragrafo:
    frasi: tuple[Frase, ...]
    stile: Stile = Stile.NORMALE
    # A list with bullets rather than running text.
    elenco: bool = False


@dataclass(frozen=True)
class Riquadri:
    """Key figures side by side: at most four in a row."""

    cifre: tuple[Cifra, ...]


@dataclass(frozen=True)
class Grafico:
    """A chart. `descrizione` is its whole meaning in words, for who does not see it; `dati` is its twin in a table.

    The twin goes in the XLSX and the attached data; `con_dati` prints it under the chart too.
    """

    chiave: str
    titolo: str
    figura: Figura
    descrizione: str
    dati: Tabella
    nota: str = ""
    con_dati: bool = False


Blocco = Paragrafo | Riquadri | Tabella | Grafico


@dataclass(frozen=True)
class Sezione:
    """A part of the report, with its title, its place in the contents (`ancora`), and parts of its own."""

    ancora: str
    titolo: str
    blocchi: tuple[Blocco, ...] = ()
    sezioni: tuple[Sezione, ...] = ()
    nuova_pagina: bool = False
    # A line under the title of a chapter, in words: "34 interventi in 34 Comuni".
    sottotitolo: str = ""


@dataclass(frozen=True)
class Tavola:
    """Rows that figures are made of, whole and raw: by key, in the order of `colonne`."""

    chiave: str
    titolo: str
    colonne: tuple[Colonna, ...]
    righe: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Copertina:
    """The first page: what, of when, for whom, and what there is to know."""

    occhiello: str
    titolo: str
    sottotitolo: str
    righe: tuple[tuple[str, str], ...]
    sintesi: tuple[Frase, ...]
    cifre: tuple[Cifra, ...] = ()
    # Of each piano, where the report is of several.
    per_piano: tuple[Frase, ...] = ()

    @property
    def frasi(self) -> tuple[Frase, ...]:
        """All that it says, in order."""
        return (*self.sintesi, *self.per_piano)


@dataclass(frozen=True)
class Documento:
    """The whole report; `dimostrativo` prints on every page that the data are invented, or partly so."""

    domanda: Domanda
    titolo: str
    nome_perimetro: str
    copertina: Copertina
    sezioni: tuple[Sezione, ...]
    tavole: tuple[Tavola, ...]
    interventi: int
    dimostrativo: bool = False
    avvisi: tuple[str, ...] = field(default=())

    @property
    def codice(self) -> str:
        return self.domanda.codice
