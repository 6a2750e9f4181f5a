"""Who publishes the open data, under which licence, and at which addresses: always absolute ones."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from enti.riferimenti import CITTA_METROPOLITANA

TITOLARE = CITTA_METROPOLITANA["denominazione"]
IPA = CITTA_METROPOLITANA["codice_ipa"]
TITOLO = "Dati aperti del Portale PNRR della Città metropolitana di Milano"
DESCRIZIONE = (
    "I dati aperti del portale con cui la Città metropolitana di Milano segue gli interventi del PNRR e degli altri "
    "programmi nei Comuni del suo territorio: interventi, finanziamenti, avanzamenti, traguardi, piani e Comuni."
)
LICENZA = "Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)"
LICENZA_URL = "https://creativecommons.org/licenses/by/4.0/deed.it"


def assoluto(percorso: str) -> str:
    return settings.URL_BASE.rstrip("/") + percorso


def pagina() -> str:
    return assoluto(reverse("open-data"))


def pagina_di(codice: str) -> str:
    return assoluto(reverse("open-data-dataset", args=[codice]))


def file_di(codice: str, formato: str) -> str:
    return assoluto(reverse("open-data-file", args=[codice, formato]))
