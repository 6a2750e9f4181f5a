"""Addresses of the help; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from psttm.aiuto import views

rotte: list[URLPattern] = [
    path("", views.guida, name="guida"),
    path("giro-visto/", views.giro_visto, name="giro-visto"),
    path("primi-passi/<str:ruolo>/", views.primi_passi, name="guida-primi-passi"),
    path("<slug:codice>/", views.pagina, name="guida-pagina"),
]
