"""The inbox of a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from enti.models import Utente
from monitoraggio.models import Allerta
from monitoraggio.scelte import TipoAllerta

# The kinds of allerte, from what presses most.
URGENZA = (
    TipoAllerta.SCADUTO,
    TipoAllerta.SOLLECITO,
    TipoAllerta.RESTITUITO,
    TipoAllerta.IN_SCADENZA,
    TipoAllerta.BOZZA_FERMA,
    TipoAllerta.CRITICITA,
    TipoAllerta.DA_ISTRUIRE,
    TipoAllerta.VARIAZIONE,
    TipoAllerta.MESSAGGIO,
    TipoAllerta.APPROVATO,
)


def sue(utente: Utente) -> QuerySet[Allerta]:
    """Those of a person; of interventi only while she reads their monitoring, since people change body."""
    tutte = Allerta.objects.filter(utente=utente)
    if utente.vede_tutto:
        return tutte
    return tutte.filter(Q(intervento__isnull=True) | Q(intervento__soggetto_attuatore__in=utente.enti))


def da_leggere(utente: Utente) -> QuerySet[Allerta]:
    """What she has not read and still stands: the number that every page shows."""
    return sue(utente).filter(letta_il__isnull=True, superata_il__isnull=True)


def casella(utente: Utente) -> QuerySet[Any]:
    """All of hers: those still to read first, then the others, newest first. `nuova` says which are which."""
    nuova = When(letta_il__isnull=True, superata_il__isnull=True, then=Value(1))
    return (
        sue(utente)
        .annotate(nuova=Case(nuova, default=Value(0), output_field=IntegerField()))
        .order_by("-nuova", "-creata", "-pk")
    )


def da_spedire(utente: Utente) -> QuerySet[Any]:
    """What the next digest tells her: new to her, and not told by mail before; the most pressing kinds first."""
    posto = Case(*(When(tipo=tipo, then=Value(n)) for n, tipo in enumerate(URGENZA)), output_field=IntegerField())
    return da_leggere(utente).filter(spedita_il__isnull=True).annotate(posto=posto).order_by("posto", "-creata", "-pk")
