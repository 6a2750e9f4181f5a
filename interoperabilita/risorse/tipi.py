"""A resource is a value: its fields with their types and words, who may read it, what it is filtered by.

Schema, documentation, formats and checks of the parameters are all made from these values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import django_filters
from django.db.models import QuerySet

from enti.models import Utente
from enti.permessi import Permesso
from interoperabilita.models.chiavi import Ambito

NON_NOTO = "non_noto"
SEPARATORE = " | "


class Tipo(Enum):
    """What the JSON of a field holds. Amounts are decimals in a string, days and instants are RFC 3339 (UTC, Z)."""

    TESTO = "testo"
    INTERO = "intero"
    IMPORTO = "importo"
    PERCENTO = "percento"
    NUMERO = "numero"
    DATA = "data"
    ISTANTE = "istante"
    BOOLEANO = "booleano"
    SCELTA = "scelta"
    TESTI = "testi"
    INTERI = "interi"
    PER_FONTE = "per_fonte"
    OGGETTO = "oggetto"
    OGGETTI = "oggetti"


@dataclass(frozen=True)
class Campo:
    """A field of a resource. `nullo` says whether it may be null, which booleans, choices and lists never are.

    `campi` are those of the object, or of each object of the list; `scelte` the values of a choice; `colonne` the
    columns of the CSV where they are not one, each with how to read it.
    """

    nome: str
    tipo: Tipo
    descrizione: str
    esempio: Any
    nullo: bool = False
    scelte: Sequence[str] = ()
    campi: Sequence[Campo] = ()
    # Of a list: its objects may have only the fields that were asked for.
    parziale: bool = False

    def __post_init__(self) -> None:
        if self.nullo and self.tipo in {Tipo.BOOLEANO, Tipo.SCELTA, Tipo.TESTI, Tipo.INTERI, Tipo.OGGETTI}:
            raise ValueError(f"{self.nome}: booleani, scelte ed elenchi non sono mai nulli.")


# Given rows, as the JSON has them, and what they are asked for: rewrites what depends on the day.
Situazione = Callable[[list[dict[str, Any]], date, datetime], None]


@dataclass(frozen=True, eq=False)
class Risorsa:
    """A list of the API.

    `righe` gives the live rows that `filtro` is applied to: their primary key is the `oggetto` of the published ones.
    `filtri_vivi` are filters whose outcome may change while the published rows do not. `ordini` are the fields to
    sort by. `al`, where it is there, rewrites rows as they stood on a day; where it is not, a list answers with what
    was published on that day.
    """

    nome: str
    titolo: str
    descrizione: str
    campi: Sequence[Campo]
    ambito: Ambito
    permesso: Permesso
    filtro: type[django_filters.FilterSet]
    righe: Callable[[Utente], QuerySet[Any]]
    # The same as they stood on a day, where what they are filtered by depends on it.
    righe_al: Callable[[Utente, date], QuerySet[Any]] | None = None
    # Whether a day leaves rows out: then only those of `righe_al` are in the list.
    al_sceglie: bool = False
    ordini: Sequence[str] = ("id",)
    filtri_vivi: frozenset[str] = frozenset()
    # Filters that are not written in the class: the rooms above add theirs to the list of interventi.
    altri_filtri: Callable[[], Mapping[str, django_filters.Filter]] = dict
    al: Situazione | None = None
    # What names a row that is no more, besides its id.
    chiave: Sequence[str] = ()
    nome_schema: str = ""
    # Whether a body sees only its own rows; where not, whoever may read the list reads all of it.
    per_ente: bool = True

    @property
    def nomi(self) -> list[str]:
        return [campo.nome for campo in self.campi]

    @property
    def parametri(self) -> list[str]:
        """The names of the filters, those of the rooms above included."""
        return [*self.filtro.base_filters, *self.altri_filtri()]
