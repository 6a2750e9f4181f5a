"""The job that makes the open data. Each data set is replaced whole: started again, it finds done what was done."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from interoperabilita.dataset.elenco import DATASET
from interoperabilita.services import open_data, pubblicazione
from registro.esecutori import Avanzatore, esecutore


@esecutore(open_data.LAVORO, titolo="Aggiornamento dei dati aperti")
def aggiorna_open_data(avanzatore: Avanzatore) -> dict[str, Any]:
    return {"dataset": len(DATASET), "cambiati": aggiorna_tutti(avanzatore)}


def aggiorna_tutti(avanzatore: Avanzatore) -> list[str]:
    """Publish what changed, then make each data set as of that instant; returns the codes of those that changed."""
    avanzatore.totale(len(DATASET))
    avanzatore.passo(_("Pubblicazione di ciò che è cambiato"))
    istante = pubblicazione.pubblica().ultima
    cambiati = []
    for codice, dataset in DATASET.items():
        avanzatore.passo(_("Scrivo «%(titolo)s»") % {"titolo": dataset.titolo})
        if open_data.aggiorna(codice=codice, istante=istante, controlla=avanzatore.controlla):
            cambiati.append(codice)
        avanzatore.avanza()
    open_data.elimina_orfani(adesso=timezone.now())
    return cambiati
