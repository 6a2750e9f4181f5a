"""The files that documents may be, and whether one really is what the end of its name says.

Signatures of images and drawings, and the true name of what came under a false one, are known by `puremagic`; of PDF,
signed files, XML and office documents the inside is looked at as well.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.parsers import expat

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from monitoraggio.documenti import archivi
from monitoraggio.documenti.tipi import FileRifiutato

INIZIO = 8192
FINE = 8192
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # OID 1.2.840.113549.1.7.2
_PEM = re.compile(rb"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CONTROLLO = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

Verifica = Callable[[IO[bytes], bytes], bool]


@dataclass(frozen=True)
class Formato:
    """A kind of file: how it is called, the type it is served with, how it is told from the others."""

    nome: str | Promise
    tipo_contenuto: str
    verifica: Verifica


def estensione(nome: str) -> str:
    """The end of a name, without its dot, in small letters."""
    return PurePosixPath(nome).suffix.lower().removeprefix(".")


def controlla(percorso: Path, nome: str) -> str:
    """The content type of a file whose content agrees with its name. Raises FileRifiutato."""
    finale = estensione(nome)
    formato = FORMATI.get(finale)
    if formato is None:
        raise FileRifiutato(_("I file «.%(estensione)s» non si possono caricare.") % {"estensione": finale})
    with percorso.open("rb") as file:
        inizio = file.read(INIZIO)
        file.seek(0)
        if not formato.verifica(file, inizio):
            raise FileRifiutato(_diverso(nome, formato, inizio))
    return formato.tipo_contenuto


def _diverso(nome: str, formato: Formato, inizio: bytes) -> str:
    if inizio.startswith(_OLE):
        return _(
            "«%(nome)s» non è %(atteso)s: è un file di Office del vecchio formato, oppure protetto da password. "
            "Togli la password o salvalo nel formato nuovo, e ricaricalo."
        ) % {"nome": nome, "atteso": formato.nome}
    return _(
        "«%(nome)s» non è %(atteso)s: %(trovato)s. Apri il file sul tuo computer, salvalo nel formato giusto e "
        "ricaricalo."
    ) % {"nome": nome, "atteso": formato.nome, "trovato": _trovato(inizio)}


def _trovato(inizio: bytes) -> str:
    """What the content looks like, in words."""
    if inizio.startswith(archivi.FIRME):
        return _("il contenuto è di un documento di Office, o di un archivio, di un altro tipo")
    finali = _riconosci(inizio)
    for finale in finali:
        if finale in FORMATI:
            return _("il contenuto è di %(formato)s") % {"formato": FORMATI[finale].nome}
    if finali & {"exe", "dll", "scr", "ocx", "elf", "com"} or inizio.startswith((b"MZ", b"\x7fELF")):
        return _("il contenuto è di un programma")
    if finali:
        return _("il contenuto è di un file «.%(estensione)s»") % {"estensione": sorted(finali)[0]}
    return _("il contenuto è di un altro tipo, oppure il file è rovinato")


def _riconosci(inizio: bytes) -> set[str]:
    """The extensions that the first bytes are of, of the best matches only."""
    try:
        trovati = puremagic.magic_string(inizio)
    except (puremagic.PureError, ValueError):
        return set()
    migliore = max(trovato.confidence for trovato in trovati)
    return {t.extension.lower().removeprefix(".") for t in trovati if t.confidence == migliore and t.extension}


# --- One check for each kind -------------------------------------------------------------------------------------


def _firma(*finali: str) -> Verifica:
    """A file known by its first bytes."""

    def verifica(_file: IO[bytes], inizio: bytes) -> bool:
        return not _riconosci(inizio).isdisjoint(finali)

    return verifica


def _pdf(file: IO[bytes], inizio: bytes) -> bool:
    """A PDF that is whole: it begins and it ends."""
    if b"%PDF-" not in inizio[:1024]:
        return False
    lunghezza = file.seek(0, 2)
    file.seek(max(0, lunghezza - FINE))
    if b"%%EOF" not in file.read():
        raise FileRifiutato(_("Il PDF è troncato: manca la fine. Scaricalo o salvalo di nuovo e ricaricalo."))
    return True


def _p7m(_file: IO[bytes], inizio: bytes) -> bool:
    """A CMS envelope with a signature, in DER or in base64, with or without PEM lines."""
    if _busta(inizio):
        return True
    testo = b"".join(_PEM.sub(b"", inizio).split())
    try:
        return _busta(base64.b64decode(testo[: len(testo) // 4 * 4], validate=True))
    except binascii.Error:
        return False


def _busta(byte: bytes) -> bool:
    """SEQUENCE, its length in any of the DER and BER ways, then the OID of signed data."""
    if len(byte) < 2 or byte[0] != 0x30:
        return False
    lunghezza = 2 + (byte[1] & 0x7F if byte[1] & 0x80 else 0)
    return byte[lunghezza : lunghezza + len(SIGNED_DATA)] == SIGNED_DATA


def _xml(file: IO[bytes], inizio: bytes) -> bool:
    """Well-formed from its first to its last tag; without a document type, which could make it grow without end."""
    if not inizio.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return False
    lettore = expat.ParserCreate()
    lettore.StartDoctypeDeclHandler = _niente_doctype
    try:
        lettore.ParseFile(file)
    except expat.ExpatError as errore:
        raise FileRifiutato(
            _("L'XML è scritto male alla riga %(riga)s: chiedine una copia nuova a chi l'ha prodotto.")
            % {"riga": errore.lineno}
        ) from None
    return True


def _niente_doctype(*_argomenti: Any) -> None:
    raise FileRifiutato(_("L'XML contiene una dichiarazione DOCTYPE, che per prudenza non si accetta: toglila."))


def _ufficio(parte: str) -> Verifica:
    """A document of Office: a zip with its index and its main part, without macros."""

    def verifica(file: IO[bytes], inizio: bytes) -> bool:
        if not inizio.startswith(archivi.FIRME):
            return False
        nomi = set(archivi.nomi(file))
        if "[Content_Types].xml" not in nomi or parte not in nomi:
            return False
        if any(nome.endswith("vbaProject.bin") for nome in nomi):
            raise FileRifiutato(_("Il file contiene delle macro: salvalo senza e ricaricalo."))
        archivi.verifica(file)
        return True

    return verifica


def _aperto(tipo: str) -> Verifica:
    """A document of LibreOffice: a zip whose first file says its type."""

    def verifica(file: IO[bytes], inizio: bytes) -> bool:
        if not inizio.startswith(archivi.FIRME) or "mimetype" not in archivi.nomi(file):
            return False
        if archivi.leggi(file, "mimetype", 100).strip() != tipo.encode():
            return False
        archivi.verifica(file)
        return True

    return verifica


def _zip(file: IO[bytes], inizio: bytes) -> bool:
    if not inizio.startswith(archivi.FIRME):
        return False
    nomi = set(archivi.nomi(file))
    if "[Content_Types].xml" in nomi:
        return False
    archivi.verifica(file, _dentro_un_archivio)
    return True


def _dentro_un_archivio(nome: str) -> None:
    if estensione(nome) not in FORMATI:
        raise FileRifiutato(
            _("Dentro l'archivio c'è «%(nome)s», di un tipo che non si può caricare: toglilo e ricarica l'archivio.")
            % {"nome": nome}
        )


def _testo(file: IO[bytes], inizio: bytes) -> bool:
    """Text in any encoding of a byte a letter, or in UTF-16 that says so."""
    if inizio.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if inizio.startswith((b"%PDF", b"{\\rtf", b"MZ", *archivi.FIRME)) or b"<html" in inizio[:1000].lower():
        return False
    return not any(_CONTROLLO.search(pezzo) for pezzo in iter(lambda: file.read(archivi.PEZZO), b""))


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODT = "application/vnd.oasis.opendocument.text"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_JPEG = Formato(pigro("un'immagine JPEG"), "image/jpeg", _firma("jpg", "jpeg", "jpe", "jfif"))
_TIFF = Formato(pigro("un'immagine TIFF"), "image/tiff", _firma("tif", "tiff"))

FORMATI: dict[str, Formato] = {
    "pdf": Formato(pigro("un PDF"), "application/pdf", _pdf),
    "p7m": Formato(pigro("un file firmato (p7m)"), "application/pkcs7-mime", _p7m),
    "xml": Formato(pigro("un XML"), "application/xml", _xml),
    "docx": Formato(pigro("un testo di Word (docx)"), _WORD, _ufficio("word/document.xml")),
    "xlsx": Formato(pigro("un foglio di Excel (xlsx)"), _EXCEL, _ufficio("xl/workbook.xml")),
    "odt": Formato(pigro("un testo di LibreOffice (odt)"), _ODT, _aperto(_ODT)),
    "ods": Formato(pigro("un foglio di LibreOffice (ods)"), _ODS, _aperto(_ODS)),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Formato(pigro("un'immagine PNG"), "image/png", _firma("png")),
    "heic": Formato(pigro("un'immagine HEIC"), "image/heic", _firma("heic", "heif")),
    "tif": _TIFF,
    "tiff": _TIFF,
    "dwg": Formato(pigro("un disegno di AutoCAD (dwg)"), "image/vnd.dwg", _firma("dwg")),
    "csv": Formato(pigro("un testo (csv)"), "text/csv; charset=utf-8", _testo),
    "txt": Formato(pigro("un testo"), "text/plain; charset=utf-8", _testo),
    "zip": Formato(pigro("un archivio zip"), "application/zip", _zip),
}
