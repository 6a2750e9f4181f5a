"""Judging a draft by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitoraggio.controlli.catalogo import CATALOGO
from monitoraggio.controlli.tipi import Contesto, Controllo, Rilievo

_FUORI = re.compile(r"\W+", re.ASCII)


def giudica(contesto: Contesto, catalogo: Sequence[Controllo] = CATALOGO) -> list[Rilievo]:
    """What the checks say of a draft: the errors first, each kind in the order of the catalogue."""
    spiegazioni = {riga.nome: riga["testo"] for riga in contesto.righe("spiegazioni")}
    rilievi = []
    for controllo in catalogo:
        for trovato in controllo.prova(contesto):
            chiave = _FUORI.sub("_", f"{controllo.codice}_{trovato.riga}".strip("_"))[:40]
            rilievi.append(Rilievo(controllo, trovato.testo, trovato.cella, chiave, spiegazioni.get(chiave, "")))
    return sorted(rilievi, key=lambda rilievo: not rilievo.errore)


def fermano(rilievi: Sequence[Rilievo]) -> list[Rilievo]:
    """Those that keep the avanzamento from being sent."""
    return [rilievo for rilievo in rilievi if rilievo.ferma]
