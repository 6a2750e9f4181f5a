"""The demonstration many times over: each intervento again, with all that hangs from it, under new keys.

For PostgreSQL, by one INSERT a table. Which tables they are is read from the models: those that point to an intervento,
or to something that does, and the past versions of all of them.
"""

# ruff: noqa: S608 — the names of tables and columns come from the models.

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from interventi.models import Intervento
from monitoraggio.models import Allerta, CaricamentoDocumento

# Between the keys of a copy and those of the next: no table has as many rows.
SALTO = 1_000_000
# What is of a person or of a moment, of which there is no second.
ESCLUSI: tuple[type[models.Model], ...] = (Allerta, CaricamentoDocumento)
# What tells a copy from its original. The CUP changes its last three digits, in the text to search by too.
_CUP = "left(cup, 12) || lpad(((right(cup, 3)::int + 100 * n) % 1000)::text, 3, '0')"
PROPRIE = {
    "cup": f"CASE WHEN cup = '' THEN '' ELSE {_CUP} END",
    "clp": "clp || '-' || n",
    "titolo": "titolo || ', lotto ' || (n + 1)",
    "testo_ricerca": f"CASE WHEN cup = '' THEN testo_ricerca ELSE replace(testo_ricerca, cup, {_CUP}) END",
}


@dataclass(frozen=True)
class Tavola:
    """A table to be copied; `legami` says which of its columns hold keys that change, and of what table."""

    modello: type[models.Model]
    legami: dict[str, type[models.Model]]

    @property
    def chiave(self) -> str:
        return _colonna(self.modello._meta.pk)

    def espressione(self, colonna: str) -> str:
        if colonna == self.chiave:
            return f'"{colonna}" + n * {SALTO}'
        if colonna in self.legami:
            copiati = _copiati(self.legami[colonna])
            return f'"{colonna}" + CASE WHEN "{colonna}" IN (SELECT id FROM {copiati}) THEN n * {SALTO} ELSE 0 END'
        return PROPRIE.get(colonna, f'"{colonna}"') if self.modello is Intervento else f'"{colonna}"'

    def scelte(self) -> str:
        """The rows to be copied: all interventi; of the others, those that belong to a row that is copied."""
        if self.modello is Intervento:
            return "true"
        suoi = [
            f'"{colonna}" IN (SELECT id FROM {_copiati(altro)})'
            for colonna, altro in self.legami.items()
            if altro is not self.modello
        ]
        return " OR ".join(suoi)


def moltiplica(volte: int) -> None:
    """As many more copies of every intervento."""
    tavole = list(_tavole())
    with transaction.atomic(), connection.cursor() as cursore:
        # What is approved is not written again: the triggers that see to it, and the keys, are as in the original.
        cursore.execute("SET LOCAL session_replication_role = replica")
        for tavola in tavole:
            _copia(cursore, tavola, volte)
        for tavola in tavole:
            nome = tavola.modello._meta.db_table
            cursore.execute(
                f"SELECT setval(pg_get_serial_sequence('{nome}', '{tavola.chiave}'), max(\"{tavola.chiave}\")) "
                f'FROM "{nome}"'
            )


def _copia(cursore: CursorWrapper, tavola: Tavola, volte: int) -> None:
    nome, copiati = tavola.modello._meta.db_table, _copiati(tavola.modello)
    colonne = [_colonna(campo) for campo in tavola.modello._meta.concrete_fields if not campo.generated]
    cursore.execute(
        f'CREATE TEMP TABLE {copiati} ON COMMIT DROP AS SELECT "{tavola.chiave}" AS id FROM "{nome}" '
        f"WHERE {tavola.scelte()}"
    )
    cursore.execute(f"CREATE UNIQUE INDEX ON {copiati} (id)")
    cursore.execute(
        f'INSERT INTO "{nome}" ({", ".join(map(connection.ops.quote_name, colonne))}) '
        f"SELECT {', '.join(map(tavola.espressione, colonne))} "
        f'FROM "{nome}" CROSS JOIN generate_series(1, {volte}) n '
        f'WHERE "{tavola.chiave}" IN (SELECT id FROM {copiati})'
    )


def _colonna(campo: models.Field[Any, Any]) -> str:
    """Every field of a table has one."""
    return str(campo.column)


def _copiati(modello: type[models.Model]) -> str:
    return f"copiati_{modello._meta.db_table}"[:60]


def _tavole() -> Iterator[Tavola]:
    """In an order in which each comes after those that it points to."""
    fatte: dict[type[models.Model], Tavola] = {}
    in_attesa = [m for m in apps.get_models(include_auto_created=True) if m not in ESCLUSI]
    insieme = _che_pendono(in_attesa)
    while insieme:
        pronti = [m for m in insieme if not (set(_legami(m).values()) & set(insieme)) - {m}]
        for modello in pronti:
            legami = {c: altro for c, altro in _legami(modello).items() if altro in fatte or altro is modello}
            fatte[modello] = Tavola(modello, legami)
            yield fatte[modello]
        insieme = [m for m in insieme if m not in pronti]


def _che_pendono(tutti: list[type[models.Model]]) -> list[type[models.Model]]:
    """Intervento and all that points to it, however indirectly."""
    trovati: list[type[models.Model]] = [Intervento]
    cresce = True
    while cresce:
        nuovi = [m for m in tutti if m not in trovati and set(_legami(m).values()) & set(trovati)]
        trovati += nuovi
        cresce = bool(nuovi)
    return trovati


def _legami(modello: type[models.Model]) -> dict[str, type[models.Model]]:
    """The columns with the keys of other rows. A past version has that of its row, which may be gone."""
    legami: dict[str, type[models.Model]] = {
        campo.column: campo.remote_field.model
        for campo in modello._meta.concrete_fields
        if isinstance(campo, models.ForeignKey)
    }
    di_chi: Any = getattr(modello, "instance_type", None)
    return legami | {di_chi._meta.pk.column: di_chi} if di_chi is not None else legami
