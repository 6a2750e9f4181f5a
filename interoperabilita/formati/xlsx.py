"""XLSX: the whole list in a workbook, written to a file on disk and sent from there, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import orjson
import xlsxwriter

from interoperabilita.elenco.righe import Elenco
from interoperabilita.formati.celle import Colonna, colonne
from interoperabilita.formati.testi import RIMOSSO, campi_chiesti
from interoperabilita.risorse.tipi import Tipo

PEZZO = 128 * 1024
# What a sheet of Excel holds, the header included.
RIGHE_MASSIME = 1_048_576


# What Excel knows of: digits of a number (the point and the cents make sixteen characters), characters of a text, the
# first day. Amounts and days beyond are written as texts, which nobody rounds.
CIFRE = 16
TESTO = 32_767
PRIMO_GIORNO = "1900-03-01"


class TroppeRighe(Exception):
    """They do not fit in a sheet."""


def xlsx_a_pezzi(elenco: Elenco) -> Iterator[bytes]:
    """Raises TroppeRighe, before the first piece."""
    with TemporaryFile() as disco:
        _scrivi(elenco, disco)
        disco.seek(0)
        while pezzo := disco.read(PEZZO):
            yield pezzo


def _scrivi(elenco: Elenco, dove: IO[bytes]) -> None:
    libro = xlsxwriter.Workbook(
        dove,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    in_testa = libro.add_format({"bold": True, "bottom": 1})
    formati = {
        Tipo.IMPORTO: libro.add_format({"num_format": "#,##0.00"}),
        Tipo.PERCENTO: libro.add_format({"num_format": "0.00"}),
        Tipo.DATA: libro.add_format({"num_format": "dd/mm/yyyy"}),
    }
    foglio = libro.add_worksheet(elenco.risorsa.nome)
    colonne_chieste = colonne(campi_chiesti(elenco))
    cambiamenti = elenco.domanda.modificati_dal is not None
    foglio.freeze_panes(1, 0)
    foglio.set_column(0, len(colonne_chieste), 18)
    for posto, nome in enumerate([c.nome for c in colonne_chieste] + ([RIMOSSO] if cambiamenti else [])):
        foglio.write_string(0, posto, nome, in_testa)
    numero = 0
    for righe, rimosse in elenco.a_blocchi():
        if numero + len(righe) + len(rimosse) >= RIGHE_MASSIME:
            raise TroppeRighe
        for dati, tolta in [(orjson.loads(riga), False) for riga in righe] + [(rimossa, True) for rimossa in rimosse]:
            numero += 1
            for posto, colonna in enumerate(colonne_chieste):
                if not tolta or colonna.nome in dati:
                    _cella(foglio, numero, posto, colonna, colonna.leggi(dati), formati.get(colonna.tipo))
            if cambiamenti:
                foglio.write_boolean(numero, len(colonne_chieste), tolta)
    libro.close()


def _cella(foglio: Any, riga: int, posto: int, colonna: Colonna, valore: Any, formato: Any) -> None:
    if valore is None:
        return
    match colonna.tipo:
        case Tipo.BOOLEANO:
            foglio.write_boolean(riga, posto, valore)
        case Tipo.IMPORTO if len(valore) > CIFRE:
            foglio.write_string(riga, posto, valore)
        case Tipo.IMPORTO | Tipo.PERCENTO | Tipo.INTERO | Tipo.NUMERO:
            foglio.write_number(riga, posto, float(valore), formato)
        case Tipo.DATA if valore >= PRIMO_GIORNO:
            giorno = date.fromisoformat(valore)
            foglio.write_datetime(riga, posto, datetime(giorno.year, giorno.month, giorno.day), formato)  # noqa: DTZ001
        case _:
            testo = str(valore)
            foglio.write_string(riga, posto, testo if len(testo) <= TESTO else f"{testo[: TESTO - 1]}…")
