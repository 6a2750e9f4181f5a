"""What the workers are asked to do with the jobs. Importing the executors here makes them known to every worker."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from registro import esecuzione, lavori, prova

__all__ = ["esegui_lavoro", "prova", "raccogli_persi"]


@shared_task(
    name=lavori.COMPITO_ESEGUI,
    soft_time_limit=settings.LAVORO_SECONDI,
    time_limit=settings.LAVORO_SECONDI + 60,
)
def esegui_lavoro(pk: int) -> None:
    esecuzione.esegui(pk)


@shared_task(name=lavori.COMPITO_RACCOGLI)
def raccogli_persi() -> None:
    lavori.raccogli_persi()
