"""Addresses of the avanzamenti: the form, the page, the passages, the receipt."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import avanzamenti, passaggi

rotte: list[URLPattern] = [
    path("avanzamenti/apri/", avanzamenti.apri, name="avanzamento-apri"),
    path("avanzamenti/<int:pk>/", passaggi.avanzamento, name="avanzamento"),
    path("avanzamenti/<int:pk>/modifica/", avanzamenti.modifica, name="avanzamento-modifica"),
    path("avanzamenti/<int:pk>/salva/", avanzamenti.salva, name="avanzamento-salva"),
    path("avanzamenti/<int:pk>/ricevuta/", passaggi.ricevuta, name="avanzamento-ricevuta"),
    path("avanzamenti/<int:pk>/invia/", passaggi.invia, name="avanzamento-invia"),
    path("avanzamenti/<int:pk>/ritira/", passaggi.ritira, name="avanzamento-ritira"),
    path("avanzamenti/<int:pk>/approva/", passaggi.approva, name="avanzamento-approva"),
    path("avanzamenti/<int:pk>/restituisci/", passaggi.restituisci, name="avanzamento-restituisci"),
    path("avanzamenti/<int:pk>/sblocca/", passaggi.sblocca, name="avanzamento-sblocca"),
    path("avanzamenti/<int:pk>/correggi/", passaggi.correggi, name="avanzamento-correggi"),
    path("avanzamenti/<int:pk>/vista/", passaggi.vista, name="avanzamento-vista"),
]
