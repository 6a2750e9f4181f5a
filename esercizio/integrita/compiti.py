"""What the workers do for the integrity of the data: they seal the registro, and each night check everything.

Sealing loses nothing if a message is lost: the next one finds the same events, and so does the nightly check.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task

from esercizio.integrita.verifica import verifica
from registro import catena
from registro.esecutori import Avanzatore, esecutore
from registro.lavori import accoda

LAVORO = "verifica_integrita"


@shared_task(name="esercizio.sigilla")
def sigilla(tutti: bool = False) -> None:
    catena.sigilla(tutti=tutti)


@shared_task(name="esercizio.verifica_notturna")
def verifica_notturna() -> None:
    accoda(tipo=LAVORO, chiave=LAVORO, autore=None)


@esecutore(LAVORO, titolo="Verifica di integrità")
def lavoro(avanzatore: Avanzatore) -> dict[str, Any]:
    """Started again it checks from the beginning: of an interrupted one a row without an end remains."""
    fatta = verifica(racconta=avanzatore.passo)
    return {"verifica": fatta.pk, "rilievi": len(fatta.rilievi)}
