"""The fonts of a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapporti.errori import RapportoImpossibile
from rapporti.impaginazione import caratteri
from rapporti.impaginazione.stampa import stampa
from tests.rapporti import lettore
from tests.rapporti.campione import sintesi

pytestmark = pytest.mark.aspetto


@pytest.fixture
def altrove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The fonts are looked for in an empty folder."""
    monkeypatch.setattr(caratteri, "CARTELLA", tmp_path)
    caratteri.facce.cache_clear()
    yield tmp_path
    caratteri.facce.cache_clear()


def test_quello_che_serve_all_italiano_e_scritto_com_e() -> None:
    testo = "Città è «così»: 1.234,5 m² – l’80 % di 3 € … • − ÀÈÉÌÒÙ šđž\n\tœ"
    assert caratteri.solo_coperti(testo) == testo


@pytest.mark.parametrize(
    ("scritto", "letto"),
    [
        ("ﬁne", "fine"),
        ("a\u0300", "a"),
        ("≥ 50", "&gt;= 50"),
        ("Ж", "?"),
        ("①", "1"),
        ("x\u200by", "xy"),
        ("\u202f", "\u00a0"),
        ("✓", "?"),
        ("\x00\x08", ""),
        ("a\u2028b", "a b"),
        ("🙂", "?"),
        ("≠", "="),
    ],
)
def test_quello_che_non_si_puo_scrivere_si_sostituisce(scritto: str, letto: str) -> None:
    assert caratteri.solo_coperti(scritto) == letto


def test_una_sostituzione_non_diventa_mai_un_comando() -> None:
    assert caratteri.solo_coperti("＜script＞＆＂＇") == "&lt;script&gt;&amp;&quot;&#x27;"


@given(st.text(st.characters()))
def test_dopo_non_resta_nulla_che_i_nostri_caratteri_non_scrivano(testo: str) -> None:
    assert set(caratteri.solo_coperti(testo)) <= caratteri.coperti() | set(caratteri.SPAZI_DEL_TESTO)


def test_nel_pdf_non_entrano_altri_caratteri(tmp_path: Path) -> None:
    strano = "Жжж 中文 ✓ 🙂 ≥ 5 ﬁne é"
    percorso = tmp_path / "strano.pdf"
    documento = replace(sintesi(3), nome_perimetro=strano, avvisi=(strano,))
    percorso.write_bytes(stampa(documento, allegati=()).pdf)
    assert all(nome.startswith(("Titillium-Web", "Roboto-Mono")) for nome in lettore.caratteri(percorso))
    assert "??? ?? ? ? >= 5 fine é" in lettore.testo(percorso)


def test_un_carattere_che_manca_si_dice_quale_e_come_si_rimedia(altrove: Path) -> None:
    with pytest.raises(RapportoImpossibile, match="Manca il carattere Titillium Web") as errore:
        stampa(sintesi(3), allegati=())
    assert "titillium-web-v10-latin-ext_latin-regular.ttf" in str(errore.value)
    assert "Reinstalla le librerie" in str(errore.value)


def test_un_file_che_non_e_un_carattere_si_dice_lo_stesso(altrove: Path) -> None:
    (altrove / "Titillium_Web").mkdir()
    for _famiglia, _peso, _stile, nome in caratteri.FILE[:1]:
        (altrove / nome).write_bytes(b"non sono un carattere" * 9)
    with pytest.raises(RapportoImpossibile, match="Titillium Web"):
        caratteri.facce()


def test_le_cifre_sono_tutte_larghe_uguali() -> None:
    for peso in (caratteri.NORMALE, caratteri.FORTE):
        assert len({caratteri.larghezza(cifra, 10, peso=peso) for cifra in "0123456789"}) == 1
