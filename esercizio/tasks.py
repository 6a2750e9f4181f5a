"""What the workers do to say that they are there, and to find what was not done."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from esercizio import orario, segni
from esercizio.copie import compiti as copie
from esercizio.dati_personali import compiti
from esercizio.integrita import compiti as integrita

# The tasks of personal data, backups and integrity, which importing them makes known to every worker.
__all__ = ["compiti", "copie", "integrita", "recupera", "segno"]


@shared_task(name="esercizio.segno")
def segno() -> None:
    segni.segna(segni.GIRO)
    segni.dimentica_lavoratori(adesso=timezone.now())


@shared_task(name="esercizio.recupera")
def recupera() -> None:
    orario.recupera(adesso=timezone.now())
