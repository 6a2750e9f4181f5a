"""Addresses of the variazioni, under /monitoraggio/."""

from django.urls import URLPattern, path

from monitoraggio.views import variazioni

rotte: list[URLPattern] = [
    path("variazioni/", variazioni.elenco, name="variazioni"),
    path("variazioni/<int:pk>/", variazioni.variazione, name="variazione"),
    path("variazioni/<int:pk>/<str:passaggio>/", variazioni.decidi, name="variazione-decidi"),
    path("interventi/<int:pk>/variazioni/nuova/", variazioni.nuova, name="variazione-nuova"),
]
