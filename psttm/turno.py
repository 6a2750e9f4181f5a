"""One at a time: what two machines, or two programs of one, must not do together."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from django.db import connection
from django.db.backends.utils import CursorWrapper

# Of the advisory locks of PostgreSQL: a number that nobody else uses.
ALLESTIMENTO = 7_305_001
OGNI_SECONDI = 0.5


@contextmanager
def turno(*, file: Path, numero: int, attesa: Callable[[], None]) -> Iterator[None]:
    """Wait for one's turn, on this machine (`file`) and, on PostgreSQL, among all machines (`numero`).

    `attesa` is called once where one must wait. Whoever dies leaves the turn to the next: neither lock outlives the
    program that holds it.
    """
    with _sul_file(file, attesa), _sulla_base_dati(numero, attesa):
        yield


@contextmanager
def _sul_file(file: Path, attesa: Callable[[], None]) -> Iterator[None]:
    with file.open("w") as aperto:
        try:
            fcntl.flock(aperto, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            attesa()
            fcntl.flock(aperto, fcntl.LOCK_EX)
        yield


@contextmanager
def _sulla_base_dati(numero: int, attesa: Callable[[], None]) -> Iterator[None]:
    """On a connection of its own: that of the commands may be closed and opened again while they work.

    Asked for again and again: a statement that waits is at work for PostgreSQL, and an index that is made CONCURRENTLY
    by whoever has the turn would wait for its end.
    """
    if connection.vendor != "postgresql":
        yield
        return
    sua = connection.copy()
    try:
        with sua.cursor() as cursore:
            if not _presa(cursore, numero):
                attesa()
                while not _presa(cursore, numero):
                    sleep(OGNI_SECONDI)
            yield
    finally:
        sua.close()


def _presa(cursore: CursorWrapper, numero: int) -> bool:
    cursore.execute("SELECT pg_try_advisory_lock(%s)", [numero])
    return bool(cursore.fetchone()[0])
