"""The triggers by which the database itself refuses to change or delete what the registro only adds.

That is its events, and the links of the chain that seals them. The models refuse first; the triggers hold against raw
SQL, other programs and mistakes. On SQLite a migration that rebuilds one of these tables drops its triggers: it must
end with `installa`, and a test that tries raw SQL fails if it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from registro.inneschi import esegui, togli

EVENTI, ANELLI = "registro_evento", "registro_anello"
TABELLE = (EVENTI, ANELLI)
NON_SI_MODIFICA = "Gli eventi del registro non si modificano: se ne aggiunge uno nuovo."
NON_SI_CANCELLA = "Gli eventi del registro non si cancellano."
_CHIAVE = {EVENTI: "id", ANELLI: "numero"}


def nomi(vendor: str, tabella: str) -> tuple[str, ...]:
    """The triggers that a table must have on this engine."""
    if vendor == "sqlite":
        return tuple(f"{tabella}_non_si_{verbo}" for verbo in ("modifica", "cancella", "sostituisce"))
    return f"{tabella}_inviolabile", f"{tabella}_non_si_svuota"


def _sqlite(tabella: str) -> Iterator[str]:
    """RAISE stops the statement and undoes it.

    The third trigger is for INSERT OR REPLACE, which deletes the row it replaces without waking that on DELETE.
    """
    modifica, cancella, sostituisce = nomi("sqlite", tabella)
    chiave = _CHIAVE[tabella]
    yield f"""CREATE TRIGGER {modifica} BEFORE UPDATE ON {tabella}
    BEGIN SELECT RAISE(ABORT, '{NON_SI_MODIFICA}'); END"""
    yield f"""CREATE TRIGGER {cancella} BEFORE DELETE ON {tabella}
    BEGIN SELECT RAISE(ABORT, '{NON_SI_CANCELLA}'); END"""
    yield f"""CREATE TRIGGER {sostituisce} BEFORE INSERT ON {tabella}
    WHEN EXISTS (SELECT 1 FROM {tabella} WHERE {chiave} = NEW.{chiave})
    BEGIN SELECT RAISE(ABORT, '{NON_SI_MODIFICA}'); END"""  # noqa: S608 — names of our own tables


def _postgresql(tabella: str) -> Iterator[str]:
    inviolabile, non_si_svuota = nomi("postgresql", tabella)
    yield f"""CREATE OR REPLACE FUNCTION registro_evento_rifiuta() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION '{NON_SI_MODIFICA}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RAISE EXCEPTION '{NON_SI_CANCELLA}' USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
    yield f"""CREATE TRIGGER {inviolabile} BEFORE UPDATE OR DELETE ON {tabella}
    FOR EACH ROW EXECUTE FUNCTION registro_evento_rifiuta()"""
    yield f"""CREATE TRIGGER {non_si_svuota} BEFORE TRUNCATE ON {tabella}
    FOR EACH STATEMENT EXECUTE FUNCTION registro_evento_rifiuta()"""


def installa(connection: BaseDatabaseWrapper, tabelle: Iterable[str] = TABELLE) -> None:
    """Create the triggers; those of an earlier version are replaced."""
    rimuovi(connection, tabelle)
    comandi = _sqlite if connection.vendor == "sqlite" else _postgresql
    for tabella in tabelle:
        esegui(connection, comandi(tabella))


def rimuovi(connection: BaseDatabaseWrapper, tabelle: Iterable[str] = TABELLE) -> None:
    """Drop the triggers. Only for a migration that undoes them, and for tests that empty their own database."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise ImproperlyConfigured(
            f"Il registro non è protetto su «{connection.vendor}»: le basi di dati ammesse sono SQLite e PostgreSQL."
        )
    togli(connection, ((nome, tabella) for tabella in tabelle for nome in nomi(connection.vendor, tabella)))
