"""Cells of a workbook: values of a report as Excel knows them, names of sheets, widths of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.conf import settings

from psttm.templatetags.portale import SEGNI
from rapporti.documento import Cifra, Legame, Segno, Unita, scrivi
from registro.tabella_csv import innocuo

# Of a number Excel keeps fifteen digits, which must reach to the cent; of a text these characters; its calendar begins
# in 1900, with a day that never was. What goes beyond is written as text, which nobody rounds.
TROPPO = 10**13
TESTO = 32_767
PRIMO_GIORNO = date(1900, 3, 1)
LUNGO_NOME = 31
# A word so short does not end a name that was cut.
CORTA = 3
LARGO, STRETTO = 60, 10
# Excel shows the separators of the language of whoever opens it; 410 is Italian, for the names of the months.
FORMATI = {
    Unita.NUMERO: "#,##0",
    Unita.EURO: '#,##0.00\\ "€"',
    # The cell keeps the euro, and shows millions.
    Unita.MILIONI: '#,##0.0,,\\ "mln €"',
    Unita.PERCENTO: '0.0\\ "%"',
    Unita.METRI_QUADRI: "#,##0",
    Unita.GIORNI: "#,##0",
    Unita.MESI: "#,##0",
    Unita.INDICE: "0.00",
    Unita.DATA: "dd/mm/yyyy",
    Unita.MESE: "[$-410]mmmm yyyy",
}


class Celle:
    """Writes cells in the sheets of a workbook."""

    def __init__(self, libro: xlsxwriter.Workbook) -> None:
        self.titolo = libro.add_format({"bold": True, "font_size": 14})
        self.testa = libro.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.forte = libro.add_format({"bold": True})
        self._lungo = libro.add_format({"text_wrap": True, "valign": "top"})
        self._legame = libro.add_format({"font_color": "#0066CC", "underline": 1})
        self._semplici = {unita: libro.add_format({"num_format": come}) for unita, come in FORMATI.items()}
        self._forti = {unita: libro.add_format({"num_format": come, "bold": True}) for unita, come in FORMATI.items()}

    def scrivi(self, foglio: Any, riga: int, posto: int, cella: Any, unita: Unita, *, forte: bool = False) -> None:
        if isinstance(cella, Cifra):
            cella, unita = cella.valore, cella.unita
        formato = (self._forti if forte else self._semplici).get(unita)
        match cella:
            case None | "":
                return
            case Decimal() | int() if -TROPPO < cella < TROPPO:
                foglio.write_number(riga, posto, cella, formato)
            case date() if cella >= PRIMO_GIORNO:
                giorno = datetime(cella.year, cella.month, cella.day)  # noqa: DTZ001 Excel knows no time zones
                foglio.write_datetime(riga, posto, giorno, formato)
            case Legame() if cella.indirizzo.startswith("/"):
                self.indirizzo(foglio, riga, posto, f"{settings.URL_BASE}{cella.indirizzo}", innocuo(cella.testo))
            case _:
                testo = in_testo(cella, unita)
                lungo = self._lungo if len(testo) > LARGO else None
                foglio.write_string(riga, posto, testo, self.forte if forte else lungo)

    def indirizzo(self, foglio: Any, riga: int, posto: int, dove: str, testo: str) -> None:
        foglio.write_url(riga, posto, dove, self._legame, testo[:TESTO])


def in_testo(cella: Any, unita: Unita) -> str:
    """A cell as text, which no spreadsheet takes for a formula, even once it is saved as CSV."""
    match cella:
        case Segno():
            return cella.parola or SEGNI[cella.codice][1]
        case Legame():
            testo = cella.testo
        case str():
            testo = cella
        case _:
            testo = scrivi(cella, unita)
    testo = innocuo(testo)
    return testo if len(testo) <= TESTO else f"{testo[: TESTO - 1]}…"


def larghezza(testa: str, unita: Unita, celle: Iterable[Any]) -> int:
    """Of a column, in characters: as its longest cell, within reason; heads may wrap."""
    lunghe = max((len(_mostrata(cella, unita)) for cella in celle), default=0)
    parola = max(map(len, testa.split()), default=0)
    return min(max(lunghe + 2, parola + 4, STRETTO), LARGO)


def _mostrata(cella: Any, unita: Unita) -> str:
    if isinstance(cella, Cifra):
        return cella.testo
    return "" if cella is None else in_testo(cella, unita)


def nome_foglio(titolo: str, presi: set[str]) -> str:
    """A legal name that no other sheet has, whatever the case: at most 31 characters, none of []:*?/\\ ."""
    pulito = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", titolo)
    base = _in_breve(" ".join(pulito.split()).strip("' ")) or "Foglio"
    nome, numero = base, 1
    while nome.lower() in presi:
        numero += 1
        coda = f" {numero}"
        nome = f"{base[: LUNGO_NOME - len(coda)].rstrip()}{coda}"
    presi.add(nome.lower())
    return nome


def _in_breve(titolo: str) -> str:
    """What of a title fits in the name of a sheet: up to its first comma, or whole words, the last not a short one."""
    if len(titolo) <= LUNGO_NOME:
        return titolo
    titolo = titolo.partition(",")[0] or titolo
    if len(titolo) <= LUNGO_NOME:
        return titolo.rstrip("' ")
    parole = titolo[: LUNGO_NOME + 1].split(" ")[:-1]
    while len(parole) > 1 and len(parole[-1].strip(",;:.")) <= CORTA:
        parole.pop()
    return " ".join(parole).rstrip(",;:.' ") or titolo[:LUNGO_NOME].rstrip("' ")
