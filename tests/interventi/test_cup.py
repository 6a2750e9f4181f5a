"""CUPs: what is mended, what is refused and why, what is only unusual."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from interventi.cup import FORMA_CUP, anno_decisione, normalizza, spiega, valida_cup, verifica
from tests.interventi.campioni import CONDIVISI, senza_dati_condivisi

CUP_VALIDI = st.from_regex(re.compile(FORMA_CUP.removesuffix("$") + r"\Z"))


@senza_dati_condivisi
def test_tutti_i_cup_reali_sono_accettati_e_quasi_nessuno_e_insolito() -> None:
    reali = (CONDIVISI / "cup" / "cup_reali.txt").read_text().split()

    assert len(reali) == 16_444
    assert [codice for codice in reali if not verifica(codice).valido] == []
    insoliti = [codice for codice in reali if verifica(codice).avvisi]
    assert 0 < len(insoliti) < 20


@given(CUP_VALIDI)
def test_ogni_codice_della_forma_giusta_e_accettato(cup: str) -> None:
    esito = verifica(cup)

    assert (esito.valido, esito.codice, esito.errore) == (True, cup, "")
    valida_cup(cup)


@given(CUP_VALIDI, st.lists(st.sampled_from(" \t\n\u00a0\u202f\u200b\ufeff"), min_size=1, max_size=6), st.data())
def test_minuscole_e_spazi_di_ogni_sorta_non_contano(cup: str, spazi: list[str], dati: st.DataObject) -> None:
    scritto = cup.lower()
    for spazio in spazi:
        posto = dati.draw(st.integers(0, len(scritto)))
        scritto = scritto[:posto] + spazio + scritto[posto:]

    assert verifica(scritto).codice == cup
    assert verifica(scritto).valido


@given(st.text())
def test_normalizzare_due_volte_e_come_una(testo: str) -> None:
    assert normalizza(normalizza(testo)) == normalizza(testo)


@given(CUP_VALIDI, st.integers(0, 14))
def test_un_cup_senza_un_carattere_e_rifiutato(cup: str, posto: int) -> None:
    assert not verifica(cup[:posto] + cup[posto + 1 :]).valido


def test_un_cup_di_quattordici_caratteri_si_sente_dire_quanti_ne_mancano() -> None:
    esito = verifica("B42J2200001000")

    assert not esito.valido
    assert esito.errore == "Il CUP ha 14 caratteri, ne servono 15: controlla B42J2200001000."


@pytest.mark.parametrize(
    ("scritto", "detto"),
    [
        ("B42J220000100010", "Il CUP ha 16 caratteri"),
        ("142J22000010001", "Il carattere 1 del CUP è «1», ma ci vuole una lettera"),
        ("B42122000010001", "Il carattere 4 del CUP è «1», ma ci vuole una lettera"),
        ("B42J220000O0001", "Il carattere 11 del CUP è «O» (la lettera O al posto dello zero?)"),
        ("B42J2200001000I", "Il carattere 15 del CUP è «I» (la lettera I al posto di uno?)"),
        ("B42J22000-10001", "Il carattere 10 del CUP è «-»"),
        ("È42J22000010001", "Il carattere 1 del CUP è «È», ma ci vuole una lettera"),
        ("B42J2200001000٣", "Il carattere 15 del CUP è «٣», ma ci vuole una cifra"),
    ],
)
def test_l_errore_dice_dove_e_come(scritto: str, detto: str) -> None:
    esito = verifica(scritto)

    assert not esito.valido
    assert esito.errore.startswith(detto)


@pytest.mark.parametrize(
    "scritto", ["", "  ", "\u00a0", "N/A", "n/d", "N.D.", "-", "--", "NULL", "0" * 15, "XXXX", "***"]
)
def test_un_segnaposto_e_un_cup_che_manca_non_uno_sbagliato(scritto: str) -> None:
    esito = verifica(scritto)

    assert esito.assente
    assert not esito.valido
    assert esito.codice == ""
    assert "manca" in esito.errore


@pytest.mark.parametrize(
    ("cup", "avviso"),
    [
        ("Z42J22000010001", "Comincia con «Z»"),
        ("A42J22000010001", "Comincia con «A»"),
        ("B42K22000010001", "Il quarto carattere è «K»"),
        ("B42J22000010010", "Finisce con «0010»"),
        ("B42J22000010000", "Finisce con «0000»"),
        ("B42J99000010001", "sarebbe il 1999"),
        ("B42J89000010001", "sarebbe il 2089"),
    ],
)
def test_un_cup_insolito_e_accettato_con_un_avviso(cup: str, avviso: str) -> None:
    esito = verifica(cup)

    assert esito.valido
    assert len(esito.avvisi) == 1
    assert avviso in esito.avvisi[0]


@pytest.mark.parametrize("cup", ["B42J22000010001", "J42A00000010009"])
def test_di_un_cup_consueto_non_c_e_niente_da_dire(cup: str) -> None:
    assert verifica(cup).avvisi == []


def test_l_anno_corrente_e_consueto_e_il_prossimo_no() -> None:
    anno = timezone.localdate().year % 100

    assert verifica(f"B42J{anno:02}000010001").avvisi == []
    assert verifica(f"B42J{anno + 1:02}000010001").avvisi != []


def test_il_validatore_rifiuta_cio_che_non_e_normalizzato() -> None:
    valida_cup("")
    with pytest.raises(ValidationError, match="maiuscolo"):
        valida_cup("b42j22000010001")
    with pytest.raises(ValidationError, match="14 caratteri"):
        valida_cup("B42J2200001000")


@given(CUP_VALIDI)
def test_le_parti_spiegate_ricompongono_il_codice(cup: str) -> None:
    parti = spiega(cup)

    assert "".join(parte.testo for parte in parti) == cup
    assert all(cup[parte.inizio - 1 : parte.fine] == parte.testo for parte in parti)
    assert f"Anno della decisione: {anno_decisione(cup)}." in [parte.significato for parte in parti]


@pytest.mark.parametrize(
    ("cup", "anno"), [("B42J22000010001", 2022), ("B42J89000010001", 2089), ("B42J90000010001", 1990)]
)
def test_le_cifre_dell_anno_da_novanta_in_su_sono_del_secolo_scorso(cup: str, anno: int) -> None:
    assert anno_decisione(cup) == anno


def test_di_un_codice_sbagliato_non_si_spiega_niente() -> None:
    assert spiega("B42J2200001000") == []
