"""What the workers do for the backups: one each night, where the settings say in which folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings

from esercizio.copie.copia import CopiaNonRiuscita, esegui
from registro.esecutori import Avanzatore, ErroreDelLavoro, esecutore
from registro.lavori import accoda

LAVORO = "copia_di_sicurezza"


@shared_task(name="esercizio.copia_notturna")
def copia_notturna() -> None:
    if settings.BACKUP_DIR:
        accoda(tipo=LAVORO, chiave=LAVORO, autore=None)


@esecutore(LAVORO, titolo="Copia di sicurezza")
def lavoro(avanzatore: Avanzatore) -> dict[str, Any]:
    """Started again it makes another archive: of an interrupted one nothing remains."""
    try:
        fatta = esegui(cartella=Path(settings.BACKUP_DIR), conserva=settings.BACKUP_CONSERVA, racconta=avanzatore.passo)
    except CopiaNonRiuscita as errore:
        raise ErroreDelLavoro(str(errore)) from errore
    return {"copia": fatta.pk, "archivio": fatta.archivio, "byte": fatta.byte}
