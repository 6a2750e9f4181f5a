"""A table of rows as CSV, as open data wants it: UTF-8 with BOM, `;`, ISO dates, plain decimals, units in the head."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rapporti.documento import Tavola, Unita
from rapporti.formati.valori import decimale, in_testa
from registro.tabella_csv import innocuo, intera

# The name of the column with the key of each row: what its address in the portal ends with.
CHIAVE = "riga"


def in_csv(tavola: Tavola) -> bytes:
    intestazione = [CHIAVE, *(innocuo(in_testa(colonna.nome, colonna.unita)) for colonna in tavola.colonne)]
    unita = [colonna.unita for colonna in tavola.colonne]
    righe = (
        [innocuo(chiave), *(in_cella(*coppia) for coppia in zip(riga, unita, strict=True))]
        for chiave, riga in tavola.righe.items()
    )
    return intera(intestazione, righe).encode()


def in_cella(valore: Any, unita: Unita) -> str:
    """A raw value as a cell, which no spreadsheet takes for a formula."""
    if valore is None:
        return ""
    if isinstance(valore, Decimal):
        return decimale(valore, unita)
    if isinstance(valore, date):
        return f"{valore:%Y-%m}" if unita is Unita.MESE else valore.isoformat()
    return innocuo(str(valore)) if isinstance(valore, str) else str(valore)
