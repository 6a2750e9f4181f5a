"""The words of the portal and the pages of its guide, found by the search without asking the database."""

from __future__ import annotations

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from psttm.aiuto.glossario import TERMINI
from psttm.aiuto.guida import pagine
from registro.ricerca import Fornitore, Risultato, Trovati, contiene, piano

CARATTERI = 140


def termini_e_guida(utente: Utente, testo: str) -> list[Risultato]:
    """Those whose name has the text: a word first, then the page that explains it."""
    return [*_termini(testo), *_guida(testo, intera=False)]


def _termini(testo: str) -> list[Risultato]:
    return [
        Risultato(
            titolo=str(termine.nome),
            indirizzo=f"{reverse('glossario')}#{termine.ancora}",
            sottotitolo=Truncator(str(termine.definizione)).chars(CARATTERI),
            esatto=piano(str(termine.nome)) == piano(testo),
        )
        for termine in TERMINI
        if contiene(testo, str(termine.nome))
    ]


def _guida(testo: str, *, intera: bool) -> list[Risultato]:
    """Pages by their title and, where there is room for them all, by what they say."""
    return [
        Risultato(pagina.titolo, reverse("guida-pagina", args=[codice]), Truncator(pagina.sommario).chars(CARATTERI))
        for codice, pagina in pagine().items()
        if contiene(testo, pagina.titolo, *((pagina.sommario, pagina.testo) if intera else ()))
    ]


def cerca(utente: Utente, testo: str) -> Trovati:
    trovati = [*_termini(testo), *_guida(testo, intera=True)]
    return Trovati(trovati, len(trovati))


FORNITORE = Fornitore(
    genere="aiuto",
    plurale=pigro("Guida e glossario"),
    singolare=pigro("voce della guida"),
    molti=pigro("voci della guida"),
    cerca=cerca,
    subito=termini_e_guida,
    posto=90,
)
