"""What the workers do for the API. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from interoperabilita import lavori
from interoperabilita.services import conservazione, open_data, pubblicazione

# The job of the open data, which importing it makes known to every worker.
__all__ = ["aggiorna_open_data", "dimentica", "dimentica_accessi", "lavori", "pubblica"]


@shared_task(name="interoperabilita.pubblica")
def pubblica() -> None:
    pubblicazione.pubblica()


@shared_task(name="interoperabilita.dimentica")
def dimentica() -> None:
    pubblicazione.dimentica(adesso=timezone.now())


@shared_task(name="interoperabilita.dimentica_accessi")
def dimentica_accessi() -> None:
    conservazione.dimentica_accessi(adesso=timezone.now())


@shared_task(name="interoperabilita.aggiorna_open_data")
def aggiorna_open_data() -> None:
    open_data.chiedi()
