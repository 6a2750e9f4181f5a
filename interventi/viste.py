"""The pages of which people save views: each room declares its own in its `sezioni.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import VistaSalvata

# The query string of a page as the page itself would write it, without "?": filters, order, day, nothing else.
Normalizza = Callable[[QueryDict, Utente], str]


@dataclass(frozen=True)
class Pagina:
    """A page with filters. `da_sola` is false where its route wants to know of which object the list is."""

    codice: str
    titolo: str | Promise
    rotta: str
    normalizza: Normalizza
    permesso: Permesso = Permesso.LEGGERE_MONITORAGGIO
    da_sola: bool = True
    # Whether one of its views may be the one that the portal opens with.
    apre: bool = False

    def indirizzo(self, filtri: str) -> str:
        """Where a view is seen; "" for a page that cannot be reached by itself."""
        if not self.da_sola:
            return ""
        base = reverse(self.rotta)
        return f"{base}?{filtri}" if filtri else base


_PAGINE: dict[str, Pagina] = {}


def aggiungi_pagina(pagina: Pagina) -> None:
    _PAGINE[pagina.codice] = pagina


def pagina_di(codice: str) -> Pagina | None:
    return _PAGINE.get(codice)


def pagine() -> list[Pagina]:
    return list(_PAGINE.values())


def solo(nomi: Iterable[str]) -> Normalizza:
    """Keep these parameters, in the order of the address, and of them those that say something."""
    tenuti = frozenset(nomi)

    def normalizza(parametri: QueryDict, utente: Utente) -> str:
        scelti = QueryDict(mutable=True)
        for nome, valori in parametri.lists():
            detti = [valore for valore in valori if valore.strip()]
            if nome in tenuti and detti:
                scelti.setlist(nome, detti)
        return scelti.urlencode()

    return normalizza


def di(utente: Utente, codice: str) -> list[VistaSalvata]:
    """Her views of a page: one query."""
    return list(VistaSalvata.objects.filter(utente=utente, pagina=codice))


def iniziale(utente: Utente, codice: str) -> str:
    """Where the portal opens for her: the view of this page that she marked, or the page as it is. One query."""
    pagina = _PAGINE[codice]
    scelta = VistaSalvata.objects.filter(utente=utente, pagina=codice, apre=True).first()
    return pagina.indirizzo(scelta.indirizzo if scelta is not None else "")
