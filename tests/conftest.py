"""Fixtures that every test can ask for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from monitoraggio import inviolabile as approvati
from psttm.aiuto import guida
from rapporti import inviolabile as rapporti
from registro import inviolabile
from tests import modello
from tests.ambiente import PROCESSO


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> Iterator[bool]:
    """In a parallel run the database of each process is a copy of one, that pytest-django must take as it is."""
    dati = connection.settings_dict
    nome = dati["TEST"]["NAME"] or f"test_{dati['NAME']}"
    if not PROCESSO:
        yield False
    elif connection.vendor == "sqlite":
        modello.su_sqlite(modello.TABELLE, Path(nome))
        yield True
    else:
        modello.su_postgres(modello.TABELLE, nome)
        yield True
        connection.close()
        modello.butta(nome)


@pytest.fixture(scope="session", autouse=True)
def guida_costruita() -> None:
    """The pages of the guide, which `allestisci` makes before a portal starts."""
    guida.costruisci()


def pytest_sessionfinish() -> None:
    if not PROCESSO:
        modello.butta_i_modelli()


@pytest.fixture(scope="session", autouse=True)
def svuotamento_consentito() -> Iterator[None]:
    """Tests that commit empty the database when they end, and the database refuses to lose an event or a report.

    For this run only, whatever empties it takes the triggers away and puts them back, in one transaction.
    """
    svuota = BaseDatabaseOperations.execute_sql_flush

    def svuota_senza_guardie(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias):
            inviolabile.rimuovi(self.connection)
            approvati.rimuovi(self.connection)
            rapporti.rimuovi(self.connection)
            svuota(self, sql_list)
            inviolabile.installa(self.connection)
            approvati.installa(self.connection)
            rapporti.installa(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", svuota_senza_guardie)
        yield


def pytest_collection_finish() -> None:
    """What was imported and collected is there to the end: the garbage collector need not go over it at every turn."""
    gc.collect()
    gc.freeze()
