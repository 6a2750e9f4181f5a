"""The same thing done by many at once, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def insieme(quanti: int, lavoro: Callable[[int], object]) -> None:
    """Call it so many times at the same moment, with 0, 1, 2…; raises what any of them raised."""
    partenza = Barrier(quanti, timeout=60)

    def uno(numero: int) -> None:
        try:
            partenza.wait()
            lavoro(numero)
        finally:
            connection.close()

    with ThreadPoolExecutor(quanti) as fili:
        list(fili.map(uno, range(quanti)))
