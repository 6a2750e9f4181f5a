"""What the database itself must hold: rows that exist for each reference, constraints in force, triggers in place."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Field, ForeignKey

from esercizio.integrita.tipi import Trovato
from interoperabilita import inneschi
from monitoraggio import inviolabile as approvati
from rapporti import inviolabile as rapporti
from registro import inviolabile as registro

_TROPPI = 20


def riferimenti() -> Iterator[Trovato]:
    """Rows that refer to a row which is not there, and pages that the database cannot read."""
    if connection.vendor == "sqlite":
        yield from _sqlite()
        return
    for modello in apps.get_models(include_auto_created=True):
        for campo in modello._meta.local_concrete_fields:
            if isinstance(campo, ForeignKey):
                yield from _orfane(modello._meta.db_table, campo)


def _sqlite() -> Iterator[Trovato]:
    with connection.cursor() as cursore:
        cursore.execute("PRAGMA integrity_check(20)")
        for (problema,) in cursore.fetchall():
            if problema != "ok":
                yield "file della base dati", problema
        cursore.execute("PRAGMA foreign_key_check")
        for tabella, riga, altra, _ in cursore.fetchmany(_TROPPI):
            yield f"{tabella} n. {riga}", f"rimanda a una riga di {altra} che non c'è"


def _orfane(tabella: str, campo: Field) -> Iterator[Trovato]:
    cita = connection.ops.quote_name
    altra, chiave = campo.target_field.model._meta.db_table, campo.target_field.column  # type: ignore[attr-defined]
    colonna = cita(str(campo.column))
    with connection.cursor() as cursore:
        cursore.execute(
            f"SELECT t.{colonna} FROM {cita(tabella)} t WHERE t.{colonna} IS NOT NULL "  # noqa: S608 our own names
            f"AND NOT EXISTS (SELECT 1 FROM {cita(altra)} a WHERE a.{cita(chiave)} = t.{colonna}) LIMIT %s",
            [_TROPPI],
        )
        for (valore,) in cursore.fetchall():
            yield f"{tabella}, {campo.column} {valore}", f"rimanda a una riga di {altra} che non c'è"


def vincoli() -> Iterator[Trovato]:
    """Constraints not in force and indexes left half made; on SQLite there are none."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint "
            "WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
        )
        for nome, tabella in cursore.fetchall():
            yield f"vincolo {nome} di {tabella}", "non è mai stato controllato sulle righe che c'erano"
        cursore.execute(
            "SELECT indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace"
        )
        for (nome,) in cursore.fetchall():
            yield f"indice {nome}", "è rimasto a metà"


def presenti() -> Iterator[Trovato]:
    """The triggers by which the database guards the registro, approved months and reports, and notes what changes."""
    ci_sono = _inneschi()
    for nome in _attesi():
        if nome not in ci_sono:
            yield f"innesco {nome}", "manca o è spento"


def _attesi() -> Iterator[str]:
    for tabella in registro.TABELLE:
        yield from registro.nomi(connection.vendor, tabella)
    yield from approvati.nomi(connection.vendor)
    yield from rapporti.NOMI
    for tabella in inneschi.TABELLE:
        yield from (inneschi.nome(tabella, operazione) for operazione in ("INSERT", "UPDATE", "DELETE"))


def _inneschi() -> set[str]:
    """Those of this database that are switched on."""
    with connection.cursor() as cursore:
        if connection.vendor == "sqlite":
            cursore.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursore.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        return {nome for (nome,) in cursore.fetchall()}
