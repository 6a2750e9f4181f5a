"""Italian formats of numbers, money and dates, for pages, exports and reports alike."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

SPAZIO = "\N{NO-BREAK SPACE}"
MESI = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


def numero(valore: Decimal | int | None, decimali: int = 0) -> str:
    """1234567.891 with 2 decimals is "1.234.567,89"; None is a dash. Halves are rounded up, as in accounting."""
    if valore is None:
        return "–"
    arrotondato = Decimal(valore).quantize(Decimal(1).scaleb(-decimali), rounding=ROUND_HALF_UP)
    if arrotondato == 0:
        arrotondato = abs(arrotondato)
    return f"{arrotondato:,.{decimali}f}".translate(str.maketrans(",.", ".,")).replace("-", "\N{MINUS SIGN}")


def euro(valore: Decimal | int | None) -> str:
    """1.234.567,89 €"""
    return "–" if valore is None else f"{numero(valore, 2)}{SPAZIO}€"


def milioni(valore: Decimal | int | None) -> str:
    """464,3 mln €, for charts and headlines."""
    return "–" if valore is None else f"{numero(Decimal(valore) / 1_000_000, 1)}{SPAZIO}mln{SPAZIO}€"


def percento(valore: Decimal | int | None, decimali: int = 1) -> str:
    """A share already in hundredths: 33.5 is "33,5 %"."""
    return "–" if valore is None else f"{numero(valore, decimali)}{SPAZIO}%"


def data_breve(valore: date | datetime | None) -> str:
    """31/12/2024, in the time zone of the portal."""
    return "–" if valore is None else f"{_giorno(valore):%d/%m/%Y}"


def data_ora(valore: datetime | None) -> str:
    """31/12/2024 alle 10:42, in the time zone of the portal."""
    if valore is None:
        return "–"
    locale = timezone.localtime(valore)
    return f"{locale:%d/%m/%Y} alle {locale:%H:%M}"


def mese(valore: date | datetime | None) -> str:
    """dicembre 2024"""
    if valore is None:
        return "–"
    giorno = _giorno(valore)
    return f"{MESI[giorno.month - 1]} {giorno.year}"


def _giorno(valore: date | datetime) -> date:
    return timezone.localtime(valore).date() if isinstance(valore, datetime) else valore


def gruppi_cup(codice: str) -> list[str]:
    """A CUP cut for the eye: B42 J22 00001 0001."""
    return [codice[:3], codice[3:6], codice[6:11], codice[11:]] if len(codice) == 15 else [codice]


def lower_iniziale(testo: str) -> str:
    """The text with a small first letter, unless it is an abbreviation: "Densità" is "densità", "IVSM" stays."""
    return testo if testo.isupper() else testo[:1].lower() + testo[1:]
