"""What goes wrong inside is a problem with a number to quote, and says nothing of how the portal is made."""

from __future__ import annotations

import logging

import pytest
from django.test import TestCase

from interoperabilita.models import AccessoApi, VoceCup
from interoperabilita.services import pubblicazione
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera

ROTTO = '{"id": SEGRETISSIMO'


class GuastoTest(TestCase):
    """A published row is damaged, as a disk might do: nothing foresees it."""

    ministero: Consumatore
    caplog: pytest.LogCaptureFixture

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        opera("Una")
        cls.ministero = consumatore()
        pubblicazione.pubblica()
        VoceCup.objects.update(corpo=ROTTO)

    @pytest.fixture(autouse=True)
    def diario(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog = caplog

    def test_e_500_con_il_numero_da_segnalare_in_ogni_formato(self) -> None:
        for indirizzo in ("cup?fields=id", "cup.csv?fields=id", "cup.xlsx", "cup.ndjson?fields=id"):
            with self.subTest(indirizzo=indirizzo):
                risposta = self.ministero.get(f"/api/v1/{indirizzo}")
                assert risposta.status_code == 500
                assert risposta.headers["Content-Type"] == "application/problem+json"
                numero = risposta.headers["X-Request-ID"]
                corpo = risposta.json()
                assert corpo["status"] == 500
                assert numero in corpo["detail"]
                for parola in ("SEGRETISSIMO", "Traceback", "JSONDecode", "orjson", "VoceCup", "righe.py"):
                    assert parola not in risposta.content.decode()
                assert AccessoApi.objects.filter(azione=numero, esito=500).count() == 1

    def test_il_guasto_e_nel_diario_con_la_sua_causa(self) -> None:
        with self.caplog.at_level(logging.ERROR, logger="interoperabilita.api.errori"):
            self.ministero.get("/api/v1/cup?fields=id")
        (riga,) = [record for record in self.caplog.records if record.name == "interoperabilita.api.errori"]
        assert riga.exc_info is not None

    def test_le_altre_richieste_vanno(self) -> None:
        assert self.ministero.get("/api/v1/comuni").status_code == 200
        assert self.ministero.get("/api/v1/cup?fields=id").status_code == 500
        assert self.ministero.get("/api/v1/status").status_code == 200
