"""Numbers, money and dates as Italians write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psttm import formati

DURO = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("valore", "decimali", "atteso"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1.000"),
        (Decimal("1234567.891"), 2, "1.234.567,89"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("0.0049"), 2, "0,00"),
        (Decimal("-0.004"), 2, "0,00"),
        (Decimal("-1234.5"), 1, "−1.234,5"),
        (None, 2, "–"),
    ],
)
def test_i_numeri_hanno_il_punto_alle_migliaia_e_la_virgola(valore: Decimal | None, decimali: int, atteso: str) -> None:
    assert formati.numero(valore, decimali) == atteso


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_un_importo_scritto_si_rilegge_uguale(importo: Decimal) -> None:
    testo = formati.euro(importo).removesuffix(f"{DURO}€")
    assert Decimal(testo.replace(".", "").replace(",", ".").replace("−", "-")) == importo


def test_i_milioni_hanno_un_decimale() -> None:
    assert formati.milioni(Decimal("464267194")) == f"464,3{DURO}mln{DURO}€"


def test_le_quote_hanno_un_decimale_e_la_virgola() -> None:
    assert formati.percento(Decimal("33.5")) == f"33,5{DURO}%"


def test_i_momenti_sono_nell_ora_italiana() -> None:
    momento = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    assert formati.data_breve(momento) == "01/01/2025"
    assert formati.data_ora(momento) == "01/01/2025 alle 00:30"
    assert formati.mese(momento) == "gennaio 2025"


def test_un_giorno_non_cambia_con_il_fuso() -> None:
    assert formati.data_breve(date(2024, 12, 31)) == "31/12/2024"


def test_il_cup_si_divide_per_l_occhio_e_si_ricompone() -> None:
    assert formati.gruppi_cup("B42J22000010001") == ["B42", "J22", "00001", "0001"]
    assert "".join(formati.gruppi_cup("B42J22000010001")) == "B42J22000010001"
