"""Sentences agree with their figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapporti.capitoli.cifre import conta
from rapporti.capitoli.parole import accorciato, articolo, di_chi, elenco, quanti, serie, tutti, unisci
from rapporti.documento import Cifra
from tests.rapporti.quadri import opera, quadro


def cifra(quante: int) -> Cifra:
    return conta("prova", "Prova", (f"i{numero}" for numero in range(quante)))


@pytest.mark.parametrize(
    ("quante", "detto"), [(0, "0 interventi"), (1, "1 intervento"), (2, "2 interventi"), (34, "34 interventi")]
)
def test_uno_e_singolare_gli_altri_sono_plurali(quante: int, detto: str) -> None:
    assert unisci(quanti(cifra(quante), "intervento", "interventi")).testo == detto


@pytest.mark.parametrize(
    ("quante", "detto"),
    [
        (1, "l'unico intervento"),
        (2, "entrambi gli interventi"),
        (3, "tutti i 3 interventi"),
        (8, "tutti gli 8 interventi"),
        (11, "tutti gli 11 interventi"),
        (18, "tutti i 18 interventi"),
        (34, "tutti i 34 interventi"),
        (80, "tutti gli 80 interventi"),
        (110, "tutti i 110 interventi"),
    ],
)
def test_tutti_ha_l_articolo_del_suo_numero(quante: int, detto: str) -> None:
    assert unisci(tutti(cifra(quante), "intervento", "interventi")).testo == detto


@given(st.integers(min_value=3, max_value=999_999))
def test_si_dice_gli_davanti_a_otto_e_undici(quante: int) -> None:
    migliaia = quante // 1000 or quante
    assert (articolo(quante) == "gli") == (str(quante).startswith("8") or migliaia == 11)


@pytest.mark.parametrize(
    ("voci", "detto"),
    [
        ([], ""),
        (["Bresso"], "Bresso"),
        (["Bresso", "Segrate"], "Bresso e Segrate"),
        (["Bresso", "Rho", "Segrate"], "Bresso, Rho e Segrate"),
        (["Bresso", "Erba"], "Bresso ed Erba"),
    ],
)
def test_un_elenco_finisce_con_la_congiunzione(voci: list[str], detto: str) -> None:
    assert elenco(voci) == detto


def test_una_serie_di_frasi_ha_virgole_e_una_e() -> None:
    assert unisci(serie([("a",), ("b",), ("c",)])).testo == "a, b e c"


def test_fino_a_cinque_comuni_si_nominano_di_piu_no() -> None:
    opere = [opera(numero) for numero in range(1, 7)]
    situazione = quadro(opere)
    assert di_chi(opere[:2], situazione) == " (Arese e Bresso)"
    assert di_chi(opere[:5], situazione) == " (Arese, Bresso, Cesate, Dairago e Opera)"
    assert di_chi(opere, situazione) == ""
    assert di_chi([], situazione) == ""


def test_piu_interventi_nello_stesso_comune_si_contano() -> None:
    opere = [opera(1), opera(2, comuni=[1]), opera(3)]
    assert di_chi(opere, quadro(opere)) == " (Arese, 2 interventi; Cesate)"


def test_chi_e_in_piu_comuni_ha_il_suo_titolo_o_la_sua_linea() -> None:
    opere = [opera(1, linea="Linea 2", comuni=[1, 2]), opera(2, comuni=[1, 2, 3])]
    assert di_chi(opere, quadro(opere)) == " (Linea 2 e Opera numero 2)"


def test_titoli_uguali_non_distinguono_nessuno() -> None:
    opere = [opera(numero, comuni=[1], titolo="Scuola") for numero in (1, 2)]
    assert di_chi(opere[:1], quadro(opere)) == ""


@given(st.text(alphabet="abc d", max_size=90), st.integers(min_value=8, max_value=60))
def test_un_testo_accorciato_sta_nel_suo_spazio(testo: str, quanto: int) -> None:
    corto = accorciato(testo, quanto)
    assert len(corto) <= max(quanto, 1)
    assert corto == testo or corto.endswith("…")
