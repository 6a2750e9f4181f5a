"""Addresses of the register; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from interventi.views import elenco, modulo, scheda, scheda_cup, viste

rotte: list[URLPattern] = [
    path("", elenco.interventi, name="interventi"),
    path("esporta/<str:formato>/", elenco.esporta, name="interventi-esporta"),
    # Where saved views and search stood before they were of every page: forms and links of then still work.
    path("viste/salva/", viste.salva, name="interventi-vista-salva"),
    path("viste/<int:pk>/togli/", viste.togli, name="interventi-vista-togli"),
    path("cup/<str:cup>/", scheda.per_cup, name="interventi-cup"),
    path("nuovo/", modulo.nuovo, name="intervento-nuovo"),
    path("<int:pk>/", scheda.intervento, name="intervento"),
    path("<int:pk>/modifica/", modulo.modifica, name="intervento-modifica"),
    path("<int:pk>/scheda-cup/", scheda_cup.scheda_cup, name="intervento-scheda-cup"),
    path("<int:pk>/storia/", scheda.storia, name="intervento-storia"),
]

# Of the views that people save of any page.
rotte_viste: list[URLPattern] = [
    path("salva/", viste.salva, name="vista-salva"),
    path("<int:pk>/togli/", viste.togli, name="vista-togli"),
    path("<int:pk>/apri/", viste.apri, name="vista-apri"),
]
