"""A rehearsal that leaves no trace, and stands in nobody's way.

On PostgreSQL it runs in a transaction that is undone: only the rows that it would change are locked meanwhile. On
SQLite such a transaction would keep out every other writer, signs of life of the jobs included, for its whole length:
there the tables of the register are copied into temporary ones, which the same statements find first. A SQLite
register is small, the copy takes a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model

from interventi.importazione.memoria import MODELLI
from interventi.models import Classificazione, Differenza, Submisura

Esito = TypeVar("Esito")
_COPIATI: tuple[type[Model], ...] = (*MODELLI, Submisura, Classificazione, Differenza)
TABELLE = tuple(modello._meta.db_table for modello in _COPIATI)


class _Disfa(Exception):
    """Undoes the transaction of a rehearsal."""


def senza_toccare(fai: Callable[[], Esito]) -> Esito:
    """Run something that writes in the register, and leave the register as it was."""
    if connection.vendor == "sqlite":
        return _su_copie(fai)
    esito: list[Esito] = []
    try:
        with transaction.atomic():
            esito.append(fai())
            raise _Disfa
    except _Disfa:
        return esito[0]


def _su_copie(fai: Callable[[], Esito]) -> Esito:
    try:
        _copia_tabelle()
        return fai()
    finally:
        # Whatever happened: a copy left behind would hide the register from this connection.
        with connection.cursor() as cursore:
            for tabella in TABELLE:
                cursore.execute(f'DROP TABLE IF EXISTS temp."{tabella}"')


def _copia_tabelle() -> None:
    with connection.cursor() as cursore:
        for tabella in TABELLE:
            cursore.execute(f'CREATE TEMPORARY TABLE "{tabella}" AS SELECT * FROM main."{tabella}"')  # noqa: S608 ours
            cursore.execute(f'CREATE UNIQUE INDEX temp."{tabella}_id" ON "{tabella}" ("id")')
            _copia_indici(tabella)


def _copia_indici(tabella: str) -> None:
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
            [tabella],
        )
        for nome, sql in cursore.fetchall():
            cursore.execute(sql.replace(f'"{nome}"', f'temp."{nome}"', 1).replace("%", "%%"))
