"""Fixtures that every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from monitoraggio import inviolabile as approvati
from registro import inviolabile


@pytest.fixture(scope="session", autouse=True)
def svuotamento_consentito() -> Iterator[None]:
    """Tests that commit empty the database when they end, and the database refuses to lose an event.

    For this run only, whatever empties it takes the triggers away and puts them back, in one transaction.
    """
    svuota = BaseDatabaseOperations.execute_sql_flush

    def svuota_senza_guardie(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias):
            inviolabile.rimuovi(self.connection)
            approvati.rimuovi(self.connection)
            svuota(self, sql_list)
            inviolabile.installa(self.connection)
            approvati.installa(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", svuota_senza_guardie)
        yield
