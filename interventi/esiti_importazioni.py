"""The outcomes of an import as CSV files, a piece at a time: UTF-8 with BOM, `;`, as spreadsheets here open them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import slugify

from interventi.importazione import rapporto
from interventi.models import Importazione, TabellaImportata
from registro.tabella_csv import a_pezzi


def da_correggere(tabella: TabellaImportata) -> Iterator[str]:
    """The refused and doubtful rows of a table, to be mended and imported again."""
    return in_csv(rapporto.righe_da_correggere(tabella))


def rilievi(importazione: Importazione) -> Iterator[str]:
    """Every remark on every row, one a line."""
    return in_csv(rapporto.rilievi(importazione))


def nome_da_correggere(tabella: TabellaImportata) -> str:
    """Its number makes two sheets of one file two files."""
    nome = slugify(tabella.nome.removesuffix(".csv").replace(".", "-"))
    return f"da-correggere-{tabella.pk}-{nome[:80]}.csv"


def nome_rilievi(importazione: Importazione) -> str:
    return f"importazione-{importazione.pk}-rilievi.csv"


def in_csv(righe: Iterator[list[str]]) -> Iterator[str]:
    """Rows, the first of which is the head, as the pieces of a file."""
    return a_pezzi(next(righe), righe)
