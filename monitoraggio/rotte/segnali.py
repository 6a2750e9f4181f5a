"""Addresses of the early warnings."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import segnali

rotte: list[URLPattern] = [
    path("segnali/", segnali.elenco, name="segnali"),
    path("segnali.csv", segnali.in_csv, name="segnali-csv"),
    path("segnali/<int:pk>/", segnali.segnale, name="segnale"),
    path("segnali/<int:pk>/silenzia/", segnali.silenzia, name="segnale-silenzia"),
    path("segnali/<int:pk>/riattiva/", segnali.riattiva, name="segnale-riattiva"),
]
