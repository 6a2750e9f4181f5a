"""What every Celery task of the portal has: the number of the action it comes from, a line in the log, other tries.

A task may come twice, or be tried again: each must give the same end result when it runs twice.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from celery import Task
from celery.exceptions import Retry
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as CodaAssente
from redis.exceptions import ConnectionError as RedisAssente
from redis.exceptions import TimeoutError as RedisLento

from registro.azione import azione, azione_in_corso, letta

logger = logging.getLogger("compiti")

INTESTAZIONE = "azione"


class Compito(Task):
    # The database or the broker away for a moment: again after 2, 4, 8 … seconds, each a little different, so that
    # what stopped together does not start together. What fails for another reason fails.
    autoretry_for = (OperationalError, InterfaceError, CodaAssente, RedisAssente, RedisLento)
    max_retries = 8
    retry_backoff = 2
    retry_backoff_max = 300
    retry_jitter = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        inizio, esito = monotonic(), "non riuscito"
        with azione(letta(self.request.get(INTESTAZIONE))):
            try:
                risultato = super().__call__(*args, **kwargs)
                esito = "riuscito"
                return risultato
            except Retry:
                esito = "rimandato"
                raise
            finally:
                ms = round((monotonic() - inizio) * 1000)
                dati = {"compito": self.name, "esito": esito, "ms": ms, "tentativo": self.request.retries + 1}
                logger.info("%s %s, %s ms", self.name, esito, ms, extra=dati)


def porta_azione(headers: dict[str, Any] | None = None, **_altro: Any) -> None:
    """Write on a message, before it leaves, the action that it comes from (signal `before_task_publish`)."""
    corrente = azione_in_corso()
    if corrente is not None and headers is not None:
        headers[INTESTAZIONE] = str(corrente)
