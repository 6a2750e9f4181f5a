"""Waiting for something that another process does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

Valore = TypeVar("Valore")

OGNI_SECONDI = 0.05


def attendi(condizione: Callable[[], Valore], entro: float, che_cosa: str = "") -> Valore:
    """Ask again and again until the answer is true, and return it. Fails after `entro` seconds."""
    scadenza, pausa = monotonic() + entro, threading.Event()
    while not (valore := condizione()):
        assert monotonic() < scadenza, f"Dopo {entro} secondi ancora no: {che_cosa or condizione}"
        pausa.wait(OGNI_SECONDI)
    return valore
