"""Whom a ready report is mailed to, and when: at once, or with the others of its meeting.

The rows of `InvioRapporto` are the queue, one for each report and person. They are made in the transaction that says
that a report is ready (or the last of a meeting); `rapporti.services.posta` sends what they say.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from rapporti.models import InvioRapporto, Rapporto, Riunione

logger = logging.getLogger(__name__)

# By name, because the tasks import the services and not the other way round.
COMPITO = "rapporti.spedisci_rimasti"
# The day before the meeting what is ready is sent, even if something is not.
VIGILIA = timedelta(days=1)


def membri() -> QuerySet[Utente]:
    """The people of the Cabina di regia today."""
    in_carica = Appartenenza.objects.in_vigore().filter(ruolo=Ruolo.CABINA)
    return Utente.objects.filter(pk__in=in_carica.values("utente"), is_active=True, tecnico=False).order_by("pk")


@transaction.atomic
def accoda_invii(*, rapporto_id: int) -> int:
    """Put in the queue the mails of a report that has just become ready; how many were not there yet.

    Called in the transaction that makes it ready. Those of a meeting wait for the last of its reports.
    """
    # Locked: of two reports that become ready at the same moment, the second sees the first.
    riunioni = list(_da_spedire().select_for_update(of=("self",)).filter(rapporti=rapporto_id).order_by("pk"))
    if riunioni:
        return sum(_accoda_riunione(riunione, tutti=True) for riunione in riunioni)
    if Rapporto.objects.pronti().filter(pk=rapporto_id, da_spedire=True).exists():
        return _accoda([rapporto_id])
    return 0


@transaction.atomic
def accoda_vigilie(*, oggi: date) -> int:
    """Of the meetings of tomorrow and of today, put in the queue what is ready; how many mails were not there yet."""
    vicine = _da_spedire().select_for_update(of=("self",)).filter(giorno__range=(oggi, oggi + VIGILIA))
    return sum(_accoda_riunione(riunione, tutti=False) for riunione in vicine.order_by("pk"))


def _da_spedire() -> QuerySet[Riunione]:
    return Riunione.objects.filter(spedire=True, preparata_il__isnull=False)


def _accoda_riunione(riunione: Riunione, *, tutti: bool) -> int:
    rapporti = list(riunione.rapporti.order_by("pk").values_list("pk", "pronto_il"))
    pronti = [pk for pk, pronto_il in rapporti if pronto_il is not None]
    return 0 if tutti and len(pronti) < len(rapporti) else _accoda(pronti)


def _accoda(rapporti: Iterable[int]) -> int:
    """Whoever has a report in the queue already is left alone; a report that went to somebody goes to nobody new."""
    gia = set(InvioRapporto.objects.filter(rapporto__in=rapporti).values_list("rapporto", flat=True))
    persone = list(membri().values_list("pk", flat=True))
    nuovi = [InvioRapporto(rapporto_id=pk, utente_id=chi) for pk in rapporti if pk not in gia for chi in persone]
    InvioRapporto.objects.bulk_create(nuovi, ignore_conflicts=True)
    if nuovi:
        transaction.on_commit(sveglia)
    return len(nuovi)


def sveglia() -> None:
    """Tell the workers that there is mail; with the broker away beat finds it within the hour."""
    try:
        current_app.send_task(COMPITO)
    except OperationalError as errore:
        logger.warning("I rapporti restano da spedire, il servizio dei messaggi non risponde: %s", errore)
