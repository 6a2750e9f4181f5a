"""What the workers do for the monitoring. Each task may come twice, or late: the rows say what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from monitoraggio.foglio import lavori
from monitoraggio.regis import archivio
from monitoraggio.regis import lavori as lavori_regis
from monitoraggio.services import foglio as fogli
from monitoraggio.services import promemoria as servizio
from monitoraggio.services import riepiloghi

# The jobs of the workbooks and of ReGiS, which importing them makes known to every worker.
__all__ = ["elimina_fogli", "elimina_pacchetti_regis", "lavori", "lavori_regis", "promemoria", "riprova_riepiloghi"]


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
