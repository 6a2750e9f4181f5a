"""The queue of the messages, as it is seen from outside the workers."""

from __future__ import annotations

from amqp.exceptions import ChannelError
from celery import current_app
from django.conf import settings
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

# Whoever asks how the portal is does not wait for a broker that is away.
ATTESA_SECONDI = 3
GUASTI_DELLA_CODA = (OperationalError, OSError)


def messaggi_in_attesa() -> int:
    """How many messages wait for the workers; those already taken by one are not counted.

    Raises one of GUASTI_DELLA_CODA where the broker does not answer.
    """
    with current_app.connection_for_read(connect_timeout=ATTESA_SECONDI) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=ATTESA_SECONDI)
        try:
            return int(broker.SimpleQueue(settings.CELERY_TASK_DEFAULT_QUEUE).qsize())
        except ChannelError:
            # Redis knows a queue only once somebody has written to it.
            return 0


def versione_del_servente() -> dict[str, str]:
    """Name and release of the broker, where it is a server that can tell them."""
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        return {"Coda": _("cartella di file")}
    try:
        with Redis.from_url(
            settings.CELERY_BROKER_URL, socket_connect_timeout=ATTESA_SECONDI, socket_timeout=ATTESA_SECONDI
        ) as redis:
            return {"Redis": str(redis.info("server")["redis_version"])}
    except RedisError:
        return {"Redis": _("non risponde")}
