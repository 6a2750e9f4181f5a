"""The days of a row of a Gantt, and its marks: those that would touch become one, with how many they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psttm import formati
from psttm.grafici.assi import Tempo
from psttm.grafici.tela import CORPO_PICCOLO
from psttm.grafici.testi import larghezza
from psttm.grafici.tipi import Marca, RigaGantt

SEGNO = 9.0
TRATTI_PREVISTO = "4 2.5"
NOMI = 3


def giorni_di(riga: RigaGantt) -> list[date]:
    """Every day of a row."""
    marche = [giorno for marca in riga.marche for giorno in (marca.giorno, marca.iniziale) if giorno]
    fine = [riga.fine_stimata] if riga.fine_stimata else []
    return [*(riga.base or ()), *(riga.svolto or ()), *fine, *marche]


def dentro(giorno: date, da: date | None, a: date | None) -> bool:
    return (da is None or giorno >= da) and (a is None or giorno <= a)


@dataclass(frozen=True)
class Mucchio:
    """One or more marks drawn as one: where it begins, its room, the gravest mark, the number ("" for one alone)."""

    x: float
    ampiezza: float
    segno: str
    numero: str
    nome: str


def ammucchia(marche: Sequence[Marca], tempo: Tempo, gravita: Sequence[str]) -> list[Mucchio]:
    """From left to right, each inside the window and clear of the one before."""
    posti = {segno: posto for posto, segno in enumerate(gravita)}
    ordinate = sorted(marche, key=lambda marca: (marca.giorno, posti.get(marca.segno, len(posti)), marca.nome))
    mucchi: list[list[Marca]] = []
    for marca in ordinate:
        mucchi.append([marca])
        while len(mucchi) > 1 and _inizio(mucchi[-1], tempo) < _fine(mucchi[-2], tempo) + 2:
            ultimo = mucchi.pop()
            mucchi[-1].extend(ultimo)
    return [_disegnato(mucchio, tempo, posti) for mucchio in mucchi]


def _numero(mucchio: Sequence[Marca]) -> str:
    return formati.numero(len(mucchio)) if len(mucchio) > 1 else ""


def _ampiezza(mucchio: Sequence[Marca]) -> float:
    numero = _numero(mucchio)
    return SEGNO + (1 + larghezza(numero, CORPO_PICCOLO) if numero else 0)


def _inizio(mucchio: Sequence[Marca], tempo: Tempo) -> float:
    """A heap is where its first mark is, moved left if its number would leave the window."""
    return min(tempo.x(mucchio[0].giorno) - SEGNO / 2, tempo.destra + SEGNO / 2 - _ampiezza(mucchio))


def _fine(mucchio: Sequence[Marca], tempo: Tempo) -> float:
    return _inizio(mucchio, tempo) + _ampiezza(mucchio)


def _disegnato(mucchio: Sequence[Marca], tempo: Tempo, posti: dict[str, int]) -> Mucchio:
    grave = min(mucchio, key=lambda marca: posti.get(marca.segno, len(posti)))
    nomi = [marca.nome for marca in mucchio if marca.nome]
    detti = "; ".join(nomi[:NOMI])
    nome = f"{detti}; …" if len(nomi) > NOMI else detti
    return Mucchio(_inizio(mucchio, tempo), _ampiezza(mucchio), grave.segno, _numero(mucchio), nome)
