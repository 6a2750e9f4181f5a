"""The piani that the search finds: few, and for everybody who reads the interventi."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from piani_integrati.models import PianoIntegrato
from registro.ricerca import Fornitore, Risultato, Trovati, contiene, piano, righe


def piani(utente: Utente, testo: str) -> Trovati:
    """They are dozens: read whole, so that accents do not count."""
    trovati = [
        Risultato(
            titolo=f"{uno.codice} · {uno.titolo}",
            indirizzo=reverse("piano-integrato", args=[uno.slug]),
            sottotitolo=f"{uno.get_tipo_display()}, {uno.get_stato_display()}",
            esatto=piano(uno.codice) == piano(testo),
        )
        for uno in PianoIntegrato.objects.all()
        if contiene(testo, uno.codice, uno.titolo)
    ]
    return Trovati(sorted(trovati, key=lambda trovato: not trovato.esatto), len(trovati))


def righe_piani(utente: Utente, testo: str) -> QuerySet[Any]:
    trovati = PianoIntegrato.objects.filter(Q(codice__icontains=testo) | Q(titolo__icontains=testo))
    return righe(trovati, chiave="slug", titolo="codice", sotto="titolo")


def leggi_piano(slug: str, codice: str, titolo: str) -> Risultato:
    return Risultato(codice, reverse("piano-integrato", args=[slug]), titolo)


FORNITORE = Fornitore(
    genere="piani",
    plurale=pigro("Piani"),
    singolare=pigro("piano"),
    molti=pigro("piani"),
    cerca=piani,
    righe=righe_piani,
    leggi=leggi_piano,
    posto=20,
)
