"""The list as a file: the filtered interventi, all of them, with the chosen columns, in flat memory.

CSV as open data wants it: UTF-8 with BOM, `;`, ISO dates, decimals with a point, the unit in the header. XLSX with real
numbers and dates. In neither can a text of the register become a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from interventi.colonne import UNITA
from interventi.elenco import Elenco
from interventi.estensioni import Colonna
from psttm import formati
from registro.tabella_csv import a_pezzi, innocuo

PER_VOLTA = 1_000
FORMATI_CELLE = {"importo": "#,##0.00", "numero": "#,##0.##", "percentuale": "0.0", "data": "dd/mm/yyyy"}
LARGHEZZE = {"titolo": 60, "elenco": 30, "cup": 18, "importo": 18, "data": 12, "percentuale": 12}


def nome_file(formato: str) -> str:
    return f"interventi-{timezone.localdate().isoformat()}.{formato}"


def intestazione(colonna: Colonna) -> str:
    """The title of a column with its unit: "Pagato (EUR)"."""
    unita = UNITA.get(colonna.genere)
    return f"{colonna.titolo} ({unita})" if unita else str(colonna.titolo)


def valori(elenco: Elenco) -> Iterator[list[Any]]:
    """The values of every row, read a thousand at a time."""
    for intervento in elenco.ordinati.iterator(chunk_size=PER_VOLTA):
        yield [colonna.valore(intervento) for colonna in elenco.colonne]


# --- CSV ----------------------------------------------------------------------------------------------------------


def csv_a_pezzi(elenco: Elenco) -> Iterator[str]:
    """The CSV, a piece at a time."""
    colonne = elenco.colonne
    righe = ([in_testo(*coppia) for coppia in zip(riga, colonne, strict=True)] for riga in valori(elenco))
    return a_pezzi([innocuo(intestazione(colonna)) for colonna in colonne], righe)


def in_testo(valore: Any, colonna: Colonna) -> str:
    """A cell of the CSV: numbers and days plain, texts that no spreadsheet takes for a formula."""
    if valore is None:
        return ""
    if isinstance(valore, Decimal):
        return f"{valore.quantize(Decimal('0.01')) if colonna.genere == 'percentuale' else valore:f}"
    if isinstance(valore, int):
        return str(valore)
    if isinstance(valore, date):
        return valore.isoformat()
    return innocuo(_in_riga(valore))


def _in_riga(valore: Any) -> str:
    return ", ".join(valore) if isinstance(valore, list) else str(valore)


# --- XLSX ---------------------------------------------------------------------------------------------------------


def scrivi_xlsx(elenco: Elenco, dove: IO[bytes]) -> None:
    """Write the workbook: the interventi on the first sheet, on the second what was asked for and when."""
    libro = xlsxwriter.Workbook(
        dove,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    in_testa = libro.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formati_celle = {genere: libro.add_format({"num_format": codice}) for genere, codice in FORMATI_CELLE.items()}
    foglio = libro.add_worksheet(_("Interventi"))
    for posto, colonna in enumerate(elenco.colonne):
        foglio.set_column(posto, posto, LARGHEZZE.get(colonna.genere, 24))
    foglio.freeze_panes(1, 1)
    for posto, colonna in enumerate(elenco.colonne):
        foglio.write_string(0, posto, intestazione(colonna), in_testa)
    ultima = 0
    for ultima, riga in enumerate(valori(elenco), 1):
        for posto, (valore, colonna) in enumerate(zip(riga, elenco.colonne, strict=True)):
            _scrivi_cella(foglio, ultima, posto, valore, formati_celle.get(colonna.genere))
    foglio.autofilter(0, 0, ultima, len(elenco.colonne) - 1)
    _scrivi_nota(libro.add_worksheet(_("Che cosa contiene")), elenco, in_testa)
    libro.close()


def _scrivi_cella(foglio: Any, riga: int, posto: int, valore: Any, formato: Any) -> None:
    if valore in (None, "", []):
        return
    if isinstance(valore, Decimal | int):
        foglio.write_number(riga, posto, valore, formato)
    elif isinstance(valore, date):
        foglio.write_datetime(riga, posto, datetime(valore.year, valore.month, valore.day), formato)  # noqa: DTZ001
    else:
        foglio.write_string(riga, posto, _in_riga(valore))


def _scrivi_nota(foglio: Any, elenco: Elenco, in_testa: Any) -> None:
    righe: Sequence[tuple[str, str]] = [
        (_("Estratto il"), formati.data_ora(timezone.now())),
        (_("Interventi"), formati.numero(elenco.totali.quanti)),
        *((chip.nome, chip.valore) for chip in elenco.chip()),
    ]
    foglio.set_column(0, 0, 32)
    foglio.set_column(1, 1, 60)
    for numero, (nome, valore) in enumerate(righe):
        foglio.write_string(numero, 0, nome, in_testa)
        foglio.write_string(numero, 1, valore)
