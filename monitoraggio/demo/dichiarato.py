"""Where the interventi of each group stood in December 2024, as the sources declare it (dominio, section 4).

Which intervento is in which state is invented; how many are, and the percents of the cycle lines, are not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from interventi.demo import FILONI, PRIMI
from interventi.models import Intervento
from interventi.scelte import LineaFinanziamento

SEME = 2024
DICHIARATO_AL = date(2024, 12, 31)
# Of the nineteen sites of PINQuA that were open, twelve were due by the middle of 2025 and seven by March 2026.
PINQUA, TERMINI_PINQUA = "PINQUA", ((12, date(2025, 6, 30)), (7, date(2026, 3, 31)))


class Punto(Enum):
    """How far an intervento was at the end of December 2024."""

    CONCLUSO = "concluso"
    IN_COLLAUDO = "in collaudo"
    IN_CORSO = "in corso"
    DA_APRIRE = "da aprire"


@dataclass(frozen=True)
class Dichiarato:
    """How many of a group were where, those left being still to open; some by their number in the group."""

    conclusi: int = 0
    in_collaudo: int = 0
    in_corso: int = 0
    # Percent done of those in progress: between these, or as declared by number.
    fra: tuple[int, int] = (12, 85)
    percentuali: dict[int, int] = field(default_factory=dict)
    fissi: dict[int, Punto] = field(default_factory=dict)
    # Those on national funds are the ones that had not begun.
    nazionali_da_aprire: bool = False


# The first three of each run of Comuni are Bresso, Rho and Segrate: each of them gets something of every kind.
DICHIARATI: dict[str, Dichiarato] = {
    "COME-IN": Dichiarato(
        conclusi=2, in_corso=28, fissi={1: Punto.CONCLUSO, 3: Punto.CONCLUSO}, nazionali_da_aprire=True
    ),
    "SPUGNA": Dichiarato(
        conclusi=25,
        in_corso=27,
        fissi=dict.fromkeys((1, 2, 3), Punto.IN_CORSO)
        | dict.fromkeys((33, 34, 35), Punto.CONCLUSO)
        | dict.fromkeys((65, 66, 67), Punto.DA_APRIRE),
    ),
    "CAMBIO": Dichiarato(conclusi=1, in_corso=4, fissi={4: Punto.CONCLUSO}, percentuali={1: 50, 2: 20, 3: 40, 5: 5}),
    "MICA": Dichiarato(in_corso=14, fra=(5, 60)),
    "EDILIZIA-SCOLASTICA": Dichiarato(
        conclusi=13,
        in_corso=23,
        fissi=dict.fromkeys((19, 20, 21), Punto.CONCLUSO) | dict.fromkeys((28, 29, 30), Punto.IN_CORSO),
    ),
    "PINQUA": Dichiarato(
        in_collaudo=3,
        in_corso=19,
        fissi={1: Punto.IN_COLLAUDO} | dict.fromkeys((2, 3, 10, 11, 12, 19, 20, 21), Punto.IN_CORSO),
    ),
    "FORESTAZIONE": Dichiarato(in_corso=2, fra=(45, 70)),
    "DIGITALE": Dichiarato(in_corso=3, fra=(30, 80)),
    # Nobody declares how its works go: most of an older programme has ended.
    "BANDO-PERIFERIE": Dichiarato(
        conclusi=30,
        in_corso=21,
        fissi=dict.fromkeys((1, 2, 3), Punto.CONCLUSO) | dict.fromkeys((32, 33, 34), Punto.IN_CORSO),
    ),
}
# They are still being built today, whatever day it is: what the people of the demonstration find to fill in.
SEMPRE_VIVI = frozenset(
    {
        "DEMO-COME-IN-002",
        "DEMO-SPUGNA-002",
        "DEMO-SPUGNA-066",
        "DEMO-EDILIZIA-SCOLASTICA-029",
        "DEMO-PINQUA-002",
        "DEMO-PINQUA-011",
        "DEMO-BANDO-PERIFERIE-033",
        "DEMO-SPUGNA-001",
        "DEMO-SPUGNA-065",
        "DEMO-EDILIZIA-SCOLASTICA-028",
        "DEMO-DIGITALE-001",
        "DEMO-BANDO-PERIFERIE-032",
        "DEMO-SPUGNA-067",
        "DEMO-PINQUA-012",
        "DEMO-CAMBIO-002",
        "DEMO-CAMBIO-005",
        "DEMO-SPUGNA-017",
        "DEMO-BANDO-PERIFERIE-043",
    }
)
_VIVI = {Punto.CONCLUSO: 0.0, Punto.IN_COLLAUDO: 0.0, Punto.IN_CORSO: 0.25, Punto.DA_APRIRE: 0.55}


@dataclass(frozen=True)
class Posto:
    """An intervento of the demonstration and where it stood; `percento` done at the end of December 2024."""

    intervento: Intervento
    filone: str
    numero: int
    punto: Punto
    percento: int
    # Its works go on beyond today.
    vivo: bool
    # By when its works were due, where the sources say it.
    termine: date | None
    # Its Comune tells of it every month, not only every quarter.
    fitto: bool


def posti(interventi: Sequence[Intervento]) -> list[Posto]:
    """Every intervento of the groups with its place, always the same for the same interventi."""
    per_filone: dict[str, dict[int, Intervento]] = {}
    for intervento in interventi:
        filone, numero = _sigla(intervento)
        if filone in DICHIARATI:
            per_filone.setdefault(filone, {})[numero] = intervento
    return [
        posto
        for filone in FILONI
        if filone.codice in per_filone
        for posto in _del_filone(filone.codice, per_filone[filone.codice])
    ]


def _sigla(intervento: Intervento) -> tuple[str, int]:
    filone, _trattino, numero = intervento.clp.removeprefix("DEMO-").rpartition("-")
    return filone, int(numero) if numero.isdecimal() else 0


def _del_filone(filone: str, suoi: dict[int, Intervento]) -> Iterator[Posto]:
    dichiarato = DICHIARATI[filone]
    caso = random.Random(f"{SEME}-{filone}")  # noqa: S311 not for secrets
    punti = _punti(dichiarato, suoi, caso)
    percenti = {numero: _percento(dichiarato, numero, punti[numero], caso) for numero in sorted(suoi)}
    vivi = {numero for numero in sorted(suoi) if _vivo(dichiarato, suoi[numero], punti[numero], caso.random())}
    termini = _termini(filone, punti, vivi)
    for numero, intervento in sorted(suoi.items()):
        yield Posto(
            intervento=intervento,
            filone=filone,
            numero=numero,
            punto=punti[numero],
            percento=percenti[numero],
            vivo=numero in vivi,
            termine=termini.get(numero),
            fitto=filone in {"CAMBIO", "MICA"} or comune(intervento) in PRIMI,
        )


def _percento(dichiarato: Dichiarato, numero: int, punto: Punto, caso: random.Random) -> int:
    sorteggiato = caso.randint(*dichiarato.fra)
    if punto is Punto.IN_CORSO:
        return dichiarato.percentuali.get(numero, sorteggiato)
    return 0 if punto is Punto.DA_APRIRE else 100


def _vivo(dichiarato: Dichiarato, intervento: Intervento, punto: Punto, sorte: float) -> bool:
    nazionale = punto is Punto.DA_APRIRE and dichiarato.nazionali_da_aprire
    return intervento.clp in SEMPRE_VIVI or nazionale or sorte < _VIVI[punto]


def _termini(filone: str, punti: dict[int, Punto], vivi: set[int]) -> dict[int, date]:
    """The terms that the sources state, the earliest to those that have ended since."""
    if filone != PINQUA:
        return {}
    aperti = sorted((n for n, punto in punti.items() if punto is Punto.IN_CORSO), key=lambda n: (n in vivi, n))
    giorni = [giorno for quanti, giorno in TERMINI_PINQUA for _volta in range(quanti)]
    return dict(zip(aperti, giorni, strict=False))


def _punti(dichiarato: Dichiarato, suoi: dict[int, Intervento], caso: random.Random) -> dict[int, Punto]:
    punti = {numero: punto for numero, punto in dichiarato.fissi.items() if numero in suoi}
    if dichiarato.nazionali_da_aprire:
        for numero, intervento in suoi.items():
            if numero not in punti and intervento.linea_finanziamento == LineaFinanziamento.NAZIONALE:
                punti[numero] = Punto.DA_APRIRE
    quote = {
        Punto.CONCLUSO: dichiarato.conclusi,
        Punto.IN_COLLAUDO: dichiarato.in_collaudo,
        Punto.IN_CORSO: dichiarato.in_corso,
    }
    liberi = [numero for numero in sorted(suoi) if numero not in punti]
    caso.shuffle(liberi)
    for punto, quanti in quote.items():
        mancano = max(0, quanti - sum(altro is punto for altro in punti.values()))
        punti |= dict.fromkeys(liberi[:mancano], punto)
        liberi = liberi[mancano:]
    return punti | dict.fromkeys(liberi, Punto.DA_APRIRE)


def comune(intervento: Intervento) -> str:
    """The name of the Comune that carries it out; "" for another body."""
    ente = intervento.soggetto_attuatore
    return ente.comune.nome if ente is not None and ente.comune is not None else ""


def di_primi(posto: Posto) -> bool:
    """Whether it is of one of the Comuni of the demonstration."""
    return comune(posto.intervento) in PRIMI
