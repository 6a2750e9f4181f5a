"""Addresses in the portal, as they are printed and given: whole, and made of what never changes."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def di_rapporto(codice: str) -> str:
    return f"{settings.URL_BASE}{reverse('rapporto', args=[codice])}"


def di_cifra(codice: str, chiave: str) -> str:
    """The page with the rows of a figure."""
    return f"{settings.URL_BASE}{reverse('rapporto-cifra', args=[codice, chiave])}"


def di_verifica(codice: str) -> str:
    """The page that says whether a report is ours."""
    return f"{settings.URL_BASE}{reverse('rapporti-verifica', query={'codice': codice})}"
