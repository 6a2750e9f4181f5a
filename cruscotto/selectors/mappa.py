"""What the map reads: the shapes of the Comuni, and what each of them has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cruscotto.tipi import Filtri
from enti import mappa
from enti.models import Comune


@dataclass(frozen=True)
class Luogo:
    """A Comune on the map, in hectometres: its shape, and where its circle stands."""

    istat: str
    nome: str
    zona: str
    tracciato: str
    centro: tuple[float, float]


def luoghi() -> list[Luogo]:
    """The 133 Comuni by name: one query."""
    righe = Comune.objects.metropolitani().order_by("nome", "pk")
    campi = ("codice_istat", "nome", "zona__nome", "confine__tracciato")
    return [
        Luogo(istat, nome, zona, mappa.tracciato_leggero(tracciato), mappa.centro(tracciato))
        for istat, nome, zona, tracciato in righe.values_list(*campi)
        if tracciato
    ]


def senza_comune(filtri: Filtri) -> Filtri:
    """The map shows all the Comuni whatever the chosen one, which it picks out."""
    return replace(filtri, comune="")
