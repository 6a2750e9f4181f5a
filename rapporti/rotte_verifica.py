"""Addresses of the verification; included by `rapporti.rotte`."""

from __future__ import annotations

from django.urls import URLPattern, path

from rapporti.views import verifica

rotte: list[URLPattern] = [path("verifica/", verifica.verifica, name="rapporti-verifica")]
