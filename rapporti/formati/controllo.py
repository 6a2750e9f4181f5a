"""The data of a report against themselves: every figure again from the rows that it says it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rapporti.documento import Cifra, Tavola
from rapporti.formati.letti import Dati


def difetti(dati: Dati) -> Iterator[str]:
    """What does not hold, each in words; nothing for a report as it must be."""
    tavole = {nome: tavola for nome in dati.nomi_tavole if (tavola := dati.tavola(nome)) is not None}
    for voce in dati.voci:
        cifra = dati.cifra(voce.chiave)
        if cifra is None:
            continue
        if cifra.formula:
            yield from (f"{cifra.chiave}: la cifra «{nome}» non c'è." for nome in cifra.da if dati.cifra(nome) is None)
        elif cifra.tavola not in tavole:
            yield f"{cifra.chiave}: la tavola «{cifra.tavola}» non c'è."
        else:
            yield from _difetto(cifra, tavole[cifra.tavola])


def _difetto(cifra: Cifra, tavola: Tavola) -> Iterator[str]:
    if cifra.colonna and cifra.colonna not in {colonna.chiave for colonna in tavola.colonne}:
        yield f"{cifra.chiave}: la tavola «{tavola.chiave}» non ha la colonna «{cifra.colonna}»."
        return
    rifatta = ricalcola(cifra, tavola)
    if rifatta != cifra.valore:
        yield f"{cifra.chiave}: vale {cifra.valore}, ma le sue righe danno {rifatta}."


def ricalcola(cifra: Cifra, tavola: Tavola) -> Decimal | int:
    """The figure from its rows, which the table holds: how many they are, or the sum of its column."""
    if not cifra.colonna:
        return len(cifra.righe)
    posto = [colonna.chiave for colonna in tavola.colonne].index(cifra.colonna)
    valori: list[Any] = [tavola.righe[riga][posto] for riga in cifra.righe]
    return sum((valore for valore in valori if valore is not None), Decimal(0))
