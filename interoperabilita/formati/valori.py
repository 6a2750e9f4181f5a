"""Values as the API writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from registro.tabella_csv import innocuo


def istante(valore: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the microsecond: what is given back as `modificati_dal` must be exact."""
    return None if valore is None else valore.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def giorno(valore: date | None) -> str | None:
    return None if valore is None else valore.isoformat()


def importo(valore: Decimal | None) -> str | None:
    """EUR with two decimals, as text: a JSON number would be read as floating point."""
    return None if valore is None else f"{valore:.2f}"


def percento(valore: Decimal | None) -> float | None:
    return None if valore is None else float(valore)


def numero(valore: Decimal | None) -> float | None:
    """A measure that is not money."""
    return None if valore is None else float(valore)


def riga(testo: str) -> str:
    """A text on one line: no format has to deal with line breaks inside a cell."""
    return " ".join(testo.split())


def cella(testo: str) -> str:
    """A text as a cell of a table, which no spreadsheet takes for a formula."""
    return innocuo(riga(testo))


def json(valore: Any) -> str:
    return orjson.dumps(valore).decode()
