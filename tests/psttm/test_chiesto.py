"""Numbers that come from an address or a form."""

from __future__ import annotations

import pytest

from psttm.chiesto import MASSIMO, intero


@pytest.mark.parametrize(
    ("testo", "numero"),
    [
        ("0", 0),
        ("007", 7),
        (str(MASSIMO), MASSIMO),
        (str(MASSIMO + 1), None),
        ("9" * 19, None),
        ("9" * 20, None),
        ("9" * 5_000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("1_000", None),
        ("٣", None),
        ("²", None),
        ("\x00", None),
    ],
)
def test_e_un_intero_solo_cio_che_puo_essere_una_chiave(testo: str, numero: int | None) -> None:
    assert intero(testo) == numero
