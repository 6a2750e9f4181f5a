"""The archive of a backup: one compressed tar, whose last member says what all the others must be.

It is written under another name, read back from the beginning, and only then called by its own.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from esercizio.file_conservati import PEZZO

MANIFESTO = "manifesto.json"
DOCUMENTI = "documenti/"
FORMATO = 1
# Documents and dumps are compressed already: more than this costs time and gains nothing.
COMPRESSIONE = 1
IN_MEMORIA = 8 << 20

Manifesto = dict[str, Any]


class ArchivioGuasto(Exception):
    """The archive is cut short, changed or none of ours; the message, in Italian, says what was found."""


class Scrittore:
    """Adds members to an archive and keeps note of them."""

    def __init__(self, tar: tarfile.TarFile, quando: float) -> None:
        self._tar, self._quando = tar, quando
        self.membri: list[dict[str, Any]] = []

    def aggiungi(self, nome: str, file: IO[bytes]) -> dict[str, Any]:
        """A member with what is left to read of a file, copied aside first: its size must be known, and certain."""
        with tempfile.SpooledTemporaryFile(IN_MEMORIA) as copia:
            impronta = hashlib.sha256()
            while pezzo := file.read(PEZZO):
                impronta.update(pezzo)
                copia.write(pezzo)
            voce = tarfile.TarInfo(nome)
            voce.size, voce.mtime, voce.mode = copia.tell(), int(self._quando), 0o600
            copia.seek(0)
            self._tar.addfile(voce, copia)
        membro = {"nome": nome, "byte": voce.size, "impronta": impronta.hexdigest()}
        self.membri.append(membro)
        return membro

    def chiudi(self, manifesto: Manifesto) -> None:
        contenuto = {"formato": FORMATO, **manifesto, "membri": self.membri}
        self.aggiungi(MANIFESTO, BytesIO(json.dumps(contenuto, ensure_ascii=False, indent=1).encode()))


@contextmanager
def scrittura(finale: Path, *, quando: float) -> Iterator[Scrittore]:
    """Write an archive; it gets its name at the end, whole, on disk and read back, or is not there at all."""
    parziale = finale.with_name(f".{finale.name}.parziale")
    try:
        with open(parziale, "xb", opener=_riservato) as uscita:
            with tarfile.open(fileobj=uscita, mode="w:gz", compresslevel=COMPRESSIONE) as tar:
                yield Scrittore(tar, quando)
            uscita.flush()
            os.fsync(uscita.fileno())
        controlla(parziale)
        parziale.replace(finale)
        _sul_disco(finale.parent)
    finally:
        parziale.unlink(missing_ok=True)


def _riservato(percorso: str, modi: int) -> int:
    """Nobody else may read what holds everybody's data."""
    return os.open(percorso, modi, 0o600)


def _sul_disco(cartella: Path) -> None:
    descrittore = os.open(cartella, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descrittore)
    finally:
        os.close(descrittore)


def controlla(percorso: Path) -> Manifesto:
    """Read the whole archive and return its manifest, if every member is what it says. Raises ArchivioGuasto."""
    letti: dict[str, dict[str, Any]] = {}
    testo = b""

    def guarda(nome: str, file: IO[bytes]) -> None:
        nonlocal testo
        if nome in letti:
            raise ArchivioGuasto(f"contiene due volte «{nome}».")
        if nome == MANIFESTO:
            testo = file.read()
            letti[nome] = {}
            return
        impronta, byte = hashlib.sha256(), 0
        while pezzo := file.read(PEZZO):
            impronta.update(pezzo)
            byte += len(pezzo)
        letti[nome] = {"nome": nome, "byte": byte, "impronta": impronta.hexdigest()}

    scorri(percorso, guarda)
    manifesto = _manifesto(testo)
    attesi = {membro["nome"]: membro for membro in manifesto["membri"]}
    letti.pop(MANIFESTO)
    if attesi.keys() != letti.keys():
        raise ArchivioGuasto("non contiene i file che dice di contenere.")
    for nome, membro in attesi.items():
        if letti[nome] != membro:
            raise ArchivioGuasto(f"il contenuto di «{nome}» non è quello che fu copiato.")
    return manifesto


def _manifesto(testo: bytes) -> Manifesto:
    try:
        manifesto = json.loads(testo)
        formato, membri = manifesto["formato"], manifesto["membri"]
    except (ValueError, KeyError, TypeError):
        raise ArchivioGuasto(
            "non è una copia del portale, o non è intera: le manca l'elenco di ciò che contiene."
        ) from None
    if formato != FORMATO or not isinstance(membri, list):
        raise ArchivioGuasto(f"è scritta nel formato {formato}, che questa versione del portale non conosce.")
    letto: Manifesto = manifesto
    return letto


def scorri(percorso: Path, per_ognuno: Callable[[str, IO[bytes]], None]) -> None:
    """Call a function for each member, in order, with its name and its bytes. Raises ArchivioGuasto, OSError."""
    try:
        with gzip.open(percorso) as origine, tarfile.open(fileobj=origine, mode="r|") as tar:
            for voce in tar:
                file = tar.extractfile(voce) if voce.isreg() else None
                if file is None:
                    raise ArchivioGuasto(f"contiene «{voce.name}», che non è un file.")
                per_ognuno(voce.name, file)
            # To the very end, where the checksum of the whole is.
            while origine.read(PEZZO):
                pass
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as errore:
        raise ArchivioGuasto("non si legge fino in fondo: è stata troncata o si è rovinata.") from errore
