"""Reads of the open data: what the page shows of each data set, and the first rows of it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import islice

from interoperabilita.dataset import titolare
from interoperabilita.dataset.elenco import DATASET
from interoperabilita.dataset.tipi import FORMATI, Dataset, Formato
from interoperabilita.models import DatasetPubblico, FileDataset

RIGHE_ANTEPRIMA = 10


@dataclass(frozen=True)
class Distribuzione:
    formato: Formato
    file: FileDataset
    indirizzo: str


@dataclass(frozen=True)
class Pubblicato:
    """A data set and its files; `fatto` is None until it is made for the first time."""

    dataset: Dataset
    fatto: DatasetPubblico | None = None
    distribuzioni: list[Distribuzione] = field(default_factory=list)

    @property
    def indirizzo(self) -> str:
        return titolare.pagina_di(self.dataset.codice)


def tutti() -> list[Pubblicato]:
    """The data sets in the order of the page. Two queries."""
    fatti = {fatto.codice: fatto for fatto in DatasetPubblico.objects.prefetch_related("file")}
    return [_pubblicato(dataset, fatti.get(codice)) for codice, dataset in DATASET.items()]


def uno(codice: str) -> Pubblicato | None:
    """A data set by its code, None if there is none. Two queries."""
    if codice not in DATASET:
        return None
    fatto = DatasetPubblico.objects.prefetch_related("file").filter(codice=codice).first()
    return _pubblicato(DATASET[codice], fatto)


def _pubblicato(dataset: Dataset, fatto: DatasetPubblico | None) -> Pubblicato:
    if fatto is None:
        return Pubblicato(dataset)
    distribuzioni = [
        Distribuzione(FORMATI[file.formato], file, titolare.file_di(dataset.codice, file.formato))
        for file in fatto.file.all()
        if file.formato in FORMATI
    ]
    return Pubblicato(dataset, fatto, distribuzioni)


def file_di(codice: str, formato: str) -> FileDataset | None:
    """The file of a data set in a format. One query."""
    if codice not in DATASET or formato not in FORMATI:
        return None
    return FileDataset.objects.select_related("dataset").filter(dataset__codice=codice, formato=formato).first()


def anteprima(pubblicato: Pubblicato) -> tuple[list[str], list[list[str]]]:
    """Header and first rows, from the very file that is downloaded."""
    file = next((d.file for d in pubblicato.distribuzioni if d.formato.codice == "csv"), None)
    if file is None:
        return [], []
    with file.deposito.open("rb") as deposito:
        righe = csv.reader(io.TextIOWrapper(deposito, "utf-8", newline=""), delimiter=";")
        return next(righe), list(islice(righe, RIGHE_ANTEPRIMA))
