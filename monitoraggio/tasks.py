"""What the workers do for the monitoring. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from monitoraggio.foglio import lavori
from monitoraggio.regis import archivio
from monitoraggio.regis import lavori as lavori_regis
from monitoraggio.services import foglio as fogli
from monitoraggio.services import promemoria as servizio
from monitoraggio.services import riepiloghi, segnali
from registro.esecutori import Avanzatore, esecutore

# The jobs of the workbooks and of ReGiS, which importing them makes known to every worker.
__all__ = [
    "elimina_fogli",
    "elimina_pacchetti_regis",
    "lavori",
    "lavori_regis",
    "promemoria",
    "riprova_riepiloghi",
    "rivedi_segnali",
    "rivedi_tutti_i_segnali",
    "segnali_di_notte",
    "sveglia_segnali",
]


@shared_task(name="monitoraggio.promemoria")
def promemoria() -> None:
    oggi = timezone.localdate()
    servizio.aggiorna(oggi=oggi)
    riepiloghi.spedisci_riepiloghi(oggi=oggi)


@shared_task(name="monitoraggio.riprova_riepiloghi")
def riprova_riepiloghi() -> None:
    riepiloghi.riprova_riepiloghi(oggi=timezone.localdate())


@shared_task(name="monitoraggio.elimina_fogli")
def elimina_fogli() -> None:
    fogli.elimina_vecchi(adesso=timezone.now())


@shared_task(name="monitoraggio.elimina_pacchetti_regis")
def elimina_pacchetti_regis() -> None:
    archivio.elimina_vecchi()


@shared_task(name=segnali.COMPITO)
def rivedi_segnali() -> None:
    segnali.rivedi_in_attesa()


@shared_task(name="monitoraggio.sveglia_segnali")
def sveglia_segnali() -> None:
    segnali.sveglia()


@shared_task(name="monitoraggio.segnali_di_notte")
def segnali_di_notte() -> None:
    segnali.chiedi_tutti(autore=None)


@esecutore(segnali.LAVORO_TUTTI, titolo="Segnali di tutto il programma")
def rivedi_tutti_i_segnali(avanzatore: Avanzatore) -> dict[str, Any]:
    """Look at every intervento and every piano, block by block; one lost half way begins again and ends the same."""
    interventi, piani = segnali.a_gruppi()
    avanzatore.passo("Interventi")
    avanzatore.totale(sum(map(len, interventi)) + sum(map(len, piani)))
    conto = segnali.Conto()
    for blocco in interventi:
        conto += segnali.rivedi(interventi=blocco)
        avanzatore.avanza(len(blocco))
    avanzatore.passo("Piani")
    for blocco in piani:
        conto += segnali.rivedi_piani(piani=blocco)
        avanzatore.avanza(len(blocco))
    segnali.concludi(conto)
    return {"segnali aperti": conto.aperti, "segnali aggiornati": conto.aggiornati, "segnali cessati": conto.cessati}
