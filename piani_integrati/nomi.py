"""The names by which people and tenders call a piano."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interventi.ricerca import normalizza
from piani_integrati.models import PianoIntegrato, TipoPiano

_SEGNI = re.compile(r"[^A-Z0-9]+")
# "COME IN" and "CAMBIO" are common words too: a name counts only after a word that announces it.
_ANNUNCI = r"\b(?:PUI|PIANO|PROGETTO|PROGRAMMA|INTEGRATO|METROPOLITAN[AO]|BICIPLAN)\W+"


def chiave(nome: str) -> str:
    """A name as it is compared: "Come-In", "COME IN" and " come in " are the same."""
    return _SEGNI.sub(" ", normalizza(nome)).strip()


def per_nome(piani: Iterable[PianoIntegrato]) -> dict[str, PianoIntegrato]:
    """The piani by their code, address and title; where two share a name, the one whose code it is."""
    trovati: dict[str, PianoIntegrato] = {}
    elenco = list(piani)
    for nomi in ([p.titolo for p in elenco], [p.slug for p in elenco], [p.codice for p in elenco]):
        trovati |= {chiave(nome): piano for nome, piano in zip(nomi, elenco, strict=True)}
    return trovati


def nominati(testo: str, piani: Iterable[PianoIntegrato]) -> list[PianoIntegrato]:
    """The Piani urbani integrati that a text (the object of a tender) names."""
    maiuscolo = normalizza(testo)
    return [
        piano
        for piano in piani
        if piano.tipo == TipoPiano.PUI and re.search(_ANNUNCI + re.escape(normalizza(piano.codice)) + r"\b", maiuscolo)
    ]
