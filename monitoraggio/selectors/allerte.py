"""The inbox of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

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
    TipoAllerta.SEGNALE,
    TipoAllerta.DA_ISTRUIRE,
    TipoAllerta.VARIAZIONE,
    TipoAllerta.MESSAGGIO,
    TipoAllerta.RAPPORTO,
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


class Vista(TextChoices):
    """The parts of the inbox. The values are in addresses."""

    DA_LEGGERE = "da_leggere", _("Da leggere")
    TUTTE = "tutte", _("Tutte")
    SUPERATE = "superate", _("Superate")


VISTE: dict[Vista, Q] = {
    Vista.DA_LEGGERE: Q(letta_il__isnull=True, superata_il__isnull=True),
    Vista.TUTTE: Q(pk__isnull=False),
    Vista.SUPERATE: Q(superata_il__isnull=False),
}


def casella(utente: Utente, vista: Vista, tipo: str = "") -> QuerySet[Any]:
    """A part of hers, of one kind if asked: those still to read first, newest first. `nuova` says which they are."""
    nuova = When(VISTE[Vista.DA_LEGGERE], then=Value(1))
    scelte = sue(utente).filter(VISTE[vista])
    return (
        (scelte.filter(tipo=tipo) if tipo else scelte)
        .annotate(nuova=Case(nuova, default=Value(0), output_field=IntegerField()))
        .order_by("-nuova", "-creata", "-pk")
    )


@dataclass(frozen=True)
class ContiCasella:
    """How many a person has: by part of the inbox (of a kind, if one is chosen), and by kind of the part shown."""

    viste: dict[Vista, int]
    tipi: list[tuple[TipoAllerta, int]]
    tutte: int


def conti_casella(utente: Utente, vista: Vista, tipo: str) -> ContiCasella:
    """One query."""
    quante = {parte.value: Count("pk", filter=condizione) for parte, condizione in VISTE.items()}
    lette = sue(utente).order_by().values("tipo").annotate(**quante)
    righe: dict[str, dict[str, Any]] = {riga["tipo"]: dict(riga) for riga in lette}
    scelte = [riga for nome, riga in righe.items() if tipo in {"", nome}]
    return ContiCasella(
        viste={parte: sum(riga[parte.value] for riga in scelte) for parte in Vista},
        tipi=[(uno, righe[uno][vista.value]) for uno in URGENZA if uno in righe and righe[uno][vista.value]],
        tutte=sum(riga[Vista.TUTTE.value] for riga in righe.values()),
    )


def da_spedire(utente: Utente) -> QuerySet[Any]:
    """What the next digest tells her: new to her, and not told by mail before; the most pressing kinds first."""
    posto = Case(*(When(tipo=tipo, then=Value(n)) for n, tipo in enumerate(URGENZA)), output_field=IntegerField())
    return da_leggere(utente).filter(spedita_il__isnull=True).annotate(posto=posto).order_by("posto", "-creata", "-pk")
