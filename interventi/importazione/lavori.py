"""The jobs of the imports. Each may run again from its beginning: the state of the import says what is left to do."""

from __future__ import annotations

from typing import Any

from enti.models import Utente
from interventi.importazione import annullamento, applicazione
from interventi.importazione.annullamento import NonAnnullabile
from interventi.importazione.applicazione import DatiCambiati, NienteDaLeggere
from interventi.models import Importazione
from interventi.models.importazioni import StatoImportazione
from registro.esecutori import Avanzatore, ErroreDelLavoro, esecutore

PROVA, APPLICA, ANNULLA = "importazione-prova", "importazione-applica", "importazione-annulla"
CAMBIATI = "Nel frattempo i dati sono cambiati: controlla di nuovo che cosa farà l'importazione, poi conferma."


@esecutore(PROVA, titolo="Lettura dei file da importare")
def prova(avanzatore: Avanzatore, *, importazione_id: int) -> dict[str, Any]:
    """Rehearse the import; what it would do is shown for confirmation."""
    importazione = Importazione.objects.get(pk=importazione_id)
    if importazione.stato == StatoImportazione.IN_PROVA:
        try:
            applicazione.prova(importazione, avanzatore)
        except NienteDaLeggere as errore:
            raise ErroreDelLavoro(str(errore)) from errore
    return dict(importazione.conteggi)


@esecutore(APPLICA, titolo="Applicazione dell'importazione")
def applica(avanzatore: Avanzatore, *, importazione_id: int) -> dict[str, Any]:
    """Apply what was confirmed. If it is no longer what would happen, rehearse again and ask again."""
    importazione = Importazione.objects.get(pk=importazione_id)
    if importazione.stato != StatoImportazione.IN_APPLICAZIONE:
        return dict(importazione.conteggi)
    try:
        applicazione.applica(importazione, avanzatore, confermata=True)
    except DatiCambiati:
        importazione.stato = StatoImportazione.IN_PROVA
        importazione.save(update_fields=["stato"])
        applicazione.prova(importazione, avanzatore)
        Importazione.objects.filter(pk=importazione_id).update(errore=CAMBIATI)
        raise ErroreDelLavoro(CAMBIATI) from None
    except NienteDaLeggere as errore:
        applicazione.respingi(importazione, str(errore))
        raise ErroreDelLavoro(str(errore)) from errore
    return dict(importazione.conteggi)


@esecutore(ANNULLA, titolo="Annullamento dell'importazione")
def annulla(avanzatore: Avanzatore, *, importazione_id: int, autore_id: int | None, motivo: str) -> dict[str, Any]:
    """Undo an applied import as a whole."""
    importazione = Importazione.objects.get(pk=importazione_id)
    autore = Utente.objects.get(pk=autore_id) if autore_id is not None else None
    try:
        annullamento.disfa(importazione, avanzatore, autore=autore, motivo=motivo)
    except NonAnnullabile as errore:
        raise ErroreDelLavoro(str(errore)) from errore
    return dict(importazione.conteggi)
