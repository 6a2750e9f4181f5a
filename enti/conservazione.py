"""Where people came from, forgotten when it has been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from enti import sessioni
from enti.models import Provenienza

# So many rows at a time: nobody waits long for the database meanwhile.
PER_VOLTA = 5_000


def dimentica(*, adesso: datetime) -> int:
    """Delete the provenienze older than PROVENIENZE_GIORNI, and those of the sessions that are over; gives how many."""
    vecchie = Provenienza.objects.filter(quando__lt=adesso - timedelta(days=settings.PROVENIENZE_GIORNI))
    tolte = 0
    # Each block is a transaction of its own: what was done stays done if the worker stops.
    while quante := Provenienza.objects.filter(pk__in=vecchie.order_by("quando").values("pk")[:PER_VOLTA]).delete()[0]:
        tolte += quante
    return tolte + sessioni.dimentica_finite()
