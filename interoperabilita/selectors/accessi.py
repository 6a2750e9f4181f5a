"""The log of the API, a page at a time without counting it, and as the lines of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from interoperabilita.formati.valori import cella
from interoperabilita.models import AccessoApi
from registro import dal_piu_recente

PER_PAGINA = 50
A_BLOCCHI = 2_000
INTESTAZIONE = [
    "quando_utc",
    "metodo",
    "indirizzo",
    "esito",
    "millisecondi",
    "indirizzo_ip",
    "ente",
    "chiave",
    "inizio_della_chiave",
    "agisce_come",
    "numero_della_richiesta",
]


@dataclass(frozen=True)
class Pagina:
    """Some requests, the latest first; `oltre` is where the older ones begin, empty if there are none."""

    righe: list[AccessoApi]
    oltre: str


def tutti() -> QuerySet[AccessoApi]:
    return AccessoApi.objects.select_related("chiave__ente", "utente")


def pagina(accessi: QuerySet[AccessoApi], prima_di: str) -> Pagina:
    """Those before a place given by the page before; a place that makes no sense is the beginning."""
    return Pagina(*dal_piu_recente.pagina(accessi, prima_di, PER_PAGINA))


def righe_csv(accessi: QuerySet[AccessoApi]) -> Iterator[list[Any]]:
    """Cells of the file, from the latest: texts that no spreadsheet takes for a formula."""
    for accesso in accessi.order_by("-quando", "-pk").iterator(chunk_size=A_BLOCCHI):
        chiave = accesso.chiave
        yield [
            f"{accesso.quando.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            cella(accesso.metodo),
            cella(accesso.indirizzo),
            accesso.esito,
            accesso.millisecondi,
            cella(accesso.origine),
            cella(str(chiave.ente)) if chiave is not None else "",
            cella(chiave.nome) if chiave is not None else "",
            chiave.prefisso if chiave is not None else "",
            cella(str(accesso.utente)) if accesso.utente is not None else "",
            accesso.azione,
        ]
