"""The job that makes a report. Started again, it finds done what was done, or makes the same bytes anew."""

from __future__ import annotations

from typing import Any

from rapporti.errori import RapportoImpossibile
from rapporti.models import Rapporto
from rapporti.services import archivio
from rapporti.services.produzione import componi_file
from rapporti.services.richieste import LAVORO
from registro.esecutori import Avanzatore, ErroreDelLavoro, esecutore


@esecutore(LAVORO, titolo="Rapporto")
def prepara(avanzatore: Avanzatore, *, rapporto: int) -> dict[str, Any]:
    """Make the files of a report that is not ready, or put back those that the archive lost."""
    try:
        pronto = _pronto(avanzatore, Rapporto.objects.get(pk=rapporto))
    except (RapportoImpossibile, archivio.FileDiverso) as errore:
        raise ErroreDelLavoro(str(errore)) from errore
    return {"codice": pronto.codice, "pagine": pronto.pagine}


def _pronto(avanzatore: Avanzatore, rapporto: Rapporto) -> Rapporto:
    if rapporto.pronto and archivio.intero(rapporto):
        return rapporto
    prodotto = componi_file(rapporto.domanda, avanzatore)
    metti = archivio.rimetti if rapporto.pronto else archivio.archivia
    return metti(rapporto_id=rapporto.pk, prodotto=prodotto)
