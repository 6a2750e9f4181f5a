"""Addresses of the room: whether the portal is alive, its measures, the state of the system."""

from __future__ import annotations

from django.urls import path

from esercizio import views

salute = [
    path("viva", views.viva, name="salute-viva"),
    path("pronta", views.pronta, name="salute-pronta"),
]
metriche = [path("metriche", views.misure, name="metriche")]
sistema = [path("", views.sistema, name="sistema")]
