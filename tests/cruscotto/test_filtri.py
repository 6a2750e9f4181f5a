"""The five filters, as an address writes them."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as ConHypothesis

from cruscotto import filtri
from cruscotto.tipi import Dimensione, Filtri
from tests import riferimenti

TUTTI = Filtri(piano="COME IN", driver=9, strategia=2, zona=3, comune="015182")


class FiltriTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()

    def test_i_cinque_filtri_valgono_insieme(self) -> None:
        parametri = {"piano": "COME IN", "driver": "9", "strategia": "2", "zona": "3", "comune": "015182"}
        assert filtri.leggi(parametri) == (TUTTI, ())

    def test_quello_che_un_indirizzo_dice_si_rilegge_uguale(self) -> None:
        assert filtri.leggi(dict(parse_qsl(TUTTI.coda))) == (TUTTI, ())

    def test_senza_filtri_non_si_interroga_la_base(self) -> None:
        with CaptureQueriesContext(connection) as catturate:
            assert filtri.leggi({"al": "2024-12-31", "piano": " "}) == (Filtri(), ())
        assert len(catturate) == 0

    def test_le_scelte_si_leggono_con_una_interrogazione(self) -> None:
        with CaptureQueriesContext(connection) as catturate:
            scelte = filtri.opzioni()
        assert len(catturate) == 1
        assert [len(scelte[dimensione]) for dimensione in Dimensione][1:] == [10, 3, 8, 133]
        nomi = [una.nome for una in scelte[Dimensione.COMUNE]]
        assert nomi == sorted(nomi, key=str.lower)
        assert [una.chiave for una in scelte[Dimensione.DRIVER]] == [str(numero) for numero in range(1, 11)]

    def test_si_puo_scrivere_un_nome_al_posto_del_codice(self) -> None:
        for scritto in ("spugna", "SPUGNA", " Spugna "):
            assert filtri.leggi({"piano": scritto})[0] == Filtri(piano="SPUGNA"), scritto
        assert filtri.leggi({"comune": "rho"})[0] == Filtri(comune="015182")
        assert filtri.leggi({"driver": "Driver 9", "strategia": "sttm 2"})[0] == Filtri(driver=9, strategia=2)
        assert filtri.leggi({"driver": "09"})[0] == Filtri(driver=9)

    def test_un_valore_che_non_c_e_si_dice_e_non_si_usa(self) -> None:
        sbagliati = {"piano": "SPUNGA", "driver": "11", "strategia": "0", "zona": "nord", "comune": "015999"}
        letti, errori = filtri.leggi(sbagliati | {"zona": "9"})
        assert letti == Filtri()
        assert [errore.nome for errore in errori] == list(Dimensione.values)
        testi = {errore.nome: errore.testo for errore in errori}
        assert "«SPUNGA»" in testi["piano"]
        assert "COME IN" in testi["piano"]
        assert "1, 2, 3, 4, 5, 6, 7, 8, 9, 10" in testi["driver"]
        assert "1, 2, 3" in testi["strategia"]
        assert "015182 per Rho" in testi["comune"]

    def test_un_errore_non_toglie_gli_altri_filtri(self) -> None:
        letti, errori = filtri.leggi({"piano": "SPUGNA", "driver": "undici"})
        assert letti == Filtri(piano="SPUGNA")
        assert [errore.nome for errore in errori] == ["driver"]


class QualunqueTestoTestCase(ConHypothesis):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(list(Dimensione)), st.text(max_size=60))
    def test_qualunque_testo_e_un_filtro_o_un_errore(self, dimensione: Dimensione, testo: str) -> None:
        letti, errori = filtri.leggi({dimensione.value: testo})
        assert bool(letti.parametri) + len(errori) == bool(testo.strip())
        if letti.parametri:
            assert filtri.leggi(letti.parametri) == (letti, ())
