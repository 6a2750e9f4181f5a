"""The months that a timeline shows: what an address may say, and where the links lead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cruscotto.periodo import PRIMO, ULTIMO, Comando, Periodo, comandi, leggi, primo_giorno, scritto, ultimo_giorno

TUTTO = (date(2023, 1, 1), date(2026, 6, 30))
OGGI = date(2024, 11, 15)


def mese(anno: int, numero: int) -> int:
    return anno * 12 + numero - 1


def per_nome(periodo: Periodo, tutto: tuple[date, date] = TUTTO) -> dict[str, Comando]:
    return {comando.nome: comando for comando in comandi(periodo, tutto, OGGI)}


@pytest.mark.parametrize(
    "testo", ["2024-01", "2024/1", "01/2024", "1-2024", " gennaio  2024 ", "Gennaio 2024", "01.2024"]
)
def test_un_mese_si_scrive_in_molti_modi(testo: str) -> None:
    assert leggi({"da": testo}) == Periodo(da=mese(2024, 1), scritti=(testo.strip(), ""))


@pytest.mark.parametrize(
    "testo", ["2024-13", "2024-00", "pippo", "2024", "2024-01-01", "13/2024", "smarch 2024", "²024-01"]
)
def test_cio_che_non_e_un_mese_e_detto_con_un_esempio(testo: str) -> None:
    letto = leggi({"da": testo, "a": "2024-03"})
    assert letto.errore_da == f"«{testo}» non è un mese: scrivilo per esempio così, 2024-01."
    assert (letto.da, letto.a, letto.campo_da) == (None, mese(2024, 3), testo)


@pytest.mark.parametrize(
    ("testo", "va"), [("1999-12", False), ("2000-01", True), ("2099-12", True), ("2100-01", False)]
)
def test_i_mesi_vanno_dal_2000_al_2099(testo: str, va: bool) -> None:
    letto = leggi({"a": testo})
    assert (not letto.errori) is va
    assert va or letto.errore_a == f"Il {testo[:4]} è fuori dal diagramma: scegli un mese fra il 2000 e il 2099."


def test_un_periodo_che_finisce_prima_di_cominciare_non_si_usa() -> None:
    letto = leggi({"da": "2024-02", "a": "2024-01"})
    assert letto.tutto
    assert letto.errore_a.startswith("Il periodo comincia a febbraio 2024 e finisce prima, a gennaio 2024")
    assert leggi({"da": "2024-02", "a": "2024-02"}).errori == ()


def test_un_periodo_comprende_il_primo_e_l_ultimo_giorno_dei_suoi_mesi() -> None:
    letto = leggi({"da": "2023-11", "a": "2024-02"})
    assert (letto.inizio, letto.fine) == (date(2023, 11, 1), date(2024, 2, 29))
    assert (leggi({}).inizio, leggi({}).fine) == (None, None)


def test_senza_nulla_si_vede_tutto_e_non_si_va_piu_lontano() -> None:
    trovati = per_nome(Periodo())
    assert trovati["Tutto"].scelto
    assert {nome for nome, comando in trovati.items() if not comando.attivo} == {"−", "◀", "▶"}


def test_l_anno_e_il_trimestre_sono_quelli_del_giorno() -> None:
    trovati = per_nome(Periodo())
    assert (trovati["Anno"].da, trovati["Anno"].a) == ("2024-01", "2024-12")
    assert (trovati["Trimestre"].da, trovati["Trimestre"].a) == ("2024-10", "2024-12")
    assert per_nome(leggi({"da": "2024-01", "a": "2024-12"}))["Anno"].scelto


def test_piu_da_vicino_e_la_meta_intorno_allo_stesso_mese() -> None:
    da_vicino = per_nome(leggi({"da": "2024-01", "a": "2024-12"}))["+"]
    assert (da_vicino.da, da_vicino.a) == ("2024-04", "2024-09")
    assert not per_nome(leggi({"da": "2024-01", "a": "2024-01"}))["+"].attivo


def test_piu_da_lontano_e_il_doppio_finche_e_tutto() -> None:
    trovati = per_nome(leggi({"da": "2024-07", "a": "2024-12"}))
    assert (trovati["−"].da, trovati["−"].a) == ("2024-04", "2025-03")
    largo = per_nome(leggi({"da": "2023-02", "a": "2026-03"}))["−"]
    assert (largo.da, largo.a, largo.attivo) == ("", "", True)


def test_indietro_e_avanti_vanno_di_mezzo_periodo_finche_c_e_qualcosa() -> None:
    trovati = per_nome(leggi({"da": "2024-01", "a": "2024-12"}))
    assert (trovati["◀"].da, trovati["◀"].a) == ("2023-07", "2024-06")
    assert (trovati["▶"].da, trovati["▶"].a) == ("2024-07", "2025-06")
    assert not per_nome(leggi({"da": "2023-01", "a": "2023-06"}))["◀"].attivo
    assert not per_nome(leggi({"da": "2026-01", "a": "2026-06"}))["▶"].attivo


mesi = st.integers(PRIMO, ULTIMO)


@given(st.text(max_size=12))
def test_qualunque_cosa_sia_scritta_si_legge_o_si_dice_perche_no(testo: str) -> None:
    letto = leggi({"a": testo})
    assert bool(testo.strip()) == (letto.a is not None or letto.errore_a != "")


@given(st.tuples(mesi, mesi).map(sorted), st.tuples(mesi, mesi).map(sorted), mesi)
def test_ogni_comando_porta_a_un_periodo_che_si_legge(periodo: list[int], tutto: list[int], oggi: int) -> None:
    letto = leggi({"da": scritto(periodo[0]), "a": scritto(periodo[1])})
    assert letto.errori == ()
    estremi = (primo_giorno(tutto[0]), ultimo_giorno(tutto[1]))
    for comando in comandi(letto, estremi, primo_giorno(oggi)):
        assert leggi({"da": comando.da, "a": comando.a}).errori == ()
