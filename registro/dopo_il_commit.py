"""Telling the workers of something to do, after the commit: once a transaction, however many rows it changed.

The message may be lost: what there is to do is written in rows, and a sweeper finds those that have waited.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Messaggio:
    """A task to be sent by its name, because tasks import the services and not the other way round."""

    compito: str

    def __call__(self) -> None:
        chiama(self.compito)


def chiama_dopo(compito: str) -> None:
    """Send a task after the commit of this transaction, once."""
    messaggio = Messaggio(compito)
    if not any(voce[1] == messaggio for voce in connection.run_on_commit):
        transaction.on_commit(messaggio)


def chiama(compito: str, *argomenti: int) -> bool:
    """Send a task now; False where the broker is away, and nothing is lost."""
    try:
        current_app.send_task(compito, args=argomenti)
    except OperationalError as errore:
        logger.warning("«%s» aspetta, il servizio dei messaggi non risponde: %s", compito, errore)
        return False
    return True
