"""Addresses of the register; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from interventi.views import elenco, modulo, ricerca, scheda, scheda_cup

rotte: list[URLPattern] = [
    path("", elenco.interventi, name="interventi"),
    path("esporta/<str:formato>/", elenco.esporta, name="interventi-esporta"),
    path("viste/salva/", elenco.vista_salva, name="vista-salva"),
    path("viste/<int:pk>/togli/", elenco.vista_togli, name="vista-togli"),
    path("cerca/", ricerca.cerca, name="cerca"),
    path("cup/<str:cup>/", scheda.per_cup, name="interventi-cup"),
    path("nuovo/", modulo.nuovo, name="intervento-nuovo"),
    path("<int:pk>/", scheda.intervento, name="intervento"),
    path("<int:pk>/modifica/", modulo.modifica, name="intervento-modifica"),
    path("<int:pk>/scheda-cup/", scheda_cup.scheda_cup, name="intervento-scheda-cup"),
    path("<int:pk>/storia/", scheda.storia, name="intervento-storia"),
]
