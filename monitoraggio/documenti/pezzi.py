"""The bytes of a document on its way, in a file of their own: outside the web root, under a name nobody can guess."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PEZZO = 1 << 20


def percorso(chiave: uuid.UUID) -> Path:
    return Path(settings.CARICAMENTI_DIR) / chiave.hex


def presenti(chiave: uuid.UUID) -> int:
    """How many bytes are on disk."""
    try:
        return percorso(chiave).stat().st_size
    except FileNotFoundError:
        return 0


def leggi(chiave: uuid.UUID, inizio: int, quanti: int) -> bytes:
    with percorso(chiave).open("rb") as file:
        file.seek(inizio)
        return file.read(quanti)


def scrivi(chiave: uuid.UUID, inizio: int, byte: bytes) -> None:
    """Put the bytes in their place, cut what a process killed halfway may have left beyond, and wait for the disk."""
    cartella = Path(settings.CARICAMENTI_DIR)
    cartella.mkdir(parents=True, exist_ok=True, mode=0o700)
    descrittore = os.open(percorso(chiave), os.O_RDWR | os.O_CREAT, 0o600)
    with open(descrittore, "r+b") as file:
        file.seek(inizio)
        file.write(byte)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def cancella(chiave: uuid.UUID) -> None:
    percorso(chiave).unlink(missing_ok=True)


def di_nessuno(vivi: set[str]) -> Iterator[Path]:
    """Files that belong to none of these, by the hexadecimal name."""
    cartella = Path(settings.CARICAMENTI_DIR)
    if cartella.is_dir():
        yield from (file for file in sorted(cartella.iterdir()) if file.name not in vivi)
