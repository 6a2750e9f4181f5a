"""Figures of some interventi that add up: whole numbers only, so that the sum of two sets is exact, and their JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitoraggio.calcolo.passi import Passi

# How many of those most at risk are remembered.
PRIMI = 10
# Indicators have four decimals.
DECIMALI = 4


@dataclass(frozen=True, order=True)
class Posto:
    """The place of an intervento among those at risk: the riskiest, then the costliest, then by CUP. EUR cents."""

    meno_rischio: int
    meno_importo: int
    codice: str
    intervento: int


@dataclass
class Somme:
    """`conti` counts by name ("interventi", "segno:in_ritardo") and adds up amounts in cents ("pagato").

    `giorni` are the first planned day of the works, the last planned one and the last expected one.
    """

    conti: dict[str, int] = field(default_factory=dict)
    passi: Passi = field(default_factory=Passi)
    giorni: tuple[date | None, date | None, date | None] = (None, None, None)
    primi: list[Posto] = field(default_factory=list)

    def conta(self, nome: str, quanti: int = 1) -> None:
        if quanti:
            self.conti[nome] = self.conti.get(nome, 0) + quanti

    def date(self, inizio: date | None, fine: date | None, stimata: date | None) -> None:
        primo, ultimo, atteso = self.giorni
        self.giorni = (_minimo(primo, inizio), _massimo(ultimo, fine), _massimo(atteso, stimata))

    def guarda(self, posti: Sequence[Posto]) -> None:
        if not posti or (len(self.primi) == PRIMI and posti[0] >= self.primi[-1]):
            return
        self.primi = sorted([*self.primi, *posti])[:PRIMI]

    def unisci(self, altre: Somme) -> None:
        conti = self.conti
        for nome, quanti in altre.conti.items():
            conti[nome] = conti.get(nome, 0) + quanti
        self.passi.unisci(altre.passi)
        self.date(*altre.giorni)
        self.guarda(altre.primi)

    def di(self, prefisso: str) -> dict[str, int]:
        """The counts under a name: `di("segno")` of "segno:in_ritardo" and of the others."""
        inizio = f"{prefisso}:"
        return {nome.removeprefix(inizio): quanti for nome, quanti in self.conti.items() if nome.startswith(inizio)}

    def in_json(self) -> dict[str, Any]:
        passi = self.passi
        return {
            "conti": {nome: quanti for nome, quanti in sorted(self.conti.items()) if quanti},
            "passi": [
                passi.lavori, passi.valore, passi.monitorati, passi.con_dati, passi.conclusi,
                _scritto(passi.inizio), _scritto(passi.fine),
            ],
            "mesi": [[numero, *valori] for numero, valori in sorted(passi.mesi.items()) if any(valori)],
            "giorni": [_scritto(giorno) for giorno in self.giorni],
            "primi": [[uno.meno_rischio, uno.meno_importo, uno.codice, uno.intervento] for uno in self.primi],
        }  # fmt: skip


def da_json(valore: dict[str, Any]) -> Somme:
    lavori, importo, monitorati, con_dati, conclusi, inizio, fine = valore["passi"]
    primo, ultimo, atteso = valore["giorni"]
    return Somme(
        conti=valore["conti"],
        passi=Passi(
            lavori, importo, monitorati, con_dati, conclusi, _letto(inizio), _letto(fine),
            {mese[0]: mese[1:] for mese in valore["mesi"]},
        ),
        giorni=(_letto(primo), _letto(ultimo), _letto(atteso)),
        primi=[Posto(*posto) for posto in valore["primi"]],
    )  # fmt: skip


def _scritto(giorno: date | None) -> str | None:
    return None if giorno is None else giorno.isoformat()


def _letto(testo: str | None) -> date | None:
    return None if testo is None else date.fromisoformat(testo)


def _minimo(uno: date | None, altro: date | None) -> date | None:
    if uno is None or altro is None:
        return uno or altro
    return min(uno, altro)


def _massimo(uno: date | None, altro: date | None) -> date | None:
    if uno is None or altro is None:
        return uno or altro
    return max(uno, altro)
