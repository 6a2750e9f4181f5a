"""Opening a file: its tables, recognised by their columns, and their rows one at a time.

CSV with ; , tab or | in UTF-8, UTF-16 or windows-1252, XLSX (every sheet), zip of these. The rows of a CSV are read as
they are consumed, whatever the size of the file; a workbook is held in memory by the library that reads it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import python_calamine
from django.core.files import File

from interventi.importazione.archivi import PEZZO, Contenuto, contenuto, file_dentro, verifica_cartella
from interventi.importazione.celle import LettoreDiRighe
from interventi.importazione.riconoscimento import Riconosciuta, riconosci
from interventi.importazione.tipi import FileNonLeggibile, RigaLetta, Tabella, TabellaLetta

DELIMITATORI = {";": "«;»", ",": "«,»", "\t": "tabulazioni", "|": "«|»"}
# The header is looked for in the first rows: offices put titles above it.
RIGHE_DI_RICERCA = 20
_CARATTERI_DI_RICERCA = 256 * 1024
_MASSIMO_NOME = 255

Riga = tuple[int, int, list[str]]  # first and last line in the file, cells


@dataclass(frozen=True)
class _Intestazione:
    riga: int
    riconosciuta: Riconosciuta


def apri(file: BinaryIO | File[bytes] | Path, nome: str) -> Iterator[TabellaLetta]:
    """The tables of a file. The rows of one are read before the next is asked for; `file` must be seekable.

    Raises FileNonLeggibile, here or while rows are read, when the file or a table of it cannot be read.
    """
    if isinstance(file, Path):
        with file.open("rb") as aperto:
            yield from _apri(aperto, nome)
    else:
        yield from _apri(cast(BinaryIO, file), nome)


def _apri(file: BinaryIO, nome: str) -> Iterator[TabellaLetta]:
    tipo = contenuto(file, nome)
    if tipo is Contenuto.ARCHIVIO:
        for interno, copia in file_dentro(file):
            try:
                tipo_interno = contenuto(cast(BinaryIO, copia), interno)
                if tipo_interno is Contenuto.ARCHIVIO:
                    raise FileNonLeggibile("È un altro archivio: caricalo da solo.")
                yield from _tabelle(cast(BinaryIO, copia), f"{nome} › {interno}", tipo_interno)
            except FileNonLeggibile as errore:
                raise FileNonLeggibile(f"Nell'archivio, «{interno}»: {errore}") from None
    else:
        yield from _tabelle(file, nome, tipo)


def _tabelle(file: BinaryIO, nome: str, tipo: Contenuto) -> Iterator[TabellaLetta]:
    if tipo is Contenuto.TESTO:
        yield from _da_testo(file, nome)
    else:
        yield from _da_cartella(file, nome)


def _tabella(nome: str, formato: str, trovata: Riconosciuta, righe: Iterator[RigaLetta]) -> TabellaLetta:
    return TabellaLetta(
        nome=nome[-_MASSIMO_NOME:],
        tabella=trovata.descrizione.tabella,
        formato=formato,
        intestazioni=trovata.intestazioni,
        colonne_ignote=trovata.ignote,
        righe=righe,
    )


def _leggi_righe(righe: Iterable[Riga], intestazione: _Intestazione) -> Iterator[RigaLetta]:
    """The rows after the header; empty ones are left out."""
    lettore = LettoreDiRighe(intestazione.riconosciuta)
    for numero, ultima, celle in righe:
        if numero <= intestazione.riga:
            continue
        letta = lettore.leggi(numero, celle, ultima=ultima)
        if letta is not None:
            yield letta


def _cerca_intestazione(righe: Iterable[Riga]) -> _Intestazione | None:
    """The first row that is the header of a table, or else the one most like it, some of whose columns are missing."""
    incompleta = None
    for numero, _, celle in islice(righe, RIGHE_DI_RICERCA):
        trovata = riconosci(celle)
        if trovata is None:
            continue
        if not trovata.mancanti:
            return _Intestazione(numero, trovata)
        if incompleta is None or trovata.conosciute > incompleta.riconosciuta.conosciute:
            incompleta = _Intestazione(numero, trovata)
    return incompleta


def _esigi(trovata: _Intestazione | None, prima_riga: list[str]) -> _Intestazione:
    """The header, if it was found and nothing essential is missing."""
    if trovata is None:
        conosciute = ", ".join(str(tabella.label) for tabella in Tabella)
        inizio = " · ".join(cella.strip() for cella in prima_riga if cella.strip())[:120]
        raise FileNonLeggibile(
            f"Nelle prime {RIGHE_DI_RICERCA} righe non c'è l'intestazione di una tabella che il portale conosce "
            f"({conosciute}). La prima riga comincia con «{inizio}»: controlla che il file sia quello giusto e che "
            "abbia la riga con i nomi delle colonne."
        )
    riconosciuta = trovata.riconosciuta
    if riconosciuta.mancanti:
        nomi = ", ".join(f"«{nome}»" for nome in riconosciuta.mancanti)
        manca = "manca la colonna" if len(riconosciuta.mancanti) == 1 else "mancano le colonne"
        raise FileNonLeggibile(
            f"La tabella sembra «{riconosciuta.descrizione.tabella.label}», ma {manca} {nomi}: "
            f"controlla l'intestazione alla riga {trovata.riga}."
        )
    return trovata


# --- CSV -------------------------------------------------------------------------------------------------------------

_NOMI_CODIFICHE = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 con BOM", "utf-16": "UTF-16", "windows-1252": "windows-1252"}


def _da_testo(file: BinaryIO, nome: str) -> Iterator[TabellaLetta]:
    codifica = _codifica(file)
    file.seek(0)
    flusso = io.TextIOWrapper(file, encoding=codifica, newline="")
    try:
        campione = flusso.read(_CARATTERI_DI_RICERCA)
        delimitatore, intestazione = _delimitatore(campione)
        flusso.seek(0)
        righe = _leggi_righe(_righe_csv(flusso, delimitatore), intestazione)
        formato = f"CSV con {DELIMITATORI[delimitatore]}, {_NOMI_CODIFICHE[codifica]}"
        yield _tabella(nome, formato, intestazione.riconosciuta, righe)
    finally:
        if not file.closed:
            flusso.detach()  # or the file, which is not ours, would be closed with it


def _codifica(file: BinaryIO) -> str:
    """The encoding in which the whole file can be read. One that no encoding fits is no text."""
    file.seek(0)
    inizio = file.read(4)
    if inizio.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _decodifica(file, "utf-16")
        return "utf-16"
    if inizio.startswith(codecs.BOM_UTF8):
        _decodifica(file, "utf-8-sig")
        return "utf-8-sig"
    try:
        _decodifica(file, "utf-8")
    except _AltraCodifica:
        _decodifica(file, "windows-1252")
        return "windows-1252"
    return "utf-8"


class _AltraCodifica(Exception):
    """The first accented letter is not UTF-8: the file is in another encoding."""


def _decodifica(file: BinaryIO, codifica: str) -> None:
    """Read the file through in this encoding. In UTF-8 a wrong byte after good accents is damage, not an encoding."""
    decodificatore = codecs.getincrementaldecoder(codifica)()
    file.seek(0)
    linea, accenti = 1, False
    while True:
        pezzo = file.read(PEZZO)
        try:
            testo = decodificatore.decode(pezzo, final=not pezzo)
        except UnicodeDecodeError as errore:
            buono = bytes(errore.object[: errore.start])
            if codifica == "utf-8" and not accenti and buono.isascii():
                raise _AltraCodifica from None
            righe_buone = buono.count(b"\n")
            raise FileNonLeggibile(
                f"Alla linea {linea + righe_buone} c'è un carattere rovinato, che non è scritto in "
                f"{_NOMI_CODIFICHE[codifica]}: il file è troncato o mescola due codifiche. Salvalo come CSV UTF-8."
            ) from None
        if "\0" in testo:
            raise FileNonLeggibile("Il file non è un testo: carica un file CSV, XLSX o uno zip di questi.")
        linea += testo.count("\n")
        accenti = accenti or not testo.isascii()
        if not pezzo:
            return


def _delimitatore(campione: str) -> tuple[str, _Intestazione]:
    """The mark that divides the cells: the one with which a header is understood best."""
    migliore: tuple[str, _Intestazione] | None = None
    for delimitatore in DELIMITATORI:
        trovata = _cerca_intestazione(_prime(campione, delimitatore))
        if trovata is not None and (
            migliore is None or trovata.riconosciuta.conosciute > migliore[1].riconosciuta.conosciute
        ):
            migliore = delimitatore, trovata
    if migliore is None:
        prima_riga = next((riga for riga in campione.splitlines() if riga.strip()), "")
        return ";", _esigi(None, [prima_riga])
    return migliore[0], _esigi(migliore[1], [])


def _prime(campione: str, delimitatore: str) -> Iterator[Riga]:
    """The first rows of a sample, as far as they can be read."""
    try:
        yield from islice(_righe_csv(io.StringIO(campione, newline=""), delimitatore), RIGHE_DI_RICERCA)
    except FileNonLeggibile:
        return


def _righe_csv(flusso: io.TextIOBase, delimitatore: str) -> Iterator[Riga]:
    lettore = csv.reader(flusso, delimiter=delimitatore)
    fine = 0
    try:
        for celle in lettore:
            inizio, fine = fine + 1, lettore.line_num
            yield inizio, fine, celle
    except csv.Error:
        raise FileNonLeggibile(
            f"Dalla linea {fine + 1} il file non è un CSV ben scritto: forse una virgoletta è aperta e non chiusa."
        ) from None


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _da_cartella(file: BinaryIO, nome: str) -> Iterator[TabellaLetta]:
    verifica_cartella(file)
    try:
        cartella = python_calamine.CalamineWorkbook.from_filelike(file)
        piene = 0
        for foglio in cartella.sheet_names:
            tabella = _da_foglio(cartella.get_sheet_by_name(foglio), nome, foglio)
            if tabella is not None:
                piene += 1
                yield tabella
    except python_calamine.CalamineError:
        raise FileNonLeggibile(
            "La cartella di Excel è rovinata: aprila, salvala di nuovo come .xlsx e ricarica."
        ) from None
    if not piene:
        raise FileNonLeggibile("La cartella di Excel è vuota: nessun foglio contiene una tabella.")


def _da_foglio(foglio: Any, nome: str, nome_foglio: str) -> TabellaLetta | None:
    """The table of a sheet; None for an empty sheet."""
    prima = next((celle for _, _, celle in _righe_foglio(foglio) if any(celle)), None)
    if prima is None:
        return None
    try:
        intestazione = _esigi(_cerca_intestazione(_righe_foglio(foglio)), prima)
    except FileNonLeggibile as errore:
        raise FileNonLeggibile(f"Foglio «{nome_foglio}»: {errore}") from None
    righe = _leggi_righe(_righe_foglio(foglio), intestazione)
    return _tabella(f"{nome} › {nome_foglio}", f"XLSX, foglio «{nome_foglio}»", intestazione.riconosciuta, righe)


def _righe_foglio(foglio: Any) -> Iterator[Riga]:
    for numero, celle in enumerate(foglio.iter_rows(), start=1):
        yield numero, numero, [_testo_di(cella) for cella in celle]


def _testo_di(cella: object) -> str:
    """A cell of a workbook as a CSV would have it: Italian numbers and dates.

    Workbooks keep numbers in floating point with 15 digits that count: those are taken, and amounts are exact.
    """
    if isinstance(cella, str):
        return cella
    if isinstance(cella, bool):
        return "Sì" if cella else "No"
    if isinstance(cella, float):
        return f"{Decimal(f'{cella:.15g}'):f}".replace(".", ",")
    if isinstance(cella, datetime | date):
        return f"{cella:%d/%m/%Y}"
    return str(cella)
