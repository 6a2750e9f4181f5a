"""Signs of life: of the round from beat to the database, and of each worker."""

from __future__ import annotations

import logging
import socket
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.models import QuerySet
from django.utils import timezone

from esercizio import orario
from esercizio.models import Segno

logger = logging.getLogger(__name__)

GIRO = "giro"
LAVORATORE = "lavoratore "
OGNI_SECONDI = 20
# A worker that has said nothing for this long is not there; one that has not for days is forgotten.
SILENZIO = timedelta(seconds=60)
MEMORIA = timedelta(days=2)


def segna(nome: str) -> None:
    """Write that this part is alive now, and on which machine and release."""
    adesso = {"quando": timezone.now(), "macchina": socket.gethostname()[:200], "versione": settings.VERSIONE}
    Segno.objects.update_or_create(nome=nome[:60], defaults=adesso)


def giro() -> Segno | None:
    """The last time that a task went all the way from beat to the database."""
    return Segno.objects.filter(nome=GIRO).first()


def lavoratori(*, adesso: datetime) -> QuerySet[Segno]:
    """The workers that are there."""
    return Segno.objects.filter(nome__startswith=LAVORATORE, quando__gte=adesso - SILENZIO)


def dimentica_lavoratori(*, adesso: datetime) -> None:
    """Containers have a new name each time they start."""
    Segno.objects.filter(nome__startswith=LAVORATORE, quando__lt=adesso - MEMORIA).delete()


def fa_segno(sender: Any = None, **_altro: Any) -> None:
    """Make a worker that has just started say that it is there, again and again (signal `worker_ready`)."""
    nome = LAVORATORE + str(sender.hostname)
    sender.timer.call_repeatedly(OGNI_SECONDI, _segna_lavoratore, (nome,))
    _segna_lavoratore(nome)


def _segna_lavoratore(nome: str) -> None:
    # A worker whose database is away for a moment goes on.
    try:
        segna(nome)
    except Error as errore:
        logger.warning("Il processo dei lavori non ha potuto dare segno di vita: %s", errore)
    finally:
        # The processes that this one makes must not find its connection open, as if it were theirs.
        connection.close()


def compito_riuscito(sender: Any = None, **_altro: Any) -> None:
    """A task ended well (signal `task_success`)."""
    try:
        orario.segna_fatto(str(sender.name))
    except Error as errore:
        logger.warning("Non si è potuto scrivere che «%s» è stato fatto: %s", sender.name, errore)
