"""Addresses of the situation of the interventi."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import situazione

rotte: list[URLPattern] = [
    path("", situazione.situazione, name="monitoraggio"),
    path("situazione.csv", situazione.in_csv, name="monitoraggio-csv"),
    path("interventi/<int:pk>/", situazione.intervento, name="intervento-monitoraggio"),
]
