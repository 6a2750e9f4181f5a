"""Every row of the register against the last version kept of it: what was written without leaving a trace is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from esercizio.integrita.tipi import Trovato
from registro.storia import TOLTA, storico_di


def modelli() -> list[type[Model]]:
    """Those with a history."""
    return [modello for modello in apps.get_models() if hasattr(modello, "storico")]


def trova() -> Iterator[Trovato]:
    for modello in modelli():
        with connection.cursor() as cursore:
            cursore.execute(_sql(modello), [TOLTA, TOLTA])
            righe = cursore.fetchall()
        for pk, tipo, presente in righe:
            yield f"{modello._meta.verbose_name} n. {pk}", _problema(tipo, bool(presente))


def _sql(modello: type[Model]) -> str:
    """Rows that differ from their last version or have none, and last versions of rows that are not there."""
    cita = connection.ops.quote_name
    storico: Any = storico_di(modello)
    tabella, versioni = cita(modello._meta.db_table), cita(storico._meta.db_table)
    diverso = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    colonne = [cita(campo.column) for campo in storico.tracked_fields if not campo.primary_key]
    cambiata = " OR ".join(f"r.{colonna} {diverso} u.{colonna}" for colonna in colonne)
    ultime = (
        f"SELECT * FROM (SELECT v.*, ROW_NUMBER() OVER (PARTITION BY v.id ORDER BY v.history_date DESC, "  # noqa: S608 ours
        f"v.history_id DESC) AS posto FROM {versioni} v) n WHERE n.posto = 1"
    )
    return (
        f"WITH u AS ({ultime}) "  # noqa: S608 names of our own tables and columns
        f"SELECT r.id, u.history_type, 1 FROM {tabella} r LEFT JOIN u ON u.id = r.id "
        f"WHERE u.id IS NULL OR u.history_type = %s OR {cambiata} "
        f"UNION ALL SELECT u.id, u.history_type, 0 FROM u LEFT JOIN {tabella} r ON r.id = u.id "
        f"WHERE r.id IS NULL AND u.history_type <> %s"
    )


def _problema(tipo: str | None, presente: bool) -> str:
    if not presente:
        return "non c'è più, ma la sua storia non dice che è stata tolta"
    if tipo is None:
        return "non ha storia: è stata scritta senza passare dal portale"
    if tipo == TOLTA:
        return "c'è, ma la sua storia dice che è stata tolta"
    return "è diversa dalla sua ultima versione: è stata cambiata senza passare dal portale"
