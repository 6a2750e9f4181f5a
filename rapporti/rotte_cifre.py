"""Addresses of what is read of a report: its figures, their rows, its short text; included by `rapporti.rotte`."""

from __future__ import annotations

from django.urls import URLPattern, path

from rapporti.views import cifre, testo

rotte: list[URLPattern] = [
    path("<str:codice>/cifre/", cifre.elenco, name="rapporto-cifre"),
    path("<str:codice>/cifre/<str:chiave>.csv", cifre.in_csv, name="rapporto-cifra-csv"),
    path("<str:codice>/cifre/<str:chiave>/", cifre.cifra, name="rapporto-cifra"),
    path("<str:codice>/righe/<str:tavola>/<str:chiave>/", cifre.riga, name="rapporto-riga"),
    path("<str:codice>/testo/", testo.pagina, name="rapporto-testo"),
    path("<str:codice>/testo.txt", testo.semplice, name="rapporto-testo-semplice"),
]
