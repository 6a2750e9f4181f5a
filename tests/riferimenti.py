"""The reference data in the database of a test: read from their files once a run, then copied as they are.

Reading, checking and writing 25,000 rows takes seconds, and most classes of tests begin with it.
"""

from __future__ import annotations

import io
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

# By table: its columns, and its rows (SQLite) or the bytes of a COPY (PostgreSQL).
_COPIA: dict[str, tuple[list[str], Any]] = {}


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


def _copia(tabella: str) -> tuple[list[str], Any]:
    with connection.cursor() as cursore:
        if connection.vendor == "sqlite":
            cursore.execute(f'SELECT * FROM "{tabella}"')  # noqa: S608
            return [colonna[0] for colonna in cursore.description], cursore.fetchall()
        with cursore.copy(f'COPY "{tabella}" TO STDOUT') as copia:
            return [], b"".join(bytes(pezzo) for pezzo in copia)


@transaction.atomic
def _incolla() -> None:
    with connection.cursor() as cursore:
        for tabella, (colonne, righe) in _COPIA.items():
            if connection.vendor == "sqlite":
                posti = ", ".join(["%s"] * len(colonne))
                nomi = ", ".join(f'"{colonna}"' for colonna in colonne)
                cursore.executemany(f'INSERT INTO "{tabella}" ({nomi}) VALUES ({posti})', righe)  # noqa: S608
                continue
            with cursore.copy(f'COPY "{tabella}" FROM STDIN') as copia:
                copia.write(righe)
        for comando in connection.ops.sequence_reset_sql(no_style(), _modelli()):
            cursore.execute(comando)
