"""Demonstration data: every room declares what it makes, in its `demo.py`; `manage.py carica_demo` makes it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules

# Makes what is not there yet; how much was made, by kind.
Caricatore = Callable[[], dict[str, int]]


class RiferimentiMancanti(Exception):
    """The reference data that the demonstration builds on are not loaded yet."""


@dataclass(frozen=True)
class _Parte:
    posto: int
    carica: Caricatore


_PARTI: list[_Parte] = []


def dimostrazione(posto: int) -> Callable[[Caricatore], Caricatore]:
    """Declare what a room makes; rooms come in the order of `posto`."""

    def dichiara(carica: Caricatore) -> Caricatore:
        _PARTI.append(_Parte(posto, carica))
        return carica

    return dichiara


def carica_tutto() -> dict[str, int]:
    """Make the demonstration of every room, from the ground up; repeating it makes nothing twice."""
    autodiscover_modules("demo")
    fatti: dict[str, int] = {}
    for parte in sorted(_PARTI, key=lambda p: p.posto):
        fatti |= parte.carica()
    return fatti
