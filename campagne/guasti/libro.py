"""The ledger: what was asked of the portal, and what it answered."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Esito(StrEnum):
    # The portal said that it is done.
    FATTO = "fatto"
    # No answer came, or that the portal could not: it may be done or not.
    IGNOTO = "ignoto"
    # The portal said that it is not done.
    RIFIUTATO = "rifiutato"


class Genere(StrEnum):
    MESSAGGIO = "messaggi"
    SALVATAGGIO = "salvataggi"
    DOCUMENTO = "documenti"
    API = "scritture dell'API"
    INVIO = "invii"
    APPROVAZIONE = "approvazioni"
    RAPPORTO = "rapporti"
    LAVORO = "lavori"


@dataclass
class Voce:
    """One thing that was asked: `segno` tells it from all others in the database, `dati` what must be found."""

    genere: Genere
    segno: str
    esito: Esito
    dati: dict[str, Any] = field(default_factory=dict)


class Libro:
    """Written by all who write, each its own entries."""

    def __init__(self) -> None:
        self._serratura = threading.Lock()
        self._voci: dict[tuple[Genere, str], Voce] = {}
        # What may never happen, whatever is killed: an error page instead of «try again», a session lost.
        self.scandali: list[str] = []

    def segna(self, genere: Genere, segno: str, esito: Esito, **dati: Any) -> None:
        """What came of something; asked again, the last answer counts, but what was once done stays done."""
        with self._serratura:
            voce = self._voci.setdefault((genere, segno), Voce(genere, segno, esito))
            if voce.esito is not Esito.FATTO:
                voce.esito = esito
            voce.dati |= dati

    def scandalo(self, testo: str) -> None:
        with self._serratura:
            self.scandali.append(testo)

    def voci(self, genere: Genere) -> list[Voce]:
        with self._serratura:
            return [voce for voce in self._voci.values() if voce.genere is genere]

    def conto(self) -> Counter[tuple[Genere, Esito]]:
        with self._serratura:
            return Counter((voce.genere, voce.esito) for voce in self._voci.values())
