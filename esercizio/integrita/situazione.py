"""The current situation of the interventi, against the avanzamenti and the variazioni it is worked out from."""

from __future__ import annotations

from collections.abc import Iterator

from esercizio.integrita.tipi import Trovato
from interventi.models import Intervento
from monitoraggio.selectors.situazione import CAMPI, Stato
from monitoraggio.services.situazione import discordanze


def trova() -> Iterator[Trovato]:
    trovate = discordanze()
    codici = {uno.pk: uno.codice for uno in Intervento.objects.filter(pk__in=trovate).only("cup", "clp")}
    for intervento, (tenuto, giusto) in trovate.items():
        yield f"situazione di {codici.get(intervento, intervento)}", _differenza(tenuto, giusto)


def _differenza(tenuto: Stato | None, giusto: Stato | None) -> str:
    if giusto is None:
        return "c'è, ma nulla è approvato"
    if tenuto is None:
        return "manca"
    diversi = [campo.replace("_", " ") for campo in CAMPI if getattr(tenuto, campo) != getattr(giusto, campo)]
    return f"non è quella che dicono gli avanzamenti: {', '.join(diversi)}"
