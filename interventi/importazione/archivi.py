"""What a file really is, and the files inside a zip: nothing is trusted, neither names nor declared sizes."""

from __future__ import annotations

import lzma
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from interventi.importazione.tipi import FileNonLeggibile

MEGA = 1_000_000
# The largest table of Italia Domani, the payments and projects of all Italy, is about 350 MB of CSV.
MASSIMO_SPACCHETTATO = 2_000 * MEGA
# A workbook is held in memory while it is read: 1.4 times its XML, measured. This much is 45,000 rows of Progetti.
MASSIMO_CARTELLA = 200 * MEGA
# Reading a sheet takes 32 bytes for every place from the first cell to the last, empty ones too: two cells far apart
# would fill the memory. This much is 79,000 rows of Progetti.
MASSIMO_POSTI = 5_000_000
# The tables of ReGiS shrink 10 to 20 times, XML of repeated numbers 50; deflate itself reaches 1030 only on nothing.
MASSIMO_RAPPORTO = 200
# Small files may shrink more without harm.
SENZA_RAPPORTO = 10 * MEGA
MASSIMO_VOCI = 200
# Kept in memory up to here, then on disk.
IN_MEMORIA = 8 * MEGA
PEZZO = 1 << 18

CHIEDI_ZIP = "Scarica di nuovo il file, o rifai l'archivio, e ricarica."
_IGNORATE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_CELLA = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_LUNGA_CELLA = 40
_GUASTI = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)


class Contenuto(Enum):
    TESTO = "testo"
    CARTELLA = "cartella di lavoro"
    ARCHIVIO = "archivio"


