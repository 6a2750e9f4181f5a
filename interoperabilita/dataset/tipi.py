"""A data set is a value: what it is called, its fields, where its rows come from.

Files, dictionary, page and metadata are all made from these values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from interoperabilita.risorse.tipi import Campo, Tipo

AUTORITA = "http://publications.europa.eu/resource/authority/"
# Of every row of every data set: whether it is, or counts, something invented for the demonstration.
DIMOSTRATIVO = Campo("dimostrativo", Tipo.BOOLEANO, "Se è, o comprende, un dato inventato per la dimostrazione.", False)


class Tema(Enum):
    """Some themes of the vocabulary of the European Union, by code; the value is their Italian name."""

    ECON = "Economia e finanze"
    GOVE = "Governo e settore pubblico"
    REGI = "Regioni e città"

    @property
    def uri(self) -> str:
        return f"{AUTORITA}data-theme/{self.name}"


class Frequenza(Enum):
    """Some frequencies of the vocabulary of the European Union, by code; the value is how people say it."""

    DAILY = "ogni giorno"

    @property
    def uri(self) -> str:
        return f"{AUTORITA}frequency/{self.name}"


@dataclass(frozen=True)
class Formato:
    """A format that every data set is written in. `media` and `tipo_file` are its names at IANA and in the Union."""

    codice: str
    nome: str
    media: str
    tipo_file: str


FORMATI: dict[str, Formato] = {
    formato.codice: formato
    for formato in (Formato("csv", "CSV", "text/csv", "CSV"), Formato("json", "JSON", "application/json", "JSON"))
}


# The rows of a data set as published at an instant, in an order that does not change.
Righe = Callable[[datetime], Iterator[dict[str, Any]]]


@dataclass(frozen=True)
class Dataset:
    """A data set.

    `righe` gives the rows, field by field, as JSON has them. `significati` says what the codes of a field stand for.
    `periodo` names the fields with the first and the last day that a row speaks of. `api` is the address of the API,
    under /api/v1/, that answers with the same data.
    """

    codice: str
    titolo: str
    descrizione: str
    temi: Sequence[Tema]
    parole: Sequence[str]
    campi: Sequence[Campo]
    righe: Righe
    api: str
    frequenza: Frequenza = Frequenza.DAILY
    significati: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    periodo: tuple[str, str] | None = None


# The unit of a field is in its name.
_UNITA = {"_eur": "EUR", "_percento": "%", "_km2": "km²", "_gradi": "gradi, WGS84"}
_TIPI = {
    Tipo.TESTO: "testo",
    Tipo.SCELTA: "codice",
    Tipo.INTERO: "numero intero",
    Tipo.IMPORTO: "importo, due decimali",
    Tipo.PERCENTO: "numero, due decimali",
    Tipo.NUMERO: "numero",
    Tipo.DATA: "data, AAAA-MM-GG",
    Tipo.ISTANTE: "data e ora, UTC",
    Tipo.BOOLEANO: "true o false",
    Tipo.TESTI: "elenco di testi",
    Tipo.INTERI: "elenco di numeri",
}


@dataclass(frozen=True)
class VoceDizionario:
    """A line of the data dictionary."""

    nome: str
    tipo: str
    unita: str
    descrizione: str
    valori: Mapping[str, str]


def dizionario(dataset: Dataset) -> list[VoceDizionario]:
    return [
        VoceDizionario(
            campo.nome,
            _TIPI[campo.tipo],
            next((unita for suffisso, unita in _UNITA.items() if campo.nome.endswith(suffisso)), ""),
            campo.descrizione,
            dataset.significati.get(campo.nome, {}),
        )
        for campo in dataset.campi
    ]
