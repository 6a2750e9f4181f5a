"""What the workers do for the Cruscotto. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from celery import shared_task

from cruscotto import lavori
from cruscotto.services import fotografie, marche

# The job that counts, which importing it makes known to every worker.
__all__ = ["conteggio_notturno", "lavori", "riconta", "sveglia"]


@shared_task(name=marche.COMPITO)
def riconta() -> None:
    fotografie.riconta()


@shared_task(name="cruscotto.sveglia")
def sveglia() -> None:
    """Begin what should have begun: a message may be lost, and with the day the photograph of today is to be made."""
    if marche.in_attesa():
        fotografie.riconta()


@shared_task(name="cruscotto.conteggio_notturno")
def conteggio_notturno() -> None:
    fotografie.chiedi_la_notte()
