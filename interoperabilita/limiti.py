"""How many requests a minute: counted in the cache, in windows of a minute."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import time

from django.core.cache import cache

from registro.memoria import CACHE_ASSENTE

logger = logging.getLogger(__name__)

FINESTRA = 60


@dataclass(frozen=True)
class Conto:
    """Where somebody stands: `fra` are the seconds to the next window."""

    limite: int
    richieste: int
    fra: int

    @property
    def oltre(self) -> bool:
        return self.richieste > self.limite

    @property
    def intestazioni(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limite),
            "X-RateLimit-Remaining": str(max(self.limite - self.richieste, 0)),
            "X-RateLimit-Reset": str(self.fra),
        }


def conta(chi: str, limite: int) -> Conto:
    """Count one more request of somebody. With the cache away nobody is counted: the keys cannot be guessed anyway."""
    adesso = int(time())
    chiave = f"api:{chi}:{adesso // FINESTRA}"
    try:
        cache.add(chiave, 0, timeout=FINESTRA * 2)
        richieste = cache.incr(chiave)
    except ValueError:
        # The cache dropped it in between: the count starts again.
        richieste = 1
    except CACHE_ASSENTE as errore:
        logger.warning("Le richieste non si contano, la memoria condivisa non risponde: %s", errore)
        richieste = 1
    return Conto(limite, richieste, FINESTRA - adesso % FINESTRA)
