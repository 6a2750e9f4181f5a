"""How long to wait for a lock when there is something better to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

MILLISECONDI = 1_000


@contextmanager
def attesa_breve() -> Iterator[None]:
    """Inside, a lock that somebody keeps for more than a second is an OperationalError."""
    if connection.vendor == "sqlite":
        prima, poi = "PRAGMA busy_timeout", "PRAGMA busy_timeout = {}"
    else:
        prima, poi = "SHOW lock_timeout", "SET lock_timeout = '{}'"
    with connection.cursor() as cursor:
        cursor.execute(prima)
        (solita,) = cursor.fetchone()
        cursor.execute(poi.format(MILLISECONDI))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(poi.format(solita))
