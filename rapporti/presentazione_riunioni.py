"""The words of the pages of the meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from psttm import formati
from rapporti import selectors_riunioni as selectors
from rapporti.models import Riunione
from rapporti.presentazione import Posizione, posizione
from rapporti.selectors_riunioni import Voce


@dataclass(frozen=True)
class Riga:
    """A meeting in a list: its mark, how many of its reports are ready, whether somebody must look at it."""

    riunione: Riunione
    segno: str
    parola: str
    pronti: int
    attesi: int
    da_ripetere: bool


@dataclass(frozen=True)
class VoceMostrata:
    voce: Voce
    posizione: Posizione | None


def riga(riunione: Riunione) -> Riga:
    """From what `calendario` reads: no query."""
    rapporti = list(riunione.rapporti.all())
    pronti = sum(rapporto.pronto for rapporto in rapporti)
    attesi = len(riunione.richieste)
    fermi = any(not rapporto.pronto and not posizione(rapporto).in_corso for rapporto in rapporti)
    da_ripetere = riunione.preparata_il is not None and (fermi or bool(selectors.mancanti(riunione)))
    segno, parola = _segno(riunione, pronti, attesi, da_ripetere)
    return Riga(riunione, segno, parola, pronti, attesi, da_ripetere)


def _segno(riunione: Riunione, pronti: int, attesi: int, da_ripetere: bool) -> tuple[str, str]:
    if riunione.preparata_il is None:
        return "non_avviato", _("da preparare")
    if da_ripetere:
        return "fallito", _("manca qualcosa")
    if pronti < attesi:
        return "in_corso", _("in preparazione")
    return "riuscito", _("pronta")


def voci(riunione: Riunione) -> list[VoceMostrata]:
    """The reports of a meeting, each with how far it is."""
    return [
        VoceMostrata(voce, posizione(voce.rapporto) if voce.rapporto is not None else None)
        for voce in selectors.voci(riunione)
    ]


def sommario(prossime: Sequence[Riga], oggi: date) -> str:
    """The answer of the calendar: when the next one is, and how far its reports are."""
    if not prossime:
        return _("Nessuna riunione in calendario.")
    riunione = prossime[0].riunione
    valori = {
        "quando": _("oggi") if riunione.giorno == oggi else _("il %(g)s") % {"g": formati.data_breve(riunione.giorno)},
        "prepara": formati.data_breve(riunione.si_prepara_il),
        "pronti": formati.numero(prossime[0].pronti),
        "attesi": formati.numero(prossime[0].attesi),
    }
    if riunione.preparata_il is None and riunione.si_prepara_il <= oggi:
        return _("La prossima riunione è %(quando)s; i suoi rapporti si chiedono entro un'ora.") % valori
    if riunione.preparata_il is None:
        return _("La prossima riunione è %(quando)s; i suoi rapporti si preparano il %(prepara)s.") % valori
    return _("La prossima riunione è %(quando)s; dei suoi rapporti sono pronti %(pronti)s su %(attesi)s.") % valori
