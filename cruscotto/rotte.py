"""Addresses of the Cruscotto; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from cruscotto.views import conta, inizio, mappa, righe, tempi

rotte: list[URLPattern] = [
    path("", inizio.cruscotto, name="cruscotto"),
    path("conta/", conta.conta, name="cruscotto-conta"),
    path("tempi/", tempi.pagina, name="tempi"),
    path("mappa/", mappa.pagina, name="mappa"),
    path("righe/<slug:cifra>/", righe.pagina, name="cruscotto-righe"),
]
