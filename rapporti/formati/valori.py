"""Raw values in JSON and back, without loss; and sets of rows written short.

A value of the kind that its unit is of stands plain: amounts and measures are decimals in a string, whole numbers JSON
numbers, days ISO, all else text. Any other (words in a column of days, say) says its kind: {"testo": "non noto"}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from rapporti.documento import Unita

IN_EURO = frozenset({Unita.EURO, Unita.MILIONI})
GIORNI = frozenset({Unita.DATA, Unita.MESE})
# What stands in the head of a column of raw values. Amounts are in EUR even where the report shows millions.
UNITA_IN_TESTA = {
    Unita.EURO: "EUR",
    Unita.MILIONI: "EUR",
    Unita.PERCENTO: "%",
    Unita.METRI_QUADRI: "m²",
    Unita.GIORNI: "giorni",
    Unita.MESI: "mesi",
}


def in_testa(nome: str, unita: Unita) -> str:
    """The name of a column with its unit, unless it says it already: "Pagato (EUR)", "Giorni di ritardo"."""
    scritta = UNITA_IN_TESTA.get(unita, "")
    if unita is Unita.MILIONI:
        nome = nome.removesuffix(" (mln €)")
    detta = nome.endswith(")") or scritta in nome.lower()
    return nome if detta else f"{nome} ({scritta})"


def decimale(valore: Decimal, unita: Unita) -> str:
    """The one way to write this number: amounts to the cent, no other zeros at the end, no exponent."""
    testo = f"{valore:f}" if valore else "0"
    if "." in testo:
        testo = testo.rstrip("0").removesuffix(".")
    if unita not in IN_EURO:
        return testo
    intero, _punto, decimali = testo.partition(".")
    return f"{intero}.{decimali:0<2}"


def in_grezzo(valore: Any, unita: Unita) -> Any:
    """A value as JSON. Raises TypeError for what a report never holds: floating point, instants, objects."""
    if valore is None or valore == "":
        return valore
    genere = type(valore)
    if genere is int:
        return valore
    if genere is Decimal:
        testo = decimale(valore, unita)
        return testo if unita.numerica else {"decimale": testo}
    if genere is date:
        return valore.isoformat() if unita in GIORNI else {"data": valore.isoformat()}
    if isinstance(valore, str):
        return {"testo": str(valore)} if unita.numerica or unita in GIORNI else str(valore)
    raise TypeError(f"{valore!r}: un rapporto non ha valori di questo genere.")


_DETTI: dict[str, Callable[[str], Any]] = {"decimale": Decimal, "data": date.fromisoformat, "testo": str}


def da_grezzo(grezzo: Any, unita: Unita) -> Any:
    """The value that `in_grezzo` wrote."""
    if isinstance(grezzo, dict):
        ((genere, testo),) = grezzo.items()
        return _DETTI[genere](testo)
    if not grezzo or not isinstance(grezzo, str):
        return grezzo
    if unita.numerica:
        return Decimal(grezzo)
    return date.fromisoformat(grezzo) if unita in GIORNI else grezzo


# --- Sets of rows -------------------------------------------------------------------------------------------------


def in_intervalli(posti: Iterable[int]) -> str:
    """Places from one up, in order: 1, 2, 3, 7 is "1-3 7". Raises ValueError where one is there twice."""
    pezzi: list[list[int]] = []
    for posto in sorted(posti):
        if pezzi and posto == pezzi[-1][1]:
            raise ValueError(f"La riga {posto} è contata due volte.")
        if pezzi and posto == pezzi[-1][1] + 1:
            pezzi[-1][1] = posto
        else:
            pezzi.append([posto, posto])
    return " ".join(str(primo) if primo == ultimo else f"{primo}-{ultimo}" for primo, ultimo in pezzi)


def intervalli(testo: str) -> list[range]:
    """What `in_intervalli` wrote, as ranges of places."""
    coppie = (pezzo.partition("-") for pezzo in testo.split())
    return [range(int(primo), int(ultimo or primo) + 1) for primo, _trattino, ultimo in coppie]
