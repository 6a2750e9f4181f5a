"""Addresses of the personal data; that of the privacy page stands with the other pages about the portal."""

from __future__ import annotations

from django.urls import path

from esercizio.dati_personali import views

rotte = [
    path("", views.elenco, name="dati-personali"),
    path("miei/", views.miei, name="miei-dati"),
    path("miei/scarica/", views.miei_scarica, name="miei-dati-scarica"),
    path("<int:pk>/", views.scheda, name="dati-personali-scheda"),
    path("<int:pk>/scarica/", views.scarica, name="dati-personali-scarica"),
    path("<int:pk>/rendi-anonimo/", views.rendi_anonimo, name="dati-personali-anonimo"),
]
