"""Zip files, office documents included: what is inside, unpacked to nowhere under a limit that no header can fool."""

from __future__ import annotations

import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from monitoraggio.documenti.tipi import FileRifiutato
from psttm import formati

MEGA = 1_000_000
# Twice the largest document that can be handed in, and far more than photographs and drawings ever shrink.
MASSIMO_SPACCHETTATO = 400 * MEGA
MASSIMO_VOCI = 2_000
# An archive inside an office document (a sheet embedded in a text) inside an archive.
MASSIMA_PROFONDITA = 3
# Kept in memory up to here, then on disk.
IN_MEMORIA = 8 * MEGA
PEZZO = 1 << 18
FIRMA = b"PK\x03\x04"
FIRME = (FIRMA, b"PK\x05\x06")
# The last is of a file that is locked by a password though the index of its archive does not say so.
GUASTI = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)
_IGNORATE = frozenset({".ds_store", "thumbs.db", "desktop.ini"})

# Given the name of a file inside an archive, raises FileRifiutato if it may not be there.
ControlloNome = Callable[[str], None]


@dataclass
class _Credito:
    """How many bytes may still be unpacked, nested archives included."""

    byte: int

    def spendi(self, quanti: int) -> None:
        self.byte -= quanti
        if self.byte < 0:
            raise FileRifiutato(
                _(
                    "Una volta aperto, il file supera %(mega)s MB: per prudenza il portale non lo accetta. "
                    "Dividilo in più file, oppure carica i documenti uno per uno senza comprimerli."
                )
                % {"mega": formati.numero(MASSIMO_SPACCHETTATO // MEGA)}
            )


def nomi(file: IO[bytes]) -> list[str]:
    """The names of what a zip holds. Raises FileRifiutato when it cannot be read."""
    with _apri(file) as archivio:
        return archivio.namelist()


def leggi(file: IO[bytes], nome: str, quanti: int) -> bytes:
    """The first bytes of one of the files of a zip."""
    with _apri(file) as archivio:
        try:
            with archivio.open(nome) as voce:
                return voce.read(quanti)
        except GUASTI:
            raise _rovinato() from None


def verifica(file: IO[bytes], controllo: ControlloNome | None = None) -> None:
    """Unpack everything to nowhere. Raises FileRifiutato for what is too much, broken, locked or not allowed."""
    _verifica(file, _Credito(MASSIMO_SPACCHETTATO), controllo, profondita=1)
    file.seek(0)


def _verifica(file: IO[bytes], credito: _Credito, controllo: ControlloNome | None, *, profondita: int) -> None:
    if profondita > MASSIMA_PROFONDITA:
        raise FileRifiutato(
            _("Ci sono archivi dentro archivi dentro archivi: aprili e carica i documenti uno per uno.")
        )
    with _apri(file) as archivio:
        voci = [voce for voce in archivio.infolist() if not voce.is_dir()]
        if len(voci) > MASSIMO_VOCI:
            raise FileRifiutato(
                _("Dentro ci sono %(voci)s file, al massimo possono essere %(massimo)s: dividilo in più archivi.")
                % {"voci": formati.numero(len(voci)), "massimo": formati.numero(MASSIMO_VOCI)}
            )
        if any(voce.flag_bits & 1 for voce in voci):
            raise FileRifiutato(_("Il file è protetto da password: toglila e caricalo di nuovo."))
        if sum(voce.file_size for voce in voci) > credito.byte:
            credito.spendi(credito.byte + 1)
        for voce in voci:
            nome = PurePosixPath(voce.filename.replace("\\", "/")).name
            if controllo is not None and not _del_sistema(voce.filename, nome):
                controllo(nome)
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORIA) as copia:
                for pezzo in _pezzi(archivio, voce, credito):
                    copia.write(pezzo)
                copia.seek(0)
                if copia.read(len(FIRMA)) == FIRMA:
                    _verifica(copia, credito, controllo, profondita=profondita + 1)


def _del_sistema(percorso: str, nome: str) -> bool:
    """What operating systems add to an archive on their own."""
    return percorso.startswith("__MACOSX/") or nome.lower() in _IGNORATE


def _pezzi(archivio: zipfile.ZipFile, voce: zipfile.ZipInfo, credito: _Credito) -> Iterator[bytes]:
    try:
        with archivio.open(voce) as aperta:
            while pezzo := aperta.read(PEZZO):
                credito.spendi(len(pezzo))
                yield pezzo
    except GUASTI:
        raise _rovinato() from None


def _apri(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        file.seek(0)
        return zipfile.ZipFile(file)
    except GUASTI:
        raise _rovinato() from None


def _rovinato() -> FileRifiutato:
    return FileRifiutato(_("Il file è troncato o rovinato: aprilo sul tuo computer, salvalo di nuovo e ricaricalo."))