_ESTENSIONI = {
    ".csv": Contenuto.TESTO,
    ".txt": Contenuto.TESTO,
    ".tsv": Contenuto.TESTO,
    ".xlsx": Contenuto.CARTELLA,
    ".zip": Contenuto.ARCHIVIO,
}
# First bytes of what people upload by mistake.
_ALTRI = (
    (b"\x89PNG", "un'immagine PNG"),
    (b"\xff\xd8\xff", "un'immagine JPEG"),
    (b"GIF8", "un'immagine GIF"),
    (b"BM", "un'immagine BMP"),
    (b"II*\x00", "un'immagine TIFF"),
    (b"MM\x00*", "un'immagine TIFF"),
    (b"RIFF", "un'immagine o un filmato"),
    (b"%PDF", "un PDF"),
    (b"\x1f\x8b", "un archivio gzip"),
    (b"7z\xbc\xaf", "un archivio 7-Zip"),
    (b"Rar!", "un archivio RAR"),
    (b"PAR1", "un file Parquet"),
    (b"<!DOCTYPE", "una pagina web"),
    (b"<!doctype", "una pagina web"),
    (b"<html", "una pagina web"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def estensione(nome: str) -> str:
    return PurePosixPath(nome).suffix.lower()


def contenuto(file: BinaryIO, nome: str) -> Contenuto:
    """What the file holds. Raises FileNonLeggibile when that is nothing we read, or not what its name says."""
    atteso = _ESTENSIONI.get(estensione(nome))
    if atteso is None:
        raise FileNonLeggibile(
            f"«{nome}» non è di un tipo che il portale legge: carica un file .csv, .txt, .xlsx o .zip."
        )
    file.seek(0)
    inizio = file.read(4096)
    file.seek(0)
    if not inizio:
        raise FileNonLeggibile("Il file è vuoto (0 byte): scaricalo di nuovo e ricaricalo.")
    if inizio.startswith(_OLE):
        raise FileNonLeggibile(
            "È una cartella di Excel protetta da password, o nel vecchio formato .xls: "
            "togli la password e salvala come .xlsx."
        )
    trovato = _contenuto_zip(file) if inizio.startswith(_ZIP) else Contenuto.TESTO
    if trovato is Contenuto.TESTO:
        _solo_testo(inizio, nome)
    if trovato is not atteso:
        raise FileNonLeggibile(
            f"Il nome finisce con «{estensione(nome)}», ma il contenuto è di un altro tipo ({trovato.value}): "
            "dai al file l'estensione giusta e ricaricalo."
        )
    return trovato


def _solo_testo(inizio: bytes, nome: str) -> None:
    """Refuse what is plainly no text. UTF-16, the only text with zero bytes, is told by its byte order mark."""
    altro = next((cosa for firma, cosa in _ALTRI if inizio.startswith(firma)), None)
    # "BM" and "RIFF" may begin a text too: an image has zero bytes as well.
    if altro is not None and (b"\0" in inizio or not inizio.startswith((b"BM", b"RIFF"))):
        raise FileNonLeggibile(
            f"«{nome}» è {altro}, non una tabella: carica il file CSV o XLSX scaricato da ReGiS o da Italia Domani."
        )
    if b"\0" in inizio and not inizio.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileNonLeggibile(f"«{nome}» non è un testo: carica un file CSV, XLSX o uno zip di questi.")


def _contenuto_zip(file: BinaryIO) -> Contenuto:
    with _apri_zip(file) as archivio:
        nomi = archivio.namelist()
    return Contenuto.CARTELLA if "[Content_Types].xml" in nomi and "xl/workbook.xml" in nomi else Contenuto.ARCHIVIO


def _apri_zip(file: BinaryIO) -> zipfile.ZipFile:
    try:
        file.seek(0)
        return zipfile.ZipFile(file)
    except _GUASTI:
        raise FileNonLeggibile(f"L'archivio è troncato o rovinato. {CHIEDI_ZIP}") from None


def verifica_cartella(file: BinaryIO) -> None:
    """Unpack a workbook to nowhere, so that what then reads it whole meets no surprise."""
    with _apri_zip(file) as archivio:
        voci = archivio.infolist()
        _verifica_voci(voci, MASSIMO_CARTELLA)
        for voce in voci:
            if _posti(_pezzi(archivio, voce, MASSIMO_CARTELLA)) > MASSIMO_POSTI:
                raise FileNonLeggibile(
                    "Un foglio della cartella è troppo esteso: cancella le righe e le colonne vuote oltre la tabella, "
                    "oppure carica la tabella come CSV."
                )
    file.seek(0)


def _posti(pezzi: Iterator[bytes]) -> int:
    """The places of a sheet, full or empty: its last row times its last column."""
    righe = colonne = 0
    resto = b""
    for pezzo in pezzi:
        testo = resto + pezzo
        for colonna, riga in set(_CELLA.findall(testo)):
            righe = max(righe, int(riga))
            colonne = max(colonne, _numero_colonna(colonna))
        resto = testo[-_LUNGA_CELLA:]
    return righe * colonne


def _numero_colonna(lettere: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    numero = 0
    for lettera in lettere:
        numero = numero * 26 + lettera - 64
    return numero


def file_dentro(file: BinaryIO) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of a zip, one at a time: name and content, which is good until the next is asked for."""
    with _apri_zip(file) as archivio:
        voci = [voce for voce in archivio.infolist() if not voce.is_dir() and not _ignorata(voce.filename)]
        _verifica_voci(voci, MASSIMO_SPACCHETTATO)
        if not voci:
            raise FileNonLeggibile("L'archivio è vuoto: mettici dentro le tabelle da importare.")
        resto = MASSIMO_SPACCHETTATO
        for voce in voci:
            nome = PurePosixPath(voce.filename.replace("\\", "/")).name
            if estensione(nome) == ".zip":
                raise FileNonLeggibile(f"Dentro l'archivio c'è un altro archivio, «{nome}»: carica quello da solo.")
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORIA) as copia:
                for pezzo in _pezzi(archivio, voce, resto):
                    copia.write(pezzo)
                resto -= copia.tell()
                copia.seek(0)
                yield nome, copia


def _ignorata(nome: str) -> bool:
    """What operating systems add to an archive on their own."""
    return nome.startswith(_IGNORATE[0]) or PurePosixPath(nome).name in _IGNORATE or "/__MACOSX/" in nome


def _verifica_voci(voci: list[zipfile.ZipInfo], massimo: int) -> None:
    """Limits on what the archive declares, before unpacking anything."""
    if len(voci) > MASSIMO_VOCI:
        raise FileNonLeggibile(
            f"L'archivio contiene {len(voci)} file, al massimo se ne leggono {MASSIMO_VOCI}: dividilo."
        )
    if any(voce.flag_bits & 1 for voce in voci):
        raise FileNonLeggibile("L'archivio è protetto da password: toglila e ricarica.")
    totale = sum(voce.file_size for voce in voci)
    if totale > massimo:
        raise FileNonLeggibile(_troppo_grande(massimo))
    for voce in voci:
        if voce.file_size > SENZA_RAPPORTO and voce.file_size > MASSIMO_RAPPORTO * max(voce.compress_size, 1):
            nome = PurePosixPath(voce.filename).name
            raise FileNonLeggibile(
                f"«{nome}» dentro l'archivio è compresso più di {MASSIMO_RAPPORTO} volte, come nessuna tabella vera: "
                "per prudenza il portale non lo apre. Carica il file senza comprimerlo."
            )


def _troppo_grande(massimo: int) -> str:
    return (
        f"Una volta aperto, il file supera {massimo // MEGA} MB: dividilo in più parti, "
        "oppure carica le tabelle come CSV."
    )


def _pezzi(archivio: zipfile.ZipFile, voce: zipfile.ZipInfo, massimo: int) -> Iterator[bytes]:
    """The content of an entry. zipfile stops at the declared size and checks the CRC: a lie is found out."""
    letti = 0
    try:
        with archivio.open(voce) as aperta:
            while pezzo := aperta.read(PEZZO):
                letti += len(pezzo)
                if letti > massimo:
                    raise FileNonLeggibile(_troppo_grande(massimo))
                yield pezzo
    except NotImplementedError:
        raise FileNonLeggibile(
            "L'archivio usa una compressione che il portale non conosce: rifallo come zip."
        ) from None
    except RuntimeError:
        raise FileNonLeggibile("L'archivio è protetto da password: toglila e ricarica.") from None
    except _GUASTI:
        nome = PurePosixPath(voce.filename).name
        raise FileNonLeggibile(f"«{nome}» dentro l'archivio è rovinato. {CHIEDI_ZIP}") from None
