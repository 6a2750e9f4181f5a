"""A log that is shown a page at a time, the latest first, without counting it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

Riga = TypeVar("Riga", bound=Model)
# What both databases hold as a key, with a digit to spare.
CIFRE_DI_UNA_CHIAVE = 18


def pagina(righe: QuerySet[Riga], prima_di: str, quante: int) -> tuple[list[Riga], str]:
    """So many rows, each of an instant `quando`, and the place where the older ones begin, empty if there are none.

    `prima_di` is such a place, given by the page before; one that makes no sense is the beginning.
    """
    da = _posto(prima_di)
    if da is not None:
        quando, pk = da
        righe = righe.filter(Q(quando__lt=quando) | Q(quando=quando, pk__lt=pk))
    lette = list(righe.order_by("-quando", "-pk")[: quante + 1])
    return lette[:quante], _scritto(lette[quante - 1]) if len(lette) > quante else ""


def _scritto(ultima: Any) -> str:
    return f"{ultima.quando.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{ultima.pk}"


def _posto(testo: str) -> tuple[datetime, int] | None:
    quando, _trattino, pk = testo.partition("-")
    if not pk.isdecimal() or len(pk) > CIFRE_DI_UNA_CHIAVE:
        return None
    try:
        return datetime.strptime(quando, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
