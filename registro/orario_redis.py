"""Beat where the broker is Redis: of those started, on whichever machines, one alone schedules.

The lock and the times of the last runs are in Redis. When Redis stops, beat waits for it; when Redis comes back without
what it held, or somebody else schedules meanwhile, beat asks for the lock again instead of ending.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery
from django.conf import settings
from redbeat.schedulers import LUA_EXTEND_TO_SCRIPT, RedBeatScheduler, get_redis
from redis.exceptions import LockError, RedisError
from redis.lock import Lock

logger = logging.getLogger(__name__)


class Orario(RedBeatScheduler):
    lock: Lock | None

    def __init__(self, app: Celery, **altro: Any) -> None:
        # RedBeat looks for these without the prefix that the settings of Celery have here.
        app.conf.update(
            redbeat_redis_url=settings.CELERY_REDBEAT_REDIS_URL,
            redbeat_redis_options=settings.CELERY_REDBEAT_REDIS_OPTIONS,
        )
        super().__init__(app, **altro)

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except RedisError as errore:
            logger.warning("L'orario dei compiti aspetta Redis: %s", errore)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        try:
            if self.lock is None and not self._prendi_il_turno():
                return float(self.max_interval)
            return float(super().tick(*args, **kwargs))
        except (LockError, RedisError) as errore:
            logger.warning("L'orario dei compiti ha perso il suo turno e lo richiede: %s", errore)
            self.lock = None
            return float(self.max_interval)

    def close(self) -> None:
        try:
            super().close()
        except (LockError, RedisError) as errore:
            logger.warning("L'orario dei compiti si ferma senza poter lasciare il turno: %s", errore)

    def _prendi_il_turno(self) -> bool:
        redis = get_redis(self.app)
        turno = redis.lock(self.lock_key, timeout=self.lock_timeout)
        # RedBeat's own script: the lock is extended to a moment, instead of by an amount.
        turno.lua_extend = redis.register_script(LUA_EXTEND_TO_SCRIPT)
        if not turno.acquire(blocking=False):
            return False
        logger.warning("L'orario dei compiti è affidato a questo processo.")
        self.lock = turno
        # A Redis that came back empty has forgotten the entries too.
        super().setup_schedule()
        return True
