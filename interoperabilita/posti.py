"""How many large answers are on their way at once, so that threads are always left for the pages of the portal.

A thread of the web server belongs to an answer until its client has read the last byte, and a client may read slowly.
Each process therefore has a number of places for whole lists, and another for pages of lists; without one the client
is asked to come back. A place is given back when the answer is closed, or forgotten: nobody has to remember to.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class PostiOccupati(Exception):
    """As many answers of this kind as there may be are on their way; `fra` is when to try again, in seconds."""

    def __init__(self, fra: int) -> None:
        super().__init__(fra)
        self.fra = fra


class Posto:
    """One of the places, until `lascia`."""

    def __init__(self, posti: threading.BoundedSemaphore) -> None:
        # Done once, however often it is called: by hand, or when nothing refers to the place any more.
        self.lascia = weakref.finalize(self, posti.release)


class Posti:
    """So many places; `fra` is how soon one of them should be free."""

    def __init__(self, quanti: int, fra: int) -> None:
        self._posti = threading.BoundedSemaphore(quanti)
        self._fra = fra

    @contextmanager
    def uno(self) -> Iterator[Posto]:
        """A place for an answer that is being made: kept if it comes to be. Raises PostiOccupati."""
        if not self._posti.acquire(blocking=False):
            raise PostiOccupati(self._fra)
        posto = Posto(self._posti)
        try:
            yield posto
        except BaseException:
            posto.lascia()
            raise


INTERE = Posti(settings.API_SCARICHI_INSIEME, fra=30)
PAGINE = Posti(settings.API_PAGINE_INSIEME, fra=2)
APERTI = Posti(settings.OPEN_DATA_SCARICHI_INSIEME, fra=5)
