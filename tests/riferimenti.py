"""The reference data in the database of a test: read from their files once a run, then copied as they are.

Reading, checking and writing 9,000 rows takes seconds, and most classes of tests begin with it.
"""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from tests.ambiente import CARTELLA

# By table: its columns, and the bytes of a COPY (PostgreSQL). On SQLite the rows are in a database beside that of the
# tests: from Python they would take eight times as long.
_COPIA: dict[str, tuple[list[str], bytes]] = {}
_ACCANTO, _FILE = "riferimenti", CARTELLA / "accanto.sqlite3"


def carica() -> None:
    """What `manage.py carica_riferimenti` does; where there is something already, that very command."""
    if _COPIA and not any(_righe(tabella) for tabella in _COPIA):
        _incolla()
        return
    vuote = {tabella for tabella in _tabelle() if not _righe(tabella)}
    call_command("carica_riferimenti", stdout=io.StringIO())
    if not _COPIA and {"enti_comune", "registro_fonte", "registro_caricamento"} <= vuote:
        _COPIA.update({tabella: _copia(tabella) for tabella in sorted(vuote) if _righe(tabella)})


def _modelli() -> list[type[Model]]:
    return list(apps.get_models(include_auto_created=True))


def _tabelle() -> list[str]:
    return [modello._meta.db_table for modello in _modelli()]


def _righe(tabella: str) -> bool:
    with connection.cursor() as cursore:
        cursore.execute(f'SELECT 1 FROM "{tabella}" LIMIT 1')  # noqa: S608 a table of ours
        return cursore.fetchone() is not None


def _copia(tabella: str) -> tuple[list[str], bytes]:
    with connection.cursor() as cursore:
        if connection.vendor == "sqlite":
            cursore.execute(f'SELECT * FROM "{tabella}"')  # noqa: S608
            colonne = [f'"{colonna[0]}"' for colonna in cursore.description]
            _metti_accanto(tabella, colonne, cursore.fetchall())
            return colonne, b""
        with cursore.copy(f'COPY "{tabella}" TO STDOUT') as copia:
            return [], b"".join(bytes(pezzo) for pezzo in copia)


def _metti_accanto(tabella: str, colonne: list[str], righe: list[tuple[object, ...]]) -> None:
    """On a connection of its own: what the tests write is undone when they end."""
    posti = ", ".join("?" * len(colonne))
    with closing(sqlite3.connect(_FILE)) as accanto, accanto:
        accanto.execute(f'CREATE TABLE "copia_{tabella}" ({", ".join(colonne)})')
        accanto.executemany(f'INSERT INTO "copia_{tabella}" VALUES ({posti})', righe)  # noqa: S608


def _affianca(cursore: CursorWrapper) -> None:
    """A connection that was closed forgets what stood beside it."""
    cursore.execute("PRAGMA database_list")
    if _ACCANTO not in {nome for _numero, nome, _file in cursore.fetchall()}:
        cursore.execute("ATTACH DATABASE %s AS " + _ACCANTO, [str(_FILE)])


@transaction.atomic
def _incolla() -> None:
    with connection.cursor() as cursore:
        if connection.vendor == "sqlite":
            _affianca(cursore)
        for tabella, (colonne, righe) in _COPIA.items():
            if connection.vendor == "sqlite":
                nomi = ", ".join(colonne)
                cursore.execute(
                    f'INSERT INTO main."{tabella}" ({nomi}) SELECT {nomi} FROM {_ACCANTO}."copia_{tabella}"'  # noqa: S608
                )
                continue
            with cursore.copy(f'COPY "{tabella}" FROM STDIN') as copia:
                copia.write(righe)
        for comando in connection.ops.sequence_reset_sql(no_style(), _modelli()):
            cursore.execute(comando)
