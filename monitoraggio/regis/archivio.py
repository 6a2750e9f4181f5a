"""The packages made by a job, kept for some days under random names that no address shows."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from registro import deposito

CARTELLA = "regis"
# A package is made again in a moment, and an old one would only be mistaken for the new.
GIORNI = 7


def conserva(contenuto: IO[bytes]) -> str:
    """Keep a file; returns the name to find it by."""
    contenuto.seek(0)
    return default_storage.save(f"{CARTELLA}/{uuid.uuid4().hex}", File(contenuto))


def apri(nome: str) -> IO[bytes] | None:
    """The file, or None if it is no longer kept."""
    if not nome.startswith(f"{CARTELLA}/") or not default_storage.exists(nome):
        return None
    return default_storage.open(nome, "rb")


def elimina_vecchi() -> int:
    """Delete the packages older than GIORNI; returns how many."""
    limite = timezone.now() - timedelta(days=GIORNI)
    vecchi = [nome for nome in deposito.nomi(CARTELLA) if default_storage.get_modified_time(nome) < limite]
    for nome in vecchi:
        default_storage.delete(nome)
    return len(vecchi)
