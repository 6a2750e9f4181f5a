"""The triggers by which the database itself refuses to change or delete an event of the registro.

The model refuses first (`Evento`, `EventoQuerySet`); the triggers hold against raw SQL, other programs and mistakes.
On SQLite a migration that rebuilds the table of events drops its triggers: it must end with `installa`, and a test
that tries raw SQL fails if it does not.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

NON_SI_MODIFICA = "Gli eventi del registro non si modificano: se ne aggiunge uno nuovo."
NON_SI_CANCELLA = "Gli eventi del registro non si cancellano."

# RAISE stops the statement and undoes it. The third trigger is for INSERT OR REPLACE, which deletes the row it
# replaces without waking the trigger on DELETE.
_INSTALLA_SQLITE = (
    f"""CREATE TRIGGER registro_evento_non_si_modifica BEFORE UPDATE ON registro_evento
    BEGIN SELECT RAISE(ABORT, '{NON_SI_MODIFICA}'); END""",
    f"""CREATE TRIGGER registro_evento_non_si_cancella BEFORE DELETE ON registro_evento
    BEGIN SELECT RAISE(ABORT, '{NON_SI_CANCELLA}'); END""",
    f"""CREATE TRIGGER registro_evento_non_si_sostituisce BEFORE INSERT ON registro_evento
    WHEN EXISTS (SELECT 1 FROM registro_evento WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{NON_SI_MODIFICA}'); END""",  # noqa: S608 — the one value is the constant above
)
_RIMUOVI_SQLITE = (
    "DROP TRIGGER IF EXISTS registro_evento_non_si_modifica",
    "DROP TRIGGER IF EXISTS registro_evento_non_si_cancella",
    "DROP TRIGGER IF EXISTS registro_evento_non_si_sostituisce",
)

_INSTALLA_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION registro_evento_rifiuta() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION '{NON_SI_MODIFICA}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RAISE EXCEPTION '{NON_SI_CANCELLA}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER registro_evento_inviolabile BEFORE UPDATE OR DELETE ON registro_evento
    FOR EACH ROW EXECUTE FUNCTION registro_evento_rifiuta()""",
    """CREATE TRIGGER registro_evento_non_si_svuota BEFORE TRUNCATE ON registro_evento
    FOR EACH STATEMENT EXECUTE FUNCTION registro_evento_rifiuta()""",
)
_RIMUOVI_POSTGRESQL = (
    "DROP TRIGGER IF EXISTS registro_evento_inviolabile ON registro_evento",
    "DROP TRIGGER IF EXISTS registro_evento_non_si_svuota ON registro_evento",
    "DROP FUNCTION IF EXISTS registro_evento_rifiuta()",
)

_INSTALLA: dict[str, tuple[str, ...]] = {"sqlite": _INSTALLA_SQLITE, "postgresql": _INSTALLA_POSTGRESQL}
_RIMUOVI: dict[str, tuple[str, ...]] = {"sqlite": _RIMUOVI_SQLITE, "postgresql": _RIMUOVI_POSTGRESQL}


def _esegui(connection: BaseDatabaseWrapper, comandi: dict[str, tuple[str, ...]]) -> None:
    if connection.vendor not in comandi:
        raise ImproperlyConfigured(
            f"Il registro non è protetto su «{connection.vendor}»: le basi di dati ammesse sono SQLite e PostgreSQL."
        )
    with connection.cursor() as cursor:
        for comando in comandi[connection.vendor]:
            cursor.execute(comando)


def installa(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; those of an earlier version are replaced."""
    rimuovi(connection)
    _esegui(connection, _INSTALLA)


def rimuovi(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for a migration that undoes them, and for tests that empty their own database."""
    _esegui(connection, _RIMUOVI)
