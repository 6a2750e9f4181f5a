"""Addresses of the traguardi, under /monitoraggio/."""

from django.urls import URLPattern, path

from monitoraggio.views import traguardi

rotte: list[URLPattern] = [
    path("traguardi/", traguardi.elenco, name="traguardi"),
    path("traguardi/nuovo/", traguardi.nuovo, name="traguardo-nuovo"),
    path("traguardi/<int:pk>/", traguardi.traguardo, name="traguardo"),
    path("traguardi/<int:pk>/modifica/", traguardi.modifica, name="traguardo-modifica"),
    path("traguardi/<int:pk>/sposta/", traguardi.sposta, name="traguardo-sposta"),
]
