"""The bytes of a document on its way, in the document store: any machine goes on with what another began.

Each piece is a file of its own, `caricamenti/<key>/<first byte>-<byte after the last>`, never changed once it is there.
Who adds one holds the lock of the upload's row; what a process killed halfway may have left beyond what the row
counts is thrown away before the next is written.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from registro import deposito

CARTELLA = "caricamenti"
BLOCCO = 1 << 20
_NOME = re.compile(r"(\d{12})-(\d{12})")


@dataclass(frozen=True, order=True)
class _Pezzo:
    inizio: int
    fine: int
    nome: str


def cartella(chiave: uuid.UUID) -> str:
    return f"{CARTELLA}/{chiave.hex}"


def presenti(chiave: uuid.UUID) -> int:
    """How many bytes, from the first, are in the store."""
    seguito = _in_fila(_pezzi(chiave))
    return seguito[-1].fine if seguito else 0


def leggi(chiave: uuid.UUID, inizio: int, quanti: int) -> bytes:
    """The bytes from `inizio`, as many as there are of these."""
    letti = []
    for pezzo in _in_fila(_pezzi(chiave)):
        da, a = max(inizio, pezzo.inizio), min(inizio + quanti, pezzo.fine)
        if da < a:
            with default_storage.open(pezzo.nome, "rb") as file:
                file.seek(da - pezzo.inizio)
                letti.append(file.read(a - da))
    return b"".join(letti)


def scrivi(chiave: uuid.UUID, inizio: int, byte: bytes) -> None:
    """Put the bytes in their place, and nothing after them."""
    for pezzo in _pezzi(chiave):
        if pezzo.fine > inizio:
            default_storage.delete(pezzo.nome)
    deposito.scrivi_intero(f"{cartella(chiave)}/{inizio:012d}-{inizio + len(byte):012d}", byte)


@contextmanager
def intero(chiave: uuid.UUID, byte: int) -> Iterator[Path]:
    """All of it, in one file of this machine, until the block ends. Raises FileNotFoundError when some is gone."""
    with tempfile.NamedTemporaryFile(prefix="documento-") as copia:
        for pezzo in _in_fila(_pezzi(chiave)):
            with default_storage.open(pezzo.nome, "rb") as file:
                for blocco in file.chunks(BLOCCO):
                    copia.write(blocco)
        copia.flush()
        if copia.tell() != byte:
            raise FileNotFoundError(cartella(chiave))
        yield Path(copia.name)


def cancella(chiave: uuid.UUID) -> None:
    _svuota(cartella(chiave))


def di_nessuno(vivi: Iterable[str]) -> list[str]:
    """Names, in the store, of what belongs to none of these uploads (by the hexadecimal key)."""
    tenuti = {f"{CARTELLA}/{chiave}" for chiave in vivi}
    return sorted({*deposito.cartelle(CARTELLA), *deposito.nomi(CARTELLA)} - tenuti)


def distruggi(nome: str) -> None:
    """Throw away what `di_nessuno` found."""
    _svuota(nome)


def _svuota(nome: str) -> None:
    for file in deposito.nomi(nome) if nome not in deposito.nomi(CARTELLA) else []:
        default_storage.delete(file)
    # A piece may have come in the meantime: then its folder stays, until the next time.
    with contextlib.suppress(OSError):
        default_storage.delete(nome)


def _pezzi(chiave: uuid.UUID) -> list[_Pezzo]:
    """In order; of two that start together, the longer first. What is still being written has another name."""
    trovati = []
    for nome in deposito.nomi(cartella(chiave)):
        estremi = _NOME.fullmatch(nome.rpartition("/")[2])
        if estremi:
            trovati.append(_Pezzo(int(estremi[1]), int(estremi[2]), nome))
    return sorted(trovati, key=lambda pezzo: (pezzo.inizio, -pezzo.fine))


def _in_fila(pezzi: list[_Pezzo]) -> list[_Pezzo]:
    """Those that follow one another from the first byte, without a hole."""
    fila: list[_Pezzo] = []
    for pezzo in pezzi:
        arrivati = fila[-1].fine if fila else 0
        if pezzo.inizio == arrivati:
            fila.append(pezzo)
    return fila
