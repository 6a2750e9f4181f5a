"""How a room above hears that rows of a room below changed, in the same transaction, without the room below knowing it.

A room above calls `osserva` in its `sezioni.py`. Whoever writes rows calls `avvisa`, which `registro.storia` does for
every model with a history: after writing, and before deleting, so that an observer still finds what a row belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Model

# Given the model and the primary keys of its rows that changed.
Osservatore = Callable[[type[Model], Collection[int]], None]

_OSSERVATORI: dict[type[Model], list[Osservatore]] = {}


def osserva(modello: type[Model], osservatore: Osservatore) -> None:
    """Call `osservatore` whenever rows of `modello` change."""
    gia = _OSSERVATORI.setdefault(modello, [])
    if osservatore not in gia:
        gia.append(osservatore)


def avvisa(modello: type[Model], identificativi: Collection[int]) -> None:
    """Tell the observers of a model, if any, that these rows changed or are about to be deleted."""
    for osservatore in _OSSERVATORI.get(modello, ()):
        osservatore(modello, identificativi)
