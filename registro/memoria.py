"""What is remembered for a while, so as not to count it at each request: with the cache away it is counted anew.

For what must not be done without it (the attempts to sign in, a code used once), the cache is used as it is: where it
does not answer, the request is refused and asked again later (`psttm.errori`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Valore = TypeVar("Valore")

CACHE_ASSENTE = (RedisError, OSError)


def ricorda(chiave: str, secondi: float, calcola: Callable[[], Valore]) -> Valore:
    """The value remembered under that name, or the one that is computed now, and remembered."""
    try:
        ricordato: Valore | None = cache.get(chiave)
    except CACHE_ASSENTE as errore:
        logger.warning("La memoria condivisa non risponde: %s", errore)
        return calcola()
    if ricordato is not None:
        return ricordato
    valore = calcola()
    try:
        cache.set(chiave, valore, secondi)
    except CACHE_ASSENTE as errore:
        logger.warning("La memoria condivisa non risponde: %s", errore)
    return valore
