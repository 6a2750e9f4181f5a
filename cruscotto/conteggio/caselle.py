"""From the sums of combinations to those of things, alone and two by two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from cruscotto.conteggio.chiavi import Chiave, Coppia
from cruscotto.conteggio.somme import Somme
from cruscotto.tipi import Dimensione


@dataclass
class Voce:
    """The sums of some combinations, and the Comuni that they are in."""

    somme: Somme = field(default_factory=Somme)
    luoghi: set[str] = field(default_factory=set)


def somma(
    profili: Iterable[tuple[Chiave, Somme]], zone: Mapping[str, int], quali: Collection[Coppia] | None = None
) -> dict[Coppia, Voce]:
    """The sums of each thing and of every two, or of these alone."""
    trovate: dict[Coppia, Voce] = {}
    for chiave, somme in profili:
        for coppia in chiave.coppie(zone):
            if quali is None or coppia in quali:
                voce = trovate.setdefault(coppia, Voce())
                voce.somme.unisci(somme)
                voce.luoghi |= luoghi(chiave, coppia, zone)
    return trovate


def luoghi(chiave: Chiave, cose: Iterable[str], zone: Mapping[str, int]) -> set[str]:
    """The Comuni of a combination; where a Comune or a zona was chosen, those of that place, as the report has it."""
    for dimensione in (Dimensione.COMUNE, Dimensione.ZONA):
        for una in cose:
            tipo, _uguale, valore = una.partition("=")
            if tipo == dimensione.value and valore:
                return {uno for uno in chiave.comuni if valore in {uno, str(zone.get(uno, ""))}}
    return set(chiave.comuni)
