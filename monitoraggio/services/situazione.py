"""The table of the current situation, kept in step with avanzamenti and variazioni in their own transactions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from django.db import transaction

from interventi.models import Intervento
from interventi.services.legami import a_blocchi
from monitoraggio.models import Situazione
from monitoraggio.selectors.situazione import CAMPI, Stato, calcola, conservate
from registro.osservatori import avvisa


@transaction.atomic
def ricalcola(*, interventi: Collection[int]) -> None:
    """Write again the situation of these interventi, whose rows are locked until the transaction ends.

    Who observes Situazione is told the keys of the interventi: a row of it comes and goes with what is known of one.
    """
    for blocco in a_blocchi(sorted(set(interventi))):
        list(Intervento.objects.select_for_update(of=("self",)).filter(pk__in=blocco).order_by("pk").values("pk"))
        _scrivi(blocco, calcola(interventi=blocco))
        avvisa(Situazione, blocco)


def _scrivi(interventi: Collection[int], stati: dict[int, Stato]) -> None:
    righe = [Situazione(intervento_id=intervento, **asdict(stato)) for intervento, stato in stati.items()]
    colonne = ["avanzamento" if campo == "avanzamento_id" else campo for campo in CAMPI]
    Situazione.objects.bulk_create(
        righe, update_conflicts=True, unique_fields=["intervento"], update_fields=colonne, batch_size=500
    )
    Situazione.objects.filter(intervento__in=set(interventi) - set(stati)).delete()


def discordanze() -> dict[int, tuple[Stato | None, Stato | None]]:
    """Where the table and the avanzamenti disagree: by intervento, what is kept and what it should be."""
    tenute, giuste = conservate(), calcola()
    return {
        intervento: (tenute.get(intervento), giuste.get(intervento))
        for intervento in sorted(tenute.keys() | giuste.keys())
        if tenute.get(intervento) != giuste.get(intervento)
    }


@transaction.atomic
def ricostruisci() -> int:
    """Make the whole table anew; how many interventi it now has."""
    stati = calcola()
    Situazione.objects.all().delete()
    _scrivi([], stati)
    return len(stati)
