"""Copies what the API publishes from PostgreSQL (MISURE_ORIGINE) to the SQLite database of DATABASE_URL, empty."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection

from interoperabilita.models import Pendente

TABELLE = (
    "enti_ente",
    "enti_utente",
    "enti_appartenenza",
    "interoperabilita_chiaveapi",
    "interoperabilita_pubblicazione",
    "interoperabilita_vocecup",
)
PER_VOLTA = 5_000


def travasa() -> None:
    call_command("migrate", verbosity=0)
    with psycopg.connect(os.environ["MISURE_ORIGINE"].replace("postgres://", "postgresql://")) as origine:
        for tabella in TABELLE:
            _travasa(origine, tabella)
    # What the copy itself made pending is published already.
    Pendente.objects.all().delete()


def _travasa(origine: psycopg.Connection[Any], tabella: str) -> None:
    with connection.cursor() as arrivo, origine.cursor(f"da_{tabella}") as partenza:
        arrivo.execute("PRAGMA foreign_keys=OFF")
        partenza.itersize = PER_VOLTA
        partenza.execute(f"SELECT * FROM {tabella}")  # noqa: S608 one of the names above
        while righe := partenza.fetchmany(PER_VOLTA):
            nomi = [colonna.name for colonna in partenza.description or ()]
            segni = ", ".join(["%s"] * len(nomi))
            arrivo.executemany(
                f"INSERT INTO {tabella} ({', '.join(nomi)}) VALUES ({segni})",  # noqa: S608 names of our tables
                [list(_valori(riga)) for riga in righe],
            )


def _valori(riga: tuple[Any, ...]) -> Iterator[Any]:
    for valore in riga:
        if isinstance(valore, datetime):
            yield valore.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        elif isinstance(valore, date):
            yield valore.isoformat()
        elif isinstance(valore, (dict, list)):
            yield json.dumps(valore)
        else:
            yield valore


if __name__ == "__main__":
    travasa()
