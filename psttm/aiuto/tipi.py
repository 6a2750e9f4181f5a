"""What tours and guide are made of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from enti.ruoli import Ruolo

Testo = str | Promise


@dataclass(frozen=True)
class Passo:
    """A step of a tour: the element it stands by, what it says, and the route of the page it speaks of, if any.

    `elemento` is a CSS selector; a page without it shows the step all the same, by itself.
    """

    elemento: str
    titolo: Testo
    testo: Testo
    rotta: str = ""


@dataclass(frozen=True)
class Giro:
    """The tour of a role, which starts on the Cruscotto."""

    ruolo: Ruolo
    passi: tuple[Passo, ...]


@dataclass(frozen=True)
class Pagina:
    """A page of the guide, as `manage.py costruisci_guida` leaves it. `indice`: anchor and title of its parts."""

    codice: str
    titolo: str
    sommario: str
    html: str
    testo: str
    indice: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Capitolo:
    """Pages of the guide that stand together, by their names."""

    titolo: Testo
    pagine: tuple[str, ...]
