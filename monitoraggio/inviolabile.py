"""The triggers by which the database itself keeps an approved avanzamento, and its rows, from ever changing.

The services refuse first; the triggers hold against raw SQL, other programs and mistakes. On SQLite a migration that
rebuilds one of these tables drops its triggers: it must end with `installa`, and a test that tries raw SQL fails if it
does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from registro.inneschi import esegui, togli

MESSAGGIO = "Un avanzamento approvato non si modifica: si apre una correzione."
TESTA = "monitoraggio_avanzamento"
RIGHE = (
    "monitoraggio_faseavanzamento",
    "monitoraggio_sal",
    "monitoraggio_valoreindicatore",
    "monitoraggio_impegno",
    "monitoraggio_pagamento",
    "monitoraggio_vocequadro",
    "monitoraggio_costoanno",
    "monitoraggio_criticita",
    "monitoraggio_traguardoavanzamento",
    "monitoraggio_spiegazione",
)
_OPERAZIONI = ("INSERT", "UPDATE", "DELETE")


def _approvato(riga: str) -> str:
    return f"EXISTS (SELECT 1 FROM {TESTA} WHERE id = {riga}.avanzamento_id AND stato = 'approvato')"  # noqa: S608 our names


def _condizione(operazione: str) -> str:
    """True where the row belongs, or would belong, to an approved avanzamento."""
    if operazione == "UPDATE":
        return f"{_approvato('OLD')} OR {_approvato('NEW')}"
    return _approvato("NEW" if operazione == "INSERT" else "OLD")


def _nome(tabella: str, operazione: str) -> str:
    return f"{tabella}_approvato_{operazione.lower()}"


def nomi(vendor: str) -> list[str]:
    """The triggers that must be there on this engine."""
    testa = [_nome(TESTA, operazione) for operazione in ("UPDATE", "DELETE")]
    sulle_righe = _OPERAZIONI if vendor == "sqlite" else ("INSERT",)
    return testa + [_nome(tabella, operazione) for tabella in RIGHE for operazione in sulle_righe]


def _sqlite() -> Iterator[str]:
    for operazione in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {_nome(TESTA, operazione)} BEFORE {operazione} ON {TESTA} WHEN OLD.stato = 'approvato' "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGGIO}'); END"
        )
    for tabella in RIGHE:
        for operazione in _OPERAZIONI:
            yield (
                f"CREATE TRIGGER {_nome(tabella, operazione)} BEFORE {operazione} ON {tabella} "
                f"WHEN {_condizione(operazione)} BEGIN SELECT RAISE(ABORT, '{MESSAGGIO}'); END"
            )


def _postgresql() -> Iterator[str]:
    yield f"""CREATE OR REPLACE FUNCTION monitoraggio_rifiuta() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{MESSAGGIO}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for operazione in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {_nome(TESTA, operazione)} BEFORE {operazione} ON {TESTA} FOR EACH ROW "
            "WHEN (OLD.stato = 'approvato') EXECUTE FUNCTION monitoraggio_rifiuta()"
        )
    # A subquery is not allowed in WHEN: the rows ask in a function of their own.
    yield f"""CREATE OR REPLACE FUNCTION monitoraggio_rifiuta_riga() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE approvata boolean := false;
        BEGIN
            IF TG_OP <> 'INSERT' THEN approvata := {_approvato("OLD")}; END IF;
            IF TG_OP <> 'DELETE' AND NOT approvata THEN approvata := {_approvato("NEW")}; END IF;
            IF approvata THEN
                RAISE EXCEPTION '{MESSAGGIO}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$"""
    for tabella in RIGHE:
        yield (
            f"CREATE TRIGGER {_nome(tabella, 'insert')} BEFORE INSERT OR UPDATE OR DELETE ON {tabella} "
            "FOR EACH ROW EXECUTE FUNCTION monitoraggio_rifiuta_riga()"
        )


def installa(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; those of an earlier version are replaced."""
    rimuovi(connection)
    esegui(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def rimuovi(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for a migration that undoes them, and for tests that empty their own database."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise ImproperlyConfigured(f"Gli avanzamenti approvati non sono protetti su «{connection.vendor}».")
    togli(
        connection, ((_nome(tabella, operazione), tabella) for tabella in (TESTA, *RIGHE) for operazione in _OPERAZIONI)
    )
