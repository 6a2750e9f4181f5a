"""A write asked with an Idempotency-Key is done once, and answered the same however many times it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from interoperabilita.models import ChiaveApi, RichiestaIdempotente


class GiaUsata(Exception):
    """The same Idempotency-Key came with another request before."""


@dataclass(frozen=True)
class Risposta:
    """An answer as it is kept."""

    stato: int
    corpo: str
    intestazioni: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def una_volta(*, chiave: ChiaveApi, valore: str, impronta: str, esegui: Callable[[], Risposta]) -> Risposta:
    """The answer of `esegui`, or the one it gave before. Raises GiaUsata.

    The row is written first: who comes meanwhile waits for it. `esegui` answers refusals too, undone by itself; what
    it raises undoes everything, so that the same key can be tried again.
    """
    richiesta, nuova = RichiestaIdempotente.objects.get_or_create(
        chiave=chiave, valore=valore, defaults={"impronta": impronta, "stato": 0, "corpo": ""}
    )
    if not nuova:
        if richiesta.impronta != impronta:
            raise GiaUsata
        return Risposta(richiesta.stato, richiesta.corpo, richiesta.intestazioni)
    risposta = esegui()
    richiesta.stato, richiesta.corpo, richiesta.intestazioni = risposta.stato, risposta.corpo, risposta.intestazioni
    richiesta.save(update_fields=["stato", "corpo", "intestazioni"])
    return risposta
