"""What the workers do for the reports. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from rapporti import lavori
from rapporti.services import posta, riunioni

# The job that makes a report, which importing it makes known to every worker.
__all__ = ["lavori", "prepara_riunioni", "spedisci_rimasti"]


@shared_task(name="rapporti.prepara_riunioni")
def prepara_riunioni() -> None:
    riunioni.prepara_le_prossime(adesso=timezone.now())


@shared_task(name="rapporti.spedisci_rimasti")
def spedisci_rimasti() -> None:
    posta.spedisci_rimasti()
