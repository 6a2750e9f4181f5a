"""Reading the whole database as it was at one instant, while people go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# On either engine the instant is that of the first thing read.
_FERMA = "SELECT 1 FROM django_migrations LIMIT 1"


@contextmanager
def istantanea() -> Iterator[None]:
    """Inside it every query sees the same state of the data, nobody is made to wait, and nothing is to be written.

    Inside a transaction that is open already, what that one sees.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursore:
            cursore.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursore.execute(_FERMA)
            yield
        return
    with _senza_prenotare_la_scrittura(), transaction.atomic(), connection.cursor() as cursore:
        cursore.execute(_FERMA)
        yield


@contextmanager
def _senza_prenotare_la_scrittura() -> Iterator[None]:
    """On SQLite transactions take the right to write as they begin; one that only reads must leave it to others."""
    connection.ensure_connection()
    modo = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = modo  # type: ignore[attr-defined]
