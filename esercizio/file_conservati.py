"""Every file of the document store that the database speaks of, whatever room it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from botocore.exceptions import BotoCoreError, ClientError
from django.db.models import Q

from interoperabilita.models import FileDataset
from interventi.models import FileImportato
from monitoraggio.models import FoglioCaricato, VersioneDocumento
from rapporti.models import Rapporto

PEZZO = 1 << 20
# The folders of the store that are ours; whatever else may be beside them is somebody else's.
CARTELLE = ("caricamenti", "importazioni", "monitoraggio", "open-data", "rapporti", "regis")
# What either store may answer instead of a file.
GUASTI_DEL_DEPOSITO = (OSError, BotoCoreError, ClientError)


@dataclass(frozen=True)
class FileConservato:
    """A file of the store: its name, what it is, and its SHA-256 and size where the database knows them."""

    nome: str
    che_cosa: str
    impronta: str = ""
    byte: int | None = None


def file_conservati() -> Iterator[FileConservato]:
    """All of them, each once. Packages for ReGiS are left out: they live a few days and are made again at will."""
    versioni = VersioneDocumento.objects.filter(distrutta_il__isnull=True).order_by("pk")
    for nome, pk, numero, impronta, byte in versioni.values_list(
        "deposito", "documento", "numero", "sha256", "dimensione"
    ).iterator():
        yield FileConservato(nome, f"documento n. {pk}, versione {numero}", impronta, byte)
    importati = FileImportato.objects.order_by("pk")
    for nome, pk, impronta, byte in importati.values_list("deposito", "importazione", "sha256", "dimensione"):
        yield FileConservato(nome, f"file dell'importazione n. {pk}", impronta, byte)
    yield from _fogli()
    yield from _rapporti()
    dataset = FileDataset.objects.order_by("pk")
    for nome, codice, formato, impronta, byte in dataset.values_list(
        "deposito", "dataset__codice", "formato", "sha256", "byte"
    ):
        yield FileConservato(nome, f"dati aperti «{codice}» in {formato}", impronta, byte)


def _fogli() -> Iterator[FileConservato]:
    fogli = FoglioCaricato.objects.exclude(Q(deposito="") & Q(restituito="")).order_by("pk")
    for pk, deposito, restituito, impronta, byte in fogli.values_list(
        "pk", "deposito", "restituito", "sha256", "dimensione"
    ):
        if deposito:
            yield FileConservato(deposito, f"foglio n. {pk}", impronta, byte)
        if restituito:
            yield FileConservato(restituito, f"foglio n. {pk}, restituito")


def _rapporti() -> Iterator[FileConservato]:
    pronti = Rapporto.objects.filter(pronto_il__isnull=False).order_by("pk")
    for codice, pdf, dati, foglio, impronta, impronta_dati, byte in pronti.values_list(
        "codice", "deposito", "dati", "foglio", "impronta", "impronta_dati", "byte"
    ).iterator():
        yield FileConservato(pdf, f"rapporto {codice}", impronta, byte)
        yield FileConservato(dati, f"dati del rapporto {codice}", impronta_dati)
        yield FileConservato(foglio, f"foglio del rapporto {codice}")


def impronta_di(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size of what is left to read."""
    impronta, byte = hashlib.sha256(), 0
    while pezzo := file.read(PEZZO):
        impronta.update(pezzo)
        byte += len(pezzo)
    return impronta.hexdigest(), byte
