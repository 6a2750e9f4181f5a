"""Figures made from rows, so that what is said and what it is made of cannot part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rapporti.documento import Cifra, Unita

ZERO = Decimal(0)
CENTO = Decimal(100)
# Shares are kept to the hundredth of a per cent: what is printed, and what a formula can be checked against.
CENTESIMO = Decimal("0.01")


def conta(chiave: str, etichetta: str, righe: Iterable[str], tavola: str = "interventi") -> Cifra:
    """How many rows there are."""
    sue = tuple(righe)
    return Cifra(chiave, etichetta, len(sue), Unita.NUMERO, tavola, sue)


def somma(
    chiave: str,
    etichetta: str,
    righe: Iterable[tuple[str, Decimal | None]],
    colonna: str,
    unita: Unita = Unita.MILIONI,
    tavola: str = "interventi",
) -> Cifra:
    """The sum of a column of these rows: key and value of each. Rows without a value count nothing."""
    sue = tuple(righe)
    totale = sum((valore for _riga, valore in sue if valore is not None), ZERO)
    return Cifra(chiave, etichetta, totale, unita, tavola, tuple(riga for riga, _valore in sue), colonna)


def calcolata(
    chiave: str,
    etichetta: str,
    valore: Decimal | int | date | str | None,
    unita: Unita,
    formula: str,
    da: Sequence[Cifra] | Sequence[str],
) -> Cifra:
    """What a formula makes of other figures, which must stand in the report too."""
    nomi = tuple(una.chiave if isinstance(una, Cifra) else una for una in da)
    return Cifra(chiave, etichetta, valore, unita, formula=formula, da=nomi)


def quota(chiave: str, etichetta: str, parte: Cifra, intero: Cifra) -> Cifra:
    """The share of one figure in another, in hundredths; unknown where there is nothing to share."""
    valore = percento(parte.valore, intero.valore)
    formula = f"{parte.etichetta} ÷ {intero.etichetta} × 100"
    return calcolata(chiave, etichetta, valore, Unita.PERCENTO, formula, (parte, intero))


def percento(parte: object, intero: object) -> Decimal | None:
    """Hundredths of a whole, to two decimals; None where either is unknown or the whole is zero."""
    if not isinstance(parte, Decimal | int) or not isinstance(intero, Decimal | int) or not intero:
        return None
    return (CENTO * parte / intero).quantize(CENTESIMO, rounding=ROUND_HALF_UP)


def decimale(cifra: Cifra) -> Decimal:
    """Its value, where it is a number; zero where it is not known."""
    return Decimal(cifra.valore) if isinstance(cifra.valore, Decimal | int) else ZERO


def giorno(chiave: str, etichetta: str, valore: date, come: str, righe: Iterable[str], tavola: str) -> Cifra:
    """A day found among these rows; `come` says how."""
    return Cifra(chiave, etichetta, valore, Unita.DATA, tavola, tuple(righe), formula=come)
