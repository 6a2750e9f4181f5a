"""The words of the reasons: numbers with their noun, months and shares with their preposition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psttm import formati


def giorni(quanti: int) -> str:
    return ngettext("%(n)s giorno", "%(n)s giorni", quanti) % {"n": formati.numero(quanti)}


def mesi(quanti: int) -> str:
    return ngettext("%(n)s mese", "%(n)s mesi", quanti) % {"n": formati.numero(quanti)}


def punti(quanti: Decimal) -> str:
    return f"{formati.numero(quanti, 1)} punti"


def a_mese(giorno: date) -> str:
    """a marzo 2029, ad aprile 2030"""
    mese = formati.mese(giorno)
    return f"{'ad' if mese.startswith('a') else 'a'} {mese}"


def al_percento(valore: Decimal) -> str:
    """al 38,4 %, all'8,7 %, allo 0,5 %"""
    testo = formati.percento(valore)
    intero = testo.split(",")[0]
    if intero in {"1", "11"} or intero.startswith("8"):
        return f"all'{testo}"
    return f"allo {testo}" if intero == "0" else f"al {testo}"


def elenco_mesi(quali: list[date]) -> str:
    """luglio 2026; agosto e settembre 2026; da luglio a settembre 2026; da dicembre 2025 a marzo 2026."""
    primo, ultimo = quali[0], quali[-1]
    if primo == ultimo:
        return formati.mese(primo)
    inizio = formati.MESI[primo.month - 1] if primo.year == ultimo.year else formati.mese(primo)
    if len(quali) == 2:
        return _("%(primo)s e %(ultimo)s") % {"primo": inizio, "ultimo": formati.mese(ultimo)}
    return _("da %(primo)s a %(ultimo)s") % {"primo": inizio, "ultimo": formati.mese(ultimo)}
