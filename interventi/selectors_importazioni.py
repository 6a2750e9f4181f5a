"""What the pages of the imports read. Every function costs a constant number of queries."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum

from interventi.models import Differenza, EsitoRiga, Importazione, TabellaImportata
from interventi.models.importazioni import Esito, StatoDifferenza

CONTI = ("lette", "nuove", "cambiate", "invariate", "rifiutate", "fuori_perimetro", "dubbie")

CON_DUBBI = ~Q(rilievi=[]) & ~Q(esito=Esito.RIFIUTATA)
DA_CORREGGERE = Q(esito=Esito.RIFIUTATA, fuori_perimetro=False)


def importazioni() -> QuerySet[Importazione]:
    """All imports, the latest first, with what a list says of them."""
    return Importazione.objects.select_related("autore", "lavoro").prefetch_related("file")


def tabelle(importazione: Importazione) -> QuerySet[TabellaImportata]:
    """The tables found in the files of an import, in the order of the files."""
    return (
        TabellaImportata.objects.filter(file__importazione=importazione).select_related("file").order_by("file", "pk")
    )


def totali(importazione: Importazione) -> dict[str, int]:
    """The figures of all its tables together."""
    somme = TabellaImportata.objects.filter(file__importazione=importazione).aggregate(
        **{nome: Sum(nome) for nome in CONTI}
    )
    return {nome: valore or 0 for nome, valore in somme.items()}


def righe(importazione: Importazione) -> QuerySet[EsitoRiga]:
    """The rows of an import with something to say, in the order of the files."""
    sue = list(tabelle(importazione).values_list("pk", flat=True))
    return EsitoRiga.objects.filter(tabella__in=sue).order_by("tabella_id", "riga", "pk")


def pagina_di_righe(righe: QuerySet[EsitoRiga], *, per_pagina: int, numero: str | None) -> Page[EsitoRiga]:
    """A page of rows. First their keys alone are put in order: sorting whole rows takes four times as long."""
    chiavi = Paginator(righe.values_list("pk", flat=True), per_pagina).get_page(numero)
    trovate = (
        EsitoRiga.objects.filter(pk__in=list(chiavi.object_list))
        .select_related("tabella")
        .defer("originale", "tabella__intestazioni")
        .order_by("tabella_id", "riga", "pk")
    )
    return Page(list(trovate), chiavi.number, cast("Paginator[EsitoRiga]", chiavi.paginator))


def differenze() -> QuerySet[Differenza]:
    """All differences with ReGiS, the open ones first, then the latest decided."""
    return Differenza.objects.select_related("intervento__submisura", "decisa_da", "importazione").defer(
        "intervento__sintesi", "intervento__testo_ricerca"
    )


def differenze_aperte() -> int:
    return Differenza.objects.filter(stato=StatoDifferenza.APERTA).count()


def dati_con_differenze() -> list[str]:
    """The names of the data on which ReGiS and the portal have ever differed."""
    return list(Differenza.objects.order_by("etichetta").values_list("etichetta", flat=True).distinct())
