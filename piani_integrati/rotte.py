"""Addresses of the piani; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern

rotte: list[URLPattern] = []
