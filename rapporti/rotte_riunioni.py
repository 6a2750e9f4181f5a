"""Addresses of the meetings; included by `rapporti.rotte`."""

from __future__ import annotations

from django.urls import URLPattern, path

from rapporti.views import riunioni

rotte: list[URLPattern] = [
    path("riunioni/", riunioni.riunioni, name="riunioni"),
    path("riunioni/nuova/", riunioni.nuova, name="riunione-nuova"),
    path("riunioni/<int:pk>/", riunioni.riunione, name="riunione"),
    path("riunioni/<int:pk>/modifica/", riunioni.modifica, name="riunione-modifica"),
    path("riunioni/<int:pk>/elimina/", riunioni.elimina, name="riunione-elimina"),
    path("riunioni/<int:pk>/prepara/", riunioni.prepara, name="riunione-prepara"),
]
