"""How a room above adds a section to a page of a room below, which does not know it.

The room above declares the section in its `apps.py`; the page below shows whatever was declared for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

# Given the object of the page and who looks, what the template needs; None leaves the section out.
Dati = Callable[[Any, AbstractBaseUser | AnonymousUser], dict[str, Any] | None]


@dataclass(frozen=True)
class Sezione:
    """A part of a page: its template reads `dati`; sections come in the order of `posto`."""

    template: str
    dati: Dati
    posto: int = 50


_SEZIONI: dict[str, list[Sezione]] = {}


def aggiungi_sezione(pagina: str, sezione: Sezione) -> None:
    """Add a section to the page with this route name."""
    gia = _SEZIONI.setdefault(pagina, [])
    if sezione not in gia:
        gia.append(sezione)


def sezioni(pagina: str, oggetto: Any, utente: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
    """The sections of a page, ready for `{% include sezione.template with dati=sezione.dati %}`."""
    pronte = []
    for sezione in sorted(_SEZIONI.get(pagina, []), key=lambda s: s.posto):
        dati = sezione.dati(oggetto, utente)
        if dati is not None:
            pronte.append({"template": sezione.template, "dati": dati})
    return pronte
