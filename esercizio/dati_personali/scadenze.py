"""What is thrown away when its term has passed, where no other room does it: each is a line of `termini.TERMINI`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from monitoraggio.models import Allerta, Riepilogo
from monitoraggio.services.documenti import abbandona_caricamenti
from registro.models import Ripensamento
from registro.ripensamenti import CONSERVATI

# So many rows at a time: nobody waits long for the database meanwhile.
PER_VOLTA = 5_000


def togli_sessioni(*, adesso: datetime) -> int:
    """Those past their end: nobody can go on with them, and they say who was signed in."""
    return _a_blocchi(Session.objects.filter(expire_date__lt=adesso))


def togli_ripensamenti(*, adesso: datetime) -> int:
    """What can no longer be undone; the pages do it too, when somebody does something else that can."""
    return _a_blocchi(Ripensamento.objects.filter(scade__lt=adesso - CONSERVATI))


def togli_allerte(*, adesso: datetime) -> int:
    """What people were told, and the digests they were sent, beyond ALLERTE_GIORNI.

    One that still stands and was never read stays, however old: it would only be told again.
    """
    limite = adesso - timedelta(days=settings.ALLERTE_GIORNI)
    finite = Q(letta_il__isnull=False) | Q(superata_il__isnull=False)
    return _a_blocchi(Allerta.objects.filter(finite, creata__lt=limite)) + _a_blocchi(
        Riepilogo.objects.filter(giorno__lt=limite.date())
    )


def togli_caricamenti() -> int:
    """The pieces of documents that nobody went on handing in."""
    return len(abbandona_caricamenti())


def _a_blocchi(righe: QuerySet[Any]) -> int:
    """Each block is a transaction of its own: what was done stays done if the worker stops."""
    tolte = 0
    while quante := righe.model.objects.filter(pk__in=righe.order_by("pk").values("pk")[:PER_VOLTA]).delete()[0]:
        tolte += quante
    return tolte
