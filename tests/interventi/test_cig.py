"""CIGs: the three forms, and the two controls that are known."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from interventi.cig import normalizza, valida_cig, verifica
from tests.interventi.campioni import CONDIVISI, senza_dati_condivisi

# Zero is left out: "0000000000" stands for "there is none".
ORDINARI = st.integers(1, 9_999_999).map(lambda numero: f"{numero:07}{numero * 211 % 4091:03X}")
SMART = st.tuples(st.sampled_from("XYZ"), st.integers(0, 16**7 - 1)).map(
    lambda parti: f"{parti[0]}{parti[1] * 211 % 251:02X}{parti[1]:07X}"
)
NUOVI = st.from_regex(r"\A[AB][0-9A-F]{9}\Z")


@senza_dati_condivisi
def test_tutti_i_cig_reali_sono_accettati() -> None:
    reali = (CONDIVISI / "cig" / "cig_reali.txt").read_text().split()

    assert len(reali) == 8_000
    assert [codice for codice in reali if not verifica(codice).valido] == []


@given(st.one_of(ORDINARI, SMART, NUOVI))
def test_un_cig_costruito_secondo_la_regola_e_accettato(cig: str) -> None:
    assert verifica(cig).valido
    assert verifica(f"\u00a0{cig.lower()} ").codice == cig
    valida_cig(cig)


@given(ORDINARI, st.integers(0, 6), st.integers(1, 9))
def test_un_cig_ordinario_con_una_cifra_cambiata_e_rifiutato(cig: str, posto: int, scarto: int) -> None:
    cifra = (int(cig[posto]) + scarto) % 10
    sbagliato = cig[:posto] + str(cifra) + cig[posto + 1 :]

    assert not verifica(sbagliato).valido


@given(SMART, st.integers(3, 9), st.integers(1, 15))
def test_uno_smart_cig_con_una_cifra_cambiata_e_rifiutato(cig: str, posto: int, scarto: int) -> None:
    cifra = (int(cig[posto], 16) + scarto) % 16

    assert not verifica(cig[:posto] + f"{cifra:X}" + cig[posto + 1 :]).valido


@given(st.text())
def test_normalizzare_due_volte_e_come_una(testo: str) -> None:
    assert normalizza(normalizza(testo)) == normalizza(testo)


@pytest.mark.parametrize("scritto", ["", "N/A", "N/D", "-", "0000000000", "0", "XXXXXXXXXX", "null", "n.d."])
def test_un_segnaposto_e_un_cig_che_manca(scritto: str) -> None:
    assert verifica(scritto).assente


@pytest.mark.parametrize(
    ("scritto", "detto"),
    [
        ("94722560E", "Il CIG ha 9 caratteri, ne servono 10"),
        ("94722560EF1", "Il CIG ha 11 caratteri, ne servono 10"),
        ("94722560EE", "I caratteri di controllo del CIG 94722560EE non tornano"),
        ("Q472256000", "Q472256000 non ha la forma di un CIG"),
        ("9472256G00", "9472256G00 non ha la forma di un CIG"),
    ],
)
def test_l_errore_dice_che_cosa_non_va(scritto: str, detto: str) -> None:
    esito = verifica(scritto)

    assert not esito.valido
    assert esito.errore.startswith(detto)


def test_il_validatore_vuole_il_codice_normalizzato() -> None:
    valida_cig("")
    with pytest.raises(ValidationError, match="maiuscolo"):
        valida_cig("94722560ef")
    with pytest.raises(ValidationError, match="non tornano"):
        valida_cig("94722560EE")
