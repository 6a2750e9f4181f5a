"""The list of the warnings as open data: ISO dates, no text that is a formula."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from monitoraggio.selectors.segnali import Riga
from registro.tabella_csv import innocuo

INTESTAZIONE = [
    "Numero",
    "Codice del segnale",
    "Segnale",
    "Motivo",
    "Rischio (da 1 a 100)",
    "Tocca a",
    "Entro",
    "Visto la prima volta",
    "Messo da parte fino al",
    "CUP",
    "Codice locale progetto",
    "Intervento",
    "Soggetto attuatore",
    "Piano",
]


def valori(riga: Riga) -> list[str]:
    segnale = riga.segnale
    intervento = segnale.intervento
    return [
        str(segnale.pk),
        innocuo(segnale.codice),
        innocuo(riga.titolo),
        innocuo(segnale.motivo),
        str(segnale.peso),
        innocuo(riga.tocca),
        _giorno(segnale.entro),
        _istante(segnale.dal),
        _giorno(segnale.da_parte_fino_al),
        innocuo(intervento.cup) if intervento is not None else "",
        innocuo(intervento.clp) if intervento is not None else "",
        innocuo(intervento.titolo) if intervento is not None else "",
        innocuo(riga.attuatore),
        innocuo(riga.piano),
    ]


def _giorno(valore: date | None) -> str:
    return "" if valore is None else valore.isoformat()


def _istante(valore: datetime) -> str:
    return timezone.localtime(valore).isoformat(timespec="seconds")
