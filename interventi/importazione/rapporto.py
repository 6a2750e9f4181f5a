"""Rows refused or doubtful, as tables that people open in a spreadsheet, mend, and import again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interventi.importazione.tipi import Tabella
from interventi.models import EsitoRiga, Importazione, TabellaImportata
from interventi.models.importazioni import Esito

COLONNE_PORTALE = ("Portale: file", "Portale: riga", "Portale: motivo")
COLONNE_RILIEVI = ("File", "Tabella", "Riga", "CUP", "Colonna", "Valore", "Motivo", "Esito")
# A cell that begins so is a formula for a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def innocua(cella: str) -> str:
    """A cell that a spreadsheet takes for a text, not for a formula. Negative numbers stay numbers."""
    if cella.startswith(_FORMULA) and not _numero(cella):
        return f"'{cella}"
    return cella


def _numero(cella: str) -> bool:
    cifre = cella[1:].replace(".", "").replace(",", "")
    return cella[:1] in "+-" and cifre.isascii() and cifre.isdecimal()


def righe_da_correggere(tabella: TabellaImportata) -> Iterator[list[str]]:
    """A table with the rows of this one that were refused or doubtful: header first, original cells last."""
    yield [*COLONNE_PORTALE, *(innocua(titolo) for titolo in tabella.intestazioni)]
    esiti = EsitoRiga.objects.filter(tabella=tabella, originale__isnull=False).order_by("riga", "pk")
    for esito in esiti.iterator(chunk_size=2_000):
        motivo = " ".join(_frase(rilievo) for rilievo in esito.rilievi)
        celle = [innocua(str(cella)) for cella in esito.originale or ()]
        yield [innocua(tabella.nome), str(esito.riga), innocua(motivo), *celle]


def rilievi(importazione: Importazione) -> Iterator[list[str]]:
    """Every remark on every row of an import, one a line, the header first."""
    yield list(COLONNE_RILIEVI)
    esiti = (
        EsitoRiga.objects.filter(tabella__file__importazione=importazione, originale__isnull=False)
        .select_related("tabella")
        .order_by("tabella", "riga", "pk")
    )
    for esito in esiti.iterator(chunk_size=2_000):
        fatto = "fuori perimetro" if esito.fuori_perimetro else str(Esito(esito.esito).label)
        for rilievo in esito.rilievi:
            cella = [rilievo["colonna"], rilievo["valore"], rilievo["ragione"]]
            prima = [esito.tabella.nome, str(Tabella(esito.tabella.tabella).label), str(esito.riga), esito.cup]
            yield [innocua(str(testo)) for testo in (*prima, *cella, fatto)]


def _frase(rilievo: dict[str, Any]) -> str:
    dove = f"{rilievo['colonna']}: " if rilievo["colonna"] else ""
    return f"{dove}{rilievo['ragione']}"
