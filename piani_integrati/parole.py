"""Measures, thresholds and distances of the rules as people read them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interventi.scelte import LivelloProgettuale
from piani_integrati.regole import Regola, Unita
from psttm import formati


def valore(regola: Regola, misura: Decimal | None) -> str:
    """A measure or a threshold with its unit; "–" where there is none."""
    if misura is None:
        return "–"
    match regola.unita:
        case Unita.EURO:
            return formati.euro(misura)
        case Unita.METRI_QUADRI:
            return _("%(numero)s m²") % {"numero": formati.numero(misura, 2)}
        case Unita.PERCENTO:
            return formati.percento(misura, 2)
        case Unita.LIVELLO:
            return str(LivelloProgettuale(int(misura)).label)
        case Unita.INDICE:
            return formati.numero(misura, 2)
        case Unita.CLASSI:
            return ngettext("%(n)s classe", "%(n)s classi", int(misura)) % {"n": int(misura)}
        case Unita.GIORNI:
            return ngettext("%(n)s giorno", "%(n)s giorni", int(misura)) % {"n": int(misura)}
        case Unita.SI_NO:
            return _("sì") if misura else _("no")
        case _:
            return formati.numero(misura, 0)


def soglia(regola: Regola, misura: Decimal | None) -> str:
    """What the rule asks: "almeno 50.000.000,00 €"; "–" where it was not in force."""
    if misura is None:
        return "–"
    if regola.unita is Unita.SI_NO:
        return _("sì")
    return f"{regola.confronto.parole} {valore(regola, misura)}"


def distanza(regola: Regola, quanto: Decimal | None) -> str:
    """How far the measure is from the threshold, with its sign; "–" where there is nothing to measure."""
    if quanto is None or regola.unita in {Unita.SI_NO, Unita.LIVELLO}:
        return "–"
    segno = "+" if quanto > 0 else "−" if quanto < 0 else ""
    return segno + valore(regola, abs(quanto))
