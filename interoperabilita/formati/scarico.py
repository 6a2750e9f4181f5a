"""A whole list on its way to a client: first to a file on disk, at the speed of the database, then from there.

So a slow client holds no connection to the database and no open transaction, whatever goes wrong while the list is
written is still answered as an error, and its length is known: who gets less knows that something is missing. The file
has no name: when it is closed, or the process dies, nothing is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile
from time import monotonic

from django.conf import settings

from interoperabilita.posti import Posto

PEZZO = 256 * 1024


class TroppoLento(ConnectionError):
    """The client has not read everything in the time that an answer may take."""


class Scarico:
    """The pieces of the file. It is closed by the web server, when the last has gone or the client has."""

    def __init__(self, pezzi: Iterable[bytes], posto: Posto) -> None:
        self._posto = posto
        self._disco = TemporaryFile()  # noqa: SIM115 closed by the web server
        self.lungo = sum(self._disco.write(pezzo) for pezzo in pezzi)
        self._disco.seek(0)
        self._scade = monotonic() + settings.API_SCARICO_MINUTI * 60

    def __iter__(self) -> Scarico:
        return self

    def __next__(self) -> bytes:
        if monotonic() > self._scade:
            raise TroppoLento
        pezzo = self._disco.read(PEZZO)
        if not pezzo:
            self.close()
            raise StopIteration
        return pezzo

    def close(self) -> None:
        self._disco.close()
        self._posto.lascia()
