"""How Python looks after the memory while a report is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def senza_raccolta() -> Iterator[None]:
    """Without the cycle collector: millions of objects live until the end, and looking for garbage among them takes a
    quarter of the time, more and more as they grow."""
    accesa = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if accesa:
            gc.enable()
