"""The document store: all that another machine must read, in a folder that the machines share or in a bucket.

Whatever a job or a request leaves there has its name only when it is whole, and stays when the machine is switched
off a moment later. What only one process needs for a while is no business of the store: it stays in TMPDIR.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any, Protocol, cast

from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from storages.backends.s3 import S3Storage

# Of a file read from the bucket: beyond this it waits on the disk of the machine and not in memory.
IN_MEMORIA = 4 << 20
CONNESSIONE_SECONDI, RISPOSTA_SECONDI, TENTATIVI = 5, 60, 3


class Deposito(Protocol):
    """What the two stores have beyond Django's."""

    def rinomina(self, vecchio: str, nuovo: str) -> None:
        """Give a file another name, in place of whatever has it: at any moment one of the two is there, whole."""


class DepositoLocale(FileSystemStorage):
    """A folder. A file that was saved is on the disk, and so is its name."""

    def _save(self, name: str, content: Any) -> str:
        # Django's stubs leave this method out.
        nome: str = super()._save(name, content)  # type: ignore[misc]
        percorso = Path(self.path(nome))
        _sul_disco(percorso)
        _sul_disco(percorso.parent)
        return nome

    def rinomina(self, vecchio: str, nuovo: str) -> None:
        finale = Path(self.path(nuovo))
        Path(self.path(vecchio)).replace(finale)
        _sul_disco(finale.parent)


class DepositoS3(S3Storage):
    """A bucket of an S3-compatible service. Nobody but the portal is given the address of an object."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "max_memory_size": IN_MEMORIA, "default_acl": None}

    def __init__(self, **opzioni: Any) -> None:
        opzioni["client_config"] = Config(
            s3={"addressing_style": opzioni.get("addressing_style", "auto")},
            signature_version="s3v4",
            connect_timeout=CONNESSIONE_SECONDI,
            read_timeout=RISPOSTA_SECONDI,
            retries={"max_attempts": TENTATIVI, "mode": "standard"},
            # Most services that speak like S3 do not know the checksums that boto3 adds of its own accord.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**opzioni)

    def rinomina(self, vecchio: str, nuovo: str) -> None:
        origine = {"Bucket": self.bucket_name, "Key": self._normalize_name(vecchio)}
        try:
            self.bucket.Object(self._normalize_name(nuovo)).copy(origine)
        except ClientError as errore:
            if errore.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(vecchio) from errore
            raise
        self.delete(vecchio)


def rinomina(vecchio: str, nuovo: str) -> None:
    """Put a file that was saved under another name in its place. Raises FileNotFoundError."""
    cast(Deposito, default_storage).rinomina(vecchio, nuovo)


def scrivi_intero(nome: str, contenuto: bytes) -> None:
    """Keep these bytes under this very name, in place of what may be there; a half-written file never has it."""
    bozza = default_storage.save(bozza_di(nome), ContentFile(contenuto))
    rinomina(bozza, nome)


def bozza_di(nome: str) -> str:
    """A name beside the final one, that nobody looks for."""
    cartella, _barra, ultimo = nome.rpartition("/")
    return f"{cartella}/.{ultimo}.{uuid.uuid4().hex}"


def nomi(cartella: str) -> list[str]:
    """The whole names of the files of a folder; none where nothing was ever put there."""
    return [f"{cartella}/{nome}" for nome in _elenco(cartella)[1]]


def cartelle(cartella: str) -> list[str]:
    """The whole names of the folders of a folder."""
    return [f"{cartella}/{nome}" for nome in _elenco(cartella)[0]]


def _elenco(cartella: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(cartella)
    except FileNotFoundError:
        return [], []


def _sul_disco(percorso: Path) -> None:
    """Wait until a file, or the names of a folder, are on the disk."""
    descrittore = os.open(percorso, os.O_RDONLY)
    try:
        os.fsync(descrittore)
    finally:
        os.close(descrittore)
