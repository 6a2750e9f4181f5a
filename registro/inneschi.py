"""What the triggers of every room have in common: how they are created and dropped on either database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper


def esegui(connection: BaseDatabaseWrapper, comandi: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for comando in comandi:
            cursor.execute(comando)


def togli(connection: BaseDatabaseWrapper, inneschi: Iterable[tuple[str, str]]) -> None:
    """Drop triggers, each by its name and its table, if they are there."""
    su_postgresql = connection.vendor == "postgresql"
    esegui(
        connection,
        (f"DROP TRIGGER IF EXISTS {nome}{f' ON {tabella}' if su_postgresql else ''}" for nome, tabella in inneschi),
    )
