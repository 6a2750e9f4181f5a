"""What the API wrote of its requests, deleted when it has been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from interoperabilita.models import AccessoApi, RichiestaIdempotente

# So many rows at a time: nobody waits long for the database meanwhile.
PER_VOLTA = 5_000


def dimentica_accessi(*, adesso: datetime) -> int:
    """Delete the requests older than API_GIORNI_ACCESSI and the answers older than API_GIORNI_IDEMPOTENZA."""
    vecchi = AccessoApi.objects.filter(quando__lt=adesso - timedelta(days=settings.API_GIORNI_ACCESSI))
    risposte = RichiestaIdempotente.objects.filter(quando__lt=adesso - timedelta(days=settings.API_GIORNI_IDEMPOTENZA))
    return _a_blocchi(vecchi) + _a_blocchi(risposte)


def _a_blocchi(righe: QuerySet[Any]) -> int:
    """Each block is a transaction of its own: what was done stays done if the worker stops."""
    tolte = 0
    while quante := righe.model.objects.filter(pk__in=righe.order_by("quando").values("pk")[:PER_VOLTA]).delete()[0]:
        tolte += quante
    return tolte
