"""Addresses of the review."""

from __future__ import annotations

from django.urls import URLPattern, path

from monitoraggio.views import istruttoria

rotte: list[URLPattern] = [
    path("istruttoria/", istruttoria.istruttoria, name="istruttoria"),
    path("istruttoria/mancanti/", istruttoria.mancanti, name="istruttoria-mancanti"),
    path("istruttoria/blocco/", istruttoria.in_blocco, name="istruttoria-blocco"),
]
