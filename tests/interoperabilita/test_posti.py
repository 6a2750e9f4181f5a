"""How many large answers may be on their way at once, and that a place is always given back."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import TestCase, override_settings

from interoperabilita.formati import xlsx
from interoperabilita.formati.scarico import TroppoLento
from interoperabilita.posti import PAGINE, Posti, PostiOccupati
from interoperabilita.services import pubblicazione
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera


class PostiTest(TestCase):
    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.ministero = consumatore()
        opera("Una", comuni=["Rho"])
        opera("Due", comuni=["Rho"])
        pubblicazione.pubblica()

    def test_una_pagina_si_da_finche_c_e_posto_e_oltre_si_dice_quando_tornare(self) -> None:
        with ExitStack() as presi:
            for _ in range(settings.API_PAGINE_INSIEME - 1):
                presi.callback(presi.enter_context(PAGINE.uno()).lascia)
            assert self.ministero.get("/api/v1/cup").status_code == 200
            presi.callback(presi.enter_context(PAGINE.uno()).lascia)
            risposta = self.ministero.get("/api/v1/cup")
            assert risposta.status_code == 503
            assert risposta.headers["Content-Type"] == "application/problem+json"
            assert int(risposta.headers["Retry-After"]) >= 1
            # Those who pull whole lists have places of their own.
            assert self.ministero.get("/api/v1/cup.csv").status_code == 200
        assert self.ministero.get("/api/v1/cup").status_code == 200

    def test_una_lista_che_non_si_puo_scrivere_non_tiene_il_posto(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xlsx, "RIGHE_MASSIME", 2)
            for _ in range(settings.API_SCARICHI_INSIEME + 1):
                assert self.ministero.get("/api/v1/cup.xlsx").status_code == 422
        assert self.ministero.get("/api/v1/cup.csv").status_code == 200

    @override_settings(API_SCARICO_MINUTI=0)
    def test_chi_non_ha_letto_tutto_in_tempo_e_lasciato_e_il_posto_e_libero(self) -> None:
        for _ in range(settings.API_SCARICHI_INSIEME + 1):
            risposta = self.ministero.get("/api/v1/cup.csv")
            assert risposta.status_code == 200
            with pytest.raises(TroppoLento):
                list(risposta.streaming_content)

    def test_una_risposta_letta_a_meta_lascia_il_posto(self) -> None:
        for _ in range(settings.API_SCARICHI_INSIEME + 1):
            risposta = self.ministero.get("/api/v1/cup.ndjson")
            assert risposta.status_code == 200
            # What the test client closes it by, as the web server does when the client has gone.
            pezzi = risposta._iterator
            assert next(pezzi)
            pezzi.close()


def test_un_posto_lasciato_due_volte_torna_libero_una_volta_sola() -> None:
    posti = Posti(1, fra=1)
    with posti.uno() as posto:
        posto.lascia()
        posto.lascia()
    with posti.uno(), pytest.raises(PostiOccupati), posti.uno():
        pass


def test_un_posto_dimenticato_torna_libero() -> None:
    posti = Posti(1, fra=1)
    with posti.uno() as posto:
        pass
    with pytest.raises(PostiOccupati), posti.uno():
        pass
    del posto
    with posti.uno():
        pass
