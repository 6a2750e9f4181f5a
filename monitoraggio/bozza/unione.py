"""Putting together what two people typed in one draft: nothing of either is overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Cambi = dict[str, list[str | None]]


class Passo(Protocol):
    """A saving of a draft (PassoBozza): each cell that changed, before and after."""

    revisione: int
    cambi: Cambi


@dataclass(frozen=True)
class Scontro:
    """A cell that two people changed: what one typed is not saved over what the other saved."""

    cella: str
    mio: str
    loro: str
    revisione: int


@dataclass
class Unione:
    """What comes of a saving: the cells to write, those in dispute, those that others changed meanwhile."""

    cambi: Cambi = field(default_factory=dict)
    scontri: list[Scontro] = field(default_factory=list)
    altrui: dict[str, str] = field(default_factory=dict)


def unisci(bozza: Mapping[str, str], dopo_la_base: Iterable[Passo], miei: Mapping[str, str]) -> Unione:
    """Three-way merge, cell by cell.

    `dopo_la_base` are the savings made since the person last saw the draft, the oldest first; `miei` the cells she
    changed since. A cell that only she changed is written; one that both changed to the same value is fine; one that
    both changed differently is a dispute, and keeps the value that is there.
    """
    unione = Unione()
    toccate: dict[str, int] = {}
    for passo in dopo_la_base:
        for cella in passo.cambi:
            toccate[cella] = passo.revisione
    unione.altrui = {cella: bozza.get(cella, "") for cella in toccate}
    for cella, mio in miei.items():
        adesso = bozza.get(cella)
        if mio == (adesso or ""):
            continue
        if cella in toccate:
            unione.scontri.append(Scontro(cella, mio, adesso or "", toccate[cella]))
        else:
            unione.cambi[cella] = [adesso, mio]
    return unione


def cambiate(bozza: Mapping[str, str], dopo_la_base: Iterable[Passo], tutte: Mapping[str, str]) -> dict[str, str]:
    """Of all the cells of a form, those that differ from what the draft was when the form was opened.

    For a form sent whole, by a browser without scripts: `dopo_la_base` as for `unisci`.
    """
    base: dict[str, str | None] = dict(bozza)
    for passo in sorted(dopo_la_base, key=lambda p: p.revisione, reverse=True):
        for cella, (prima, _dopo) in passo.cambi.items():
            base[cella] = prima
    return {cella: testo for cella, testo in tutte.items() if testo != (base.get(cella) or "")}
