"""Addresses of the monthly workbook."""

from django.urls import URLPattern, path

from monitoraggio.views import foglio

rotte: list[URLPattern] = [
    path("foglio/", foglio.foglio, name="foglio"),
    path("foglio/scarica/", foglio.scarica, name="foglio-scarica"),
    path("foglio/<int:pk>/", foglio.esito, name="foglio-esito"),
    path("foglio/<int:pk>/stato/", foglio.stato, name="foglio-stato"),
    path("foglio/<int:pk>/esiti.xlsx", foglio.restituito, name="foglio-restituito"),
    path("foglio/<int:pk>/scrivi/", foglio.applica, name="foglio-applica"),
    path("foglio/<int:pk>/scarta/", foglio.scarta, name="foglio-scarta"),
    path("foglio/<int:pk>/riprova/", foglio.riprova, name="foglio-riprova"),
]
