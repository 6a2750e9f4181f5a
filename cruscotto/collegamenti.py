"""Where each figure of the Cruscotto leads: the list that makes it, with the same filters, on the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from cruscotto.tipi import Filtri, Gruppo, Istantanea
from monitoraggio.selectors.programma import NESSUNO
from monitoraggio.tempo import Tempo

# The lists of the situation and of the traguardi hold more than the programme.
PROGRAMMA = {"programma": "si"}
# The marks of the situation are the values of its filter; the states of the works have addresses of their own.
LAVORI = {
    "concluso": "concluso",
    "in collaudo": "in-collaudo",
    "in corso": "in-corso",
    "da avviare": "da-avviare",
    "revocato": "revocato",
    "senza dati": "senza-dati",
}


@dataclass(frozen=True)
class Collegamenti:
    """The addresses of the figures of a selection, read at a day: `tempo` is what an address says of it."""

    filtri: dict[str, str]
    tempo: dict[str, str]

    @classmethod
    def di(cls, istantanea: Istantanea, filtri: Filtri, tempo: Tempo) -> Collegamenti:
        """The day is written where the lists would read another one by themselves."""
        quando = dict(tempo.parametri)
        if quando or istantanea.al != tempo.oggi:
            quando["al"] = istantanea.al.isoformat()
        return cls(filtri.parametri, quando)

    def del_gruppo(self, gruppo: Gruppo) -> Collegamenti:
        """Those of a group of the selection: what belongs to none is asked for by its name."""
        filtri = gruppo.filtri.parametri
        return Collegamenti(filtri if gruppo.chiave else filtri | {gruppo.dimensione.value: NESSUNO}, self.tempo)

    def interventi(self, **altro: Any) -> str:
        """The list of the situation: `stato`, `lavori`, `segnale`… choose among its rows."""
        return reverse("monitoraggio", query=PROGRAMMA | self.filtri | altro | self.tempo)

    def lavori(self, stato: str) -> str:
        return self.interventi(lavori=LAVORI[stato])

    def traguardi(self, **altro: Any) -> str:
        """The list of the traguardi; of measures and piani too, where nothing but a piano is chosen."""
        return reverse("traguardi", query=PROGRAMMA | self.filtri | altro | self.tempo)

    def segnale(self, codice: str) -> str:
        return self.righe(f"segnale-{codice}")

    def lacuna(self, codice: str) -> str:
        return self.righe(f"lacuna-{codice}")

    def segnali(self, **altro: Any) -> str:
        """The list of the early warnings, which is of now: there they are set aside."""
        return reverse("segnali", query=PROGRAMMA | self.filtri | altro)

    def lavori_fatti(self, fino: date) -> str:
        """The value of the works at the end of a month."""
        return self.righe("lavori", mese=f"{fino:%Y-%m}")

    def righe(self, cifra: str, **altro: Any) -> str:
        """The rows of a figure that no list of the monitoring holds: see `cruscotto.selectors.righe`."""
        return reverse("cruscotto-righe", args=[cifra], query=self.filtri | altro | self.tempo)

    def cruscotto(self, **altro: Any) -> str:
        return reverse("cruscotto", query=self.filtri | altro | self.tempo)
