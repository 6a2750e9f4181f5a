"""What the data sets take from the published list of CUPs, as it stood at an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from interoperabilita.models import VoceCup
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import PianoIntegrato

PER_VOLTA = 2_000


def voci(istante: datetime) -> QuerySet[Any]:
    """A version for each intervento, in an order that does not change."""
    return VoceCup.objects.valide(istante).order_by("oggetto")


def piani_in_bozza() -> frozenset[str]:
    """The codes of the piani that nobody has presented yet: they are nobody's business but their authors'."""
    return frozenset(PianoIntegrato.objects.filter(stato=StatoPiano.BOZZA).values_list("codice", flat=True))
