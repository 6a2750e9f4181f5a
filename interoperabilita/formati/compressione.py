"""gzip on the way out, with ISA-L: zlib would be slower than the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isal import isal_zlib

LIVELLO = 1
_GZIP = 31


def comprimi(pezzi: Iterable[bytes]) -> Iterator[bytes]:
    compressore = isal_zlib.compressobj(LIVELLO, isal_zlib.DEFLATED, _GZIP)
    for pezzo in pezzi:
        if uscita := compressore.compress(pezzo):
            yield uscita
    yield compressore.flush()


def comprimi_tutto(testo: bytes) -> bytes:
    return b"".join(comprimi([testo]))
