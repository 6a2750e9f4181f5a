"""Addresses of the messages."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import messaggi

rotte: list[URLPattern] = [
    path("interventi/<int:pk>/messaggi/", messaggi.elenco, name="intervento-messaggi"),
    path("interventi/<int:pk>/messaggi/scrivi/", messaggi.scrivi, name="messaggio-scrivi"),
    path("messaggi/<int:pk>/chiudi/", messaggi.chiudi, name="messaggio-chiudi"),
]
