"""Addresses of the reports; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from rapporti.rotte_cifre import rotte as cifre
from rapporti.rotte_riunioni import rotte as riunioni
from rapporti.rotte_verifica import rotte as verifica
from rapporti.views import rapporti, scarichi

# The words among the addresses come before `<codice>`, which would take them.
rotte: list[URLPattern] = [
    path("", rapporti.elenco, name="rapporti"),
    path("nuovo/", rapporti.nuovo, name="rapporto-nuovo"),
    *verifica,
    *riunioni,
    path("<str:codice>/", rapporti.rapporto, name="rapporto"),
    path("<str:codice>/annulla/", rapporti.annulla, name="rapporto-annulla"),
    path("<str:codice>/ritenta/", rapporti.ritenta, name="rapporto-ritenta"),
    path("<str:codice>/rapporto.pdf", scarichi.pdf, name="rapporto-pdf"),
    path("<str:codice>/rapporto.xlsx", scarichi.foglio, name="rapporto-xlsx"),
    path("<str:codice>/dati.json", scarichi.dati, name="rapporto-dati"),
    *cifre,
]
