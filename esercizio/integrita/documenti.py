"""The files of the document store, against the fingerprints that the database keeps of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum

from django.core.files.storage import default_storage
from django.utils import timezone

from esercizio.file_conservati import GUASTI_DEL_DEPOSITO, FileConservato, file_conservati, impronta_di
from esercizio.integrita.tipi import Trovato

# Of a large store a part is read each night, another every night: the whole of it in as many nights.
NOTTI = 30
# A store with no more files than this is always read whole.
POCHI = 1_000


class Quali(Enum):
    """Which files to read: all, or the share of a night, or none."""

    TUTTI = "tutti"
    CAMPIONE = "campione"
    NESSUNO = "nessuno"


def da_leggere(quali: Quali, oggi: date) -> list[FileConservato]:
    if quali is Quali.NESSUNO:
        return []
    tutti = list(file_conservati())
    if quali is Quali.TUTTI or len(tutti) <= POCHI:
        return tutti
    return [uno for uno in tutti if zlib.crc32(uno.nome.encode()) % NOTTI == oggi.toordinal() % NOTTI]


def trova(quali: Quali, conta: Callable[[int], None]) -> Iterator[Trovato]:
    """Files missing, unreadable or changed; `conta` is told how many were looked at.

    What is found is looked at twice: a document may be destroyed, or a file replaced, while they are being read.
    """
    letti = da_leggere(quali, timezone.localdate())
    conta(len(letti))
    sospetti = [uno for uno in letti if _problema(uno)]
    ancora = set(file_conservati()) if sospetti else set()
    for uno in sospetti:
        problema = _problema(uno) if uno in ancora else ""
        if problema:
            yield f"{uno.che_cosa} ({uno.nome})", problema


def _problema(conservato: FileConservato) -> str:
    try:
        with default_storage.open(conservato.nome, "rb") as file:
            impronta, byte = impronta_di(file)
    except FileNotFoundError:
        return "il file non c'è nel deposito"
    except GUASTI_DEL_DEPOSITO as errore:
        return f"il file non si legge: {errore}"
    if conservato.byte is not None and byte != conservato.byte:
        return f"il file ha {byte} byte invece di {conservato.byte}"
    if conservato.impronta and impronta != conservato.impronta:
        return "il contenuto del file non è quello ricevuto: la sua impronta SHA-256 è un'altra"
    return ""
