"""Addresses of the inbox and of what is expected of a person."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import allerte

rotte: list[URLPattern] = [
    path("attese/", allerte.attese, name="attese"),
    path("allerte/", allerte.elenco, name="allerte"),
    path("allerte/lette/", allerte.segna_tutte, name="allerte-lette"),
    path("allerte/<int:pk>/", allerte.apri, name="allerta"),
    path("allerte/<int:pk>/letta/", allerte.segna_letta, name="allerta-letta"),
]
