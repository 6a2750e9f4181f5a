"""The triggers by which the database itself keeps a ready report from ever changing, or being deleted.

What its readers hold in their hands must be what the archive says: its code, its question, its fingerprint. Only two
things may follow: the job that made it is forgotten, and it is asked to be mailed. The services refuse first; the
triggers hold against raw SQL, other programs and mistakes. On SQLite a migration that rebuilds the table drops its
triggers: it must end with `installa`, and a test that tries raw SQL fails if it does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from registro.inneschi import esegui, togli

MESSAGGIO = "Un rapporto pronto non si modifica e non si elimina: se ne chiede un altro."
TABELLA = "rapporti_rapporto"
# Every column but `da_spedire` and `lavoro_id`; a test compares them with the model.
FERME = (
    "id",
    "codice",
    "tipo",
    "perimetro",
    "chiave",
    "nome_perimetro",
    "al",
    "noto_al",
    "confronto_al",
    "confronto_noto_al",
    "richiesto_da_id",
    "richiesto_il",
    "pronto_il",
    "versione_portale",
    "deposito",
    "dati",
    "foglio",
    "impronta",
    "impronta_dati",
    "byte",
    "pagine",
    "interventi",
    "sintesi",
)
NOMI = (f"{TABELLA}_pronto_update", f"{TABELLA}_pronto_delete")


def _cambia(diverso: str) -> str:
    """True where an update would change a ready report; `diverso` compares two values, NULL being one."""
    colonne = " OR ".join(f"OLD.{colonna} {diverso} NEW.{colonna}" for colonna in FERME)
    lavoro = f"(NEW.lavoro_id IS NOT NULL AND OLD.lavoro_id {diverso} NEW.lavoro_id)"
    return f"OLD.pronto_il IS NOT NULL AND ({colonne} OR {lavoro})"


def _sqlite() -> Iterator[str]:
    for nome, operazione, quando in zip(
        NOMI, ("UPDATE", "DELETE"), (_cambia("IS NOT"), "OLD.pronto_il IS NOT NULL"), strict=True
    ):
        yield (
            f"CREATE TRIGGER {nome} BEFORE {operazione} ON {TABELLA} WHEN {quando} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGGIO}'); END"
        )


def _postgresql() -> Iterator[str]:
    yield f"""CREATE OR REPLACE FUNCTION rapporti_rifiuta() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{MESSAGGIO}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for nome, operazione, quando in zip(
        NOMI, ("UPDATE", "DELETE"), (_cambia("IS DISTINCT FROM"), "OLD.pronto_il IS NOT NULL"), strict=True
    ):
        yield (
            f"CREATE TRIGGER {nome} BEFORE {operazione} ON {TABELLA} FOR EACH ROW "
            f"WHEN ({quando}) EXECUTE FUNCTION rapporti_rifiuta()"
        )


def installa(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; those of an earlier version are replaced."""
    rimuovi(connection)
    esegui(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def rimuovi(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for a migration that undoes them, and for tests that empty their own database."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise ImproperlyConfigured(f"I rapporti pronti non sono protetti su «{connection.vendor}».")
    togli(connection, ((nome, TABELLA) for nome in NOMI))
