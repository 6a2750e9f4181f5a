"""Addresses of what goes to ReGiS and of what it says otherwise."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import regis

rotte: list[URLPattern] = [
    path("regis/", regis.regis, name="regis"),
    path("regis/prepara/", regis.prepara, name="regis-prepara"),
    path("regis/pacchetti/<int:pk>/", regis.pacchetto, name="regis-pacchetto"),
    path("regis/differenze/", regis.differenze, name="regis-differenze"),
    path("regis/differenze.csv", regis.differenze_csv, name="regis-differenze-csv"),
]
