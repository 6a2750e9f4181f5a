"""Sentences whose figures are links: a sentence is parts, of which some lead to the rows they count."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cruscotto.collegamenti import Collegamenti
from cruscotto.tipi import Totali
from psttm import formati


@dataclass(frozen=True)
class Parte:
    """A piece of text; with an address, a figure that leads to its rows."""

    testo: str
    indirizzo: str = ""


def apertura(totali: Totali, vie: Collegamenti) -> list[Parte]:
    """31 interventi su 143 sono in ritardo, 12 a rischio; ne sono conclusi 27."""
    ritardo, rischio, conclusi = (totali.segni.get(segno, 0) for segno in ("in_ritardo", "a_rischio", "concluso"))
    tutti = Parte(formati.numero(totali.interventi), vie.interventi())
    if not totali.interventi:
        return [Parte(_("Nessun intervento corrisponde ai filtri."))]
    if totali.segni.get("non_determinabile", 0) == totali.interventi:
        return _senza_dati(totali, vie)
    parti = _in_ritardo(ritardo, tutti, totali.interventi, vie)
    if rischio:
        quanti = Parte(formati.numero(rischio), vie.interventi(stato="a_rischio"))
        # After «nessuno» the verb is said again.
        parola = _(" a rischio") if ritardo else ngettext(" è a rischio", " sono a rischio", rischio)
        parti += [Parte(", "), quanti, Parte(parola)]
    if conclusi:
        verbo = ngettext("; ne è concluso ", "; ne sono conclusi ", conclusi)
        parti += [Parte(verbo), Parte(formati.numero(conclusi), vie.interventi(stato="concluso"))]
    muti = totali.segni.get("non_determinabile", 0)
    if muti:
        parti += [
            Parte(_("; di ")),
            Parte(formati.numero(muti), vie.interventi(stato="non_determinabile")),
            Parte(_(" non ci sono dati")),
        ]
    return [*parti, Parte(".")]


def _in_ritardo(ritardo: int, tutti: Parte, quanti: int, vie: Collegamenti) -> list[Parte]:
    if not ritardo:
        if quanti == 1:
            return [Parte(_("L'unico intervento non è in ritardo"), vie.interventi())]
        return [Parte(_("Nessuno dei ")), tutti, Parte(_(" interventi è in ritardo"))]
    parola = ngettext(" intervento su ", " interventi su ", ritardo)
    verbo = ngettext(" è in ritardo", " sono in ritardo", ritardo)
    return [
        Parte(formati.numero(ritardo), vie.interventi(stato="in_ritardo")),
        Parte(parola),
        tutti,
        Parte(verbo),
    ]


def _senza_dati(totali: Totali, vie: Collegamenti) -> list[Parte]:
    testo = ngettext(
        " intervento, e nessun avanzamento approvato: non si sa a che punto sia.",
        " interventi, e nessun avanzamento approvato: non si sa a che punto siano.",
        totali.interventi,
    )
    return [Parte(formati.numero(totali.interventi), vie.interventi()), Parte(testo)]
