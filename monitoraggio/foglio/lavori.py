"""The jobs of the workbooks: the trial and the writing.

Both are jobs, whatever the size of the file: the Città metropolitana alone carries out ninety interventi of SPUGNA,
each judged by all the checks, which is more than a request may take. One way for all sizes is one to test; a web
process that dies loses nothing, and a job that starts again finds done what was done.
"""

from __future__ import annotations

from typing import Any

from monitoraggio.foglio import applicazione
from monitoraggio.foglio.tipi import FoglioRifiutato
from monitoraggio.models import FoglioCaricato
from monitoraggio.models.fogli import StatoFoglio
from registro.esecutori import Avanzatore, ErroreDelLavoro, esecutore

PROVA, APPLICA = "foglio-prova", "foglio-applica"


@esecutore(PROVA, titolo="Lettura del foglio di calcolo")
def prova(avanzatore: Avanzatore, *, foglio_id: int) -> dict[str, Any] | None:
    """See what a workbook would change, writing nothing."""
    foglio = FoglioCaricato.objects.select_related("autore").get(pk=foglio_id)
    if foglio.stato != StatoFoglio.IN_PROVA:
        return None
    try:
        return applicazione.prova(foglio, avanzatore)
    except FoglioRifiutato as errore:
        applicazione.respingi(foglio, str(errore))
        raise ErroreDelLavoro(str(errore)) from errore


@esecutore(APPLICA, titolo="Scrittura del foglio di calcolo nelle bozze")
def applica(avanzatore: Avanzatore, *, foglio_id: int) -> dict[str, Any] | None:
    """Write in the drafts what was confirmed."""
    foglio = FoglioCaricato.objects.select_related("autore").get(pk=foglio_id)
    if foglio.stato != StatoFoglio.IN_APPLICAZIONE:
        return None
    try:
        return applicazione.applica(foglio, avanzatore)
    except FoglioRifiutato as errore:
        raise ErroreDelLavoro(str(errore)) from errore
