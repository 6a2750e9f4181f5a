"""What the workers do for the access of people. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from enti import avvisi, conservazione


@shared_task(name="enti.avvisa_nuovi_accessi")
def avvisa_nuovi_accessi() -> None:
    avvisi.spedisci()


@shared_task(name="enti.dimentica_provenienze")
def dimentica_provenienze() -> None:
    conservazione.dimentica(adesso=timezone.now())
