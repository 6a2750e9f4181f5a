"""A list as a CSV file for a spreadsheet: UTF-8 with its mark, `;`, CRLF; a long one is written a piece at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

PER_PEZZO = 500
# OWASP, "CSV injection": what makes a spreadsheet take a text for a formula.
FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")


def a_pezzi(intestazione: Sequence[str], righe: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, in pieces of so many rows that it takes little memory however long it is."""
    pezzo = io.StringIO()
    scrittore = csv.writer(pezzo, delimiter=";", lineterminator="\r\n")
    pezzo.write("\N{BYTE ORDER MARK}")
    scrittore.writerow(intestazione)
    for numero, riga in enumerate(righe, 1):
        scrittore.writerow(riga)
        if numero % PER_PEZZO == 0:
            yield pezzo.getvalue()
            pezzo.seek(0)
            pezzo.truncate()
    yield pezzo.getvalue()


def intera(intestazione: Sequence[str], righe: Iterable[Sequence[Any]]) -> str:
    """The whole file, of a list that is short."""
    return "".join(a_pezzi(intestazione, righe))


def scaricata(pezzi: Iterable[str], nome: str) -> StreamingHttpResponse:
    """The answer with which a browser saves the file under this name."""
    risposta = StreamingHttpResponse(pezzi, content_type="text/csv; charset=utf-8")
    risposta["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=nome)
    return risposta


def innocuo(testo: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{testo}" if testo.startswith(FORMULE) else testo
