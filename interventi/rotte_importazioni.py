"""Addresses of the imports; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from interventi.views import differenze, importazioni

rotte: list[URLPattern] = [
    path("", importazioni.elenco, name="importazioni"),
    path("nuova/", importazioni.nuova, name="importazione-nuova"),
    path("<int:pk>/", importazioni.importazione, name="importazione"),
    path("<int:pk>/righe/", importazioni.righe, name="importazione-righe"),
    path("<int:pk>/esiti.csv", importazioni.esiti, name="importazione-esiti"),
    path("<int:pk>/applica/", importazioni.applica, name="importazione-applica"),
    path("<int:pk>/scarta/", importazioni.scarta, name="importazione-scarta"),
    path("<int:pk>/ripeti/", importazioni.ripeti, name="importazione-ripeti"),
    path("<int:pk>/annulla/", importazioni.annulla, name="importazione-annulla"),
    path("differenze/", differenze.differenze, name="differenze"),
    path("differenze/decidi/", differenze.decidi_insieme, name="differenze-decidi"),
    path("differenze/<int:pk>/decidi/", differenze.decidi, name="differenza-decidi"),
]
