"""Writes of the help: what a person has seen, or does not want to see."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from enti.models import Utente
from psttm.aiuto.modelli import EsitoGiro, GiroVisto


@transaction.atomic
def segna_giro(*, utente: Utente, giro: str, esito: EsitoGiro) -> GiroVisto:
    """Remember that a tour was seen or put off. A tour seen stays seen, even if it is put off afterwards."""
    riga, nuova = GiroVisto.objects.select_for_update().get_or_create(
        utente=utente, giro=giro, defaults={"esito": esito}
    )
    if not nuova and esito == EsitoGiro.VISTO:
        riga.esito, riga.quando = esito, timezone.now()
        riga.save(update_fields=["esito", "quando"])
    return riga
