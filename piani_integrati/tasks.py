"""What the workers do for the piani. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from piani_integrati.services import verifica
from registro.esecutori import Avanzatore, esecutore


@shared_task(name=verifica.COMPITO_PIANO)
def verifica_piano(pk: int) -> None:
    verifica.verifica_piano(piano_id=pk)


@shared_task(name="piani_integrati.sveglia_verifiche")
def sveglia_verifiche() -> None:
    verifica.sveglia()


@shared_task(name="piani_integrati.verifica_notturna")
def verifica_notturna() -> None:
    verifica.chiedi_tutti(autore=None)


@esecutore(verifica.LAVORO_TUTTI, titolo="Verifica di tutti i piani")
def verifica_tutti(avanzatore: Avanzatore) -> dict[str, Any]:
    """Judge all the piani, group by group; one that was lost half way begins again and ends the same."""
    gruppi = verifica.a_gruppi()
    quanti = sum(len(gruppo) for gruppo in gruppi)
    avanzatore.passo("Verifica delle regole")
    avanzatore.totale(quanti)
    cambiati = 0
    for gruppo in gruppi:
        cambiati += verifica.verifica_gruppo(piani=gruppo)
        avanzatore.avanza(len(gruppo))
    return {"piani": quanti, "esiti cambiati": cambiati}
