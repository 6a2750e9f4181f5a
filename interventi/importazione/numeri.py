"""Amounts and measures, as ReGiS and offices write them: exact, and never guessed where there are two readings."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from interventi.importazione.valori import RICORDATI, CellaDubbia, CellaErrata, manca, pulisci

ZERO = Decimal("0.00")
_CENTESIMO = Decimal("0.01")
# ReGiS writes amounts this way: the short road for nearly every cell.
_IMPORTO_REGIS = re.compile(r"[0-9]{1,13},[0-9]{2}", re.ASCII)
_SOLO_CIFRE = re.compile(r"\d+", re.ASCII)
_MIGLIAIA_PUNTO = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_MIGLIAIA_VIRGOLA = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}", re.ASCII)
_MIGLIAIA_SPAZIO = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?", re.ASCII)
_UN_SEPARATORE = re.compile(r"(\d+)[.,](\d+)", re.ASCII)
_AMBIGUO = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_VALUTA = re.compile(r"€|\beuro?\b", re.IGNORECASE)
_MASSIMO_CIFRE = 13


def importo(cella: str) -> Decimal | None:
    """An amount in EUR with at most two decimals, exactly; it may be negative.

    Taken: 1.234,56 · 1234,56 · 1234.56 · 1 234,56 · 1'234,56 · 1,234.56 · 1.234.567, with or without €. Refused: more
    decimals than cents, and "1.234", which may be a thousand or one and a bit.
    """
    if cella == "0,00":
        return ZERO
    if _IMPORTO_REGIS.fullmatch(cella):
        return Decimal(cella.replace(",", "."))
    pulita = _VALUTA.sub("", pulisci(cella)).strip()
    if manca(pulita):
        return None
    negativo, cifre = _segno(pulita)
    if _AMBIGUO.fullmatch(cifre):
        intero = cifre.replace(",", "").replace(".", "")
        raise CellaErrata(
            f"«{pulita}» si può leggere in due modi, {intero},00 oppure con i decimali: scrivi i centesimi."
        )
    valore = _decimale(cifre, pulita)
    if valore != (esatto := valore.quantize(_CENTESIMO)):
        raise CellaErrata(f"«{pulita}» ha più di due decimali: arrotondalo al centesimo.")
    return -esatto if negativo and esatto else esatto


def importo_non_negativo(cella: str) -> Decimal | None:
    """The same, for money that cannot be below zero."""
    if cella == "0,00":
        return ZERO
    valore = importo(cella)
    if valore is not None and valore < 0:
        raise CellaErrata(f"«{cella.strip()}» è negativo: un finanziamento parte da zero.")
    return valore


_DECIMO_DI_MILLESIMO = Decimal("0.0001")


@lru_cache(RICORDATI)
def quantita(cella: str) -> Decimal | None:
    """A measure with at most four decimals, in the units of its indicator. The comma is the decimal mark."""
    pulita = pulisci(cella)
    if not pulita:
        return None
    negativo, cifre = _segno(pulita)
    if "." in cifre and _AMBIGUO.fullmatch(cifre):
        raise CellaErrata(
            f"«{pulita}» si può leggere in due modi: scrivi {cifre.replace('.', '')},00 "
            f"oppure {cifre.replace('.', ',')}."
        )
    valore = _decimale(cifre, pulita)
    esatto = valore.quantize(_DECIMO_DI_MILLESIMO)
    firmato = -esatto if negativo and esatto else esatto
    if valore != esatto:
        raise CellaDubbia(firmato, f"«{pulita}» è stato arrotondato a quattro decimali.")
    return firmato


@lru_cache(RICORDATI)
def percentuale(cella: str) -> Decimal | None:
    """A share from 0 to 100, with two decimals."""
    pulita = pulisci(cella).removesuffix("%").strip()
    if manca(pulita):
        return None
    negativo, cifre = _segno(pulita)
    valore = _decimale(cifre, pulita)
    if negativo or valore > 100:
        raise CellaErrata(f"«{pulita}» non è una percentuale fra 0 e 100.")
    esatto = valore.quantize(_CENTESIMO)
    if valore != esatto:
        raise CellaDubbia(esatto, f"«{pulita}» è stato arrotondato a due decimali.")
    return esatto


def _segno(pulita: str) -> tuple[bool, str]:
    """Whether the number is negative, and its digits with their separators."""
    if pulita[:1] in {"-", "−", "–"}:
        return True, pulita[1:].strip()
    return False, pulita[1:].strip() if pulita[:1] == "+" else pulita


def _decimale(cifre: str, scritto: str) -> Decimal:
    """The number written with these digits, thousands and decimals told apart only where there is one reading."""
    if _SOLO_CIFRE.fullmatch(cifre):
        normale = cifre
    elif un := _UN_SEPARATORE.fullmatch(cifre):
        normale = f"{un[1]}.{un[2]}"
    elif _MIGLIAIA_PUNTO.fullmatch(cifre):
        normale = cifre.replace(".", "").replace(",", ".")
    elif _MIGLIAIA_VIRGOLA.fullmatch(cifre):
        normale = cifre.replace(",", "")
    elif _MIGLIAIA_SPAZIO.fullmatch(cifre):
        normale = re.sub(r"[ '’]", "", cifre).replace(",", ".")
    else:
        raise CellaErrata(f"«{scritto}» non è un numero: scrivilo come 1234567,89, solo con cifre e una virgola.")
    if len(normale.partition(".")[0].lstrip("0")) > _MASSIMO_CIFRE:
        raise CellaErrata(f"«{scritto}» è troppo grande: controlla la virgola.")
    return Decimal(normale)
