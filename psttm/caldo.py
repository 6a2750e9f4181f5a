"""What the web server does before it answers anybody, so that nobody waits for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Engine
from django.template.loader import get_template
from django.urls import get_resolver


def scalda() -> None:
    """Read the routes and the templates; then tell the garbage collector that all this is here to stay.

    A full collection looks at every object that the process keeps, some 300,000 here: a fifth of a second in which no
    thread goes on, every few hundred pages. What is frozen is not looked at again.
    """
    _rotte(get_resolver())
    for nome in _modelli():
        get_template(nome)
    gc.collect()
    gc.freeze()


def _rotte(risolutore: Any) -> None:
    """The views and the names of every route, which are otherwise imported by the first request."""
    for rotta in risolutore.url_patterns:
        if hasattr(rotta, "url_patterns"):
            _rotte(rotta)
    _ = risolutore.reverse_dict


def _modelli() -> Iterator[str]:
    """The templates of the portal, as they are asked for: those of the libraries are read when they are used."""
    for cartella in Engine.get_default().dirs:
        for file in Path(cartella).rglob("*.html"):
            yield str(file.relative_to(cartella))
