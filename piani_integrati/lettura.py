"""Reading a small file of CUPs and piani: CSV or XLSX, the columns found by their names, every cell as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from interventi.importazione import archivi
from interventi.importazione.archivi import verifica_cartella
from interventi.importazione.intestazioni import chiave_di
from interventi.importazione.tipi import FileNonLeggibile

# field, then the names its column has; the first two are needed. A new spelling is one more name here.
COLONNE: dict[str, tuple[str, ...]] = {
    "cup": ("CUP", "Codice CUP", "Codice unico di progetto"),
    "piano": ("Piano", "Piano (inferito)", "Piano integrato", "Codice piano"),
    "evidenza": ("Evidenza piano", "Evidenza", "Come si sa"),
    "linea": ("Linea ciclabile", "Linea"),
    "driver": ("Driver",),
    "sttm": ("STTM", "Strategia"),
    "submisura": ("Codice Univoco Submisura", "Submisura"),
    "clp": ("Codice Locale Progetto", "CLP"),
}
NECESSARIE = ("cup", "piano")
RIGHE_MASSIME = 20_000


@dataclass(frozen=True)
class RigaFile:
    """A row: its number in the file (the header is 1) and its texts by field."""

    numero: int
    valori: dict[str, str]


def leggi(nome: str, contenuto: bytes) -> list[RigaFile]:
    """The rows of the file that say something. Raises FileNonLeggibile."""
    tipo = archivi.contenuto(io.BytesIO(contenuto), nome)
    if tipo is archivi.Contenuto.ARCHIVIO:
        raise FileNonLeggibile(
            _("«%(nome)s» è un archivio: estrai il file CSV o XLSX e carica quello.") % {"nome": nome}
        )
    celle = _da_xlsx(nome, contenuto) if tipo is archivi.Contenuto.CARTELLA else _da_csv(nome, contenuto)
    posti: dict[str, int] | None = None
    righe: list[RigaFile] = []
    for numero, riga in celle:
        if not any(riga):
            continue
        if posti is None:
            posti = _posti(nome, riga)
            continue
        valori = {campo: riga[posto] if posto < len(riga) else "" for campo, posto in posti.items()}
        righe.append(RigaFile(numero, valori))
        if len(righe) > RIGHE_MASSIME:
            raise FileNonLeggibile(
                _("«%(nome)s» ha più di %(quante)s righe: dividilo in più file.")
                % {"nome": nome, "quante": f"{RIGHE_MASSIME:,}".replace(",", ".")}
            )
    if not righe:
        raise FileNonLeggibile(_("«%(nome)s» non ha righe sotto l'intestazione.") % {"nome": nome})
    return righe


def _posti(nome: str, intestazione: list[str]) -> dict[str, int]:
    """Where each column is. Raises FileNonLeggibile when a needed one is not there, or is there twice."""
    chiavi = [chiave_di(cella) for cella in intestazione]
    posti: dict[str, int] = {}
    for campo, nomi in COLONNE.items():
        trovati = [posto for posto, chiave in enumerate(chiavi) if chiave in {chiave_di(n) for n in nomi}]
        if len(trovati) > 1:
            raise FileNonLeggibile(
                _("In «%(nome)s» ci sono due colonne «%(colonna)s»: tienine una.")
                % {"nome": nome, "colonna": intestazione[trovati[1]]}
            )
        if trovati:
            posti[campo] = trovati[0]
        elif campo in NECESSARIE:
            trovate = ", ".join(cella for cella in intestazione if cella)
            raise FileNonLeggibile(
                _("In «%(nome)s» manca la colonna «%(colonna)s». La prima riga ha: %(trovate)s.")
                % {"nome": nome, "colonna": nomi[0], "trovate": trovate[:300]}
            )
    return posti


def _da_csv(nome: str, contenuto: bytes) -> Iterator[tuple[int, list[str]]]:
    testo = _decodifica(contenuto)
    prima = testo.partition("\n")[0]
    separatore = max((";", ",", "\t"), key=prima.count)
    lettore = csv.reader(io.StringIO(testo, newline=""), delimiter=separatore)
    numero = 1
    try:
        for riga in lettore:
            yield numero, [" ".join(cella.split()) for cella in riga]
            numero = lettore.line_num + 1
    except csv.Error as errore:
        raise FileNonLeggibile(
            _("«%(nome)s» dalla riga %(riga)s non è un CSV ben scritto: forse una virgoletta è aperta e non chiusa.")
            % {"nome": nome, "riga": numero}
        ) from errore


def _decodifica(contenuto: bytes) -> str:
    if contenuto.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return contenuto.decode("utf-16", errors="replace")
    try:
        return contenuto.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contenuto.decode("cp1252", errors="replace")


def _da_xlsx(nome: str, contenuto: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet that has rows."""
    verifica_cartella(io.BytesIO(contenuto))
    try:
        libro = CalamineWorkbook.from_filelike(io.BytesIO(contenuto))
        fogli = [libro.get_sheet_by_name(foglio).to_python(skip_empty_area=False) for foglio in libro.sheet_names]
    except CalamineError as errore:
        raise FileNonLeggibile(
            _("La cartella di lavoro «%(nome)s» è rovinata: aprila, salvala di nuovo come .xlsx e ricarica.")
            % {"nome": nome}
        ) from errore
    righe = next((foglio for foglio in fogli if any(any(riga) for riga in foglio)), [])
    for numero, riga in enumerate(righe, 1):
        yield numero, [_testo(cella) for cella in riga]


def _testo(cella: object) -> str:
    """A cell as text; a whole number without the ".0" that spreadsheets give to all."""
    if isinstance(cella, float) and cella.is_integer():
        return str(int(cella))
    return " ".join(str(cella).split())
