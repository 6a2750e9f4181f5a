"""Which interventi must say how they are going in a month, and which of them have not yet."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from interventi.models import Intervento
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, Criticita


def attesi(mese: date) -> QuerySet[Intervento]:
    """The interventi whose data are expected for a month (its first day).

    Those that somebody carries out, not revoked, and not ended before the month by what was last approved. One that
    ends within the month still tells it: it is the month in which it says so. Those of the demonstration count too.
    """
    in_corso = Q(situazione__isnull=True) | Q(situazione__revocata_il__isnull=True) & (
        Q(situazione__fine_effettiva__isnull=True) | Q(situazione__fine_effettiva__gte=mese)
    )
    return Intervento.objects.filter(in_corso, soggetto_attuatore__isnull=False)


def da_inviare(mese: date) -> QuerySet[Intervento]:
    """Those expected that have sent nothing for the month, whether or not a draft of it is open.

    What was returned is not among them: it was sent, and it is asked for in its own words.
    """
    arrivati = Avanzamento.objects.filter(intervento=OuterRef("pk"), mese=mese).exclude(stato=StatoAvanzamento.BOZZA)
    return attesi(mese).filter(~Exists(arrivati))


def criticita_oltre(oggi: date) -> QuerySet[Criticita]:
    """Criticalities still open past their date, by the last word on each intervento: sent, returned or approved."""
    parlano = [StatoAvanzamento.INVIATO, StatoAvanzamento.RESTITUITO, StatoAvanzamento.APPROVATO]
    dopo = Avanzamento.objects.filter(intervento=OuterRef("avanzamento__intervento"), stato__in=parlano).filter(
        Q(mese__gt=OuterRef("avanzamento__mese"))
        | Q(mese=OuterRef("avanzamento__mese"), versione__gt=OuterRef("avanzamento__versione"))
    )
    return (
        Criticita.objects.filter(~Exists(dopo), avanzamento__stato__in=parlano)
        .filter(scadenza__lt=oggi, chiusa_il__isnull=True)
        .exclude(avanzamento__intervento__situazione__revocata_il__isnull=False)
        .select_related("avanzamento__intervento")
        .defer("avanzamento__bozza")
        .order_by("scadenza", "pk")
    )
