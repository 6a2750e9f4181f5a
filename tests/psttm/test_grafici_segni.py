"""Colours, marks, texts and axes of the charts."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import bootstrap_italia_template
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from psttm.formati import SPAZIO
from psttm.grafici import testi
from psttm.grafici.assi import scala
from psttm.grafici.colori import CLASSI, INCHIOSTRI, TINTE
from psttm.grafici.segni import FORME, segno_svg
from psttm.grafici.tipi import (
    MILIONI,
    NUMERO,
    PERCENTO,
    Unita,
)
from psttm.templatetags.portale import SEGNI


def luminanza(colore: str) -> float:
    """Relative luminance of WCAG."""
    quote = (int(colore[posto : posto + 2], 16) / 255 for posto in (1, 3, 5))
    rosso, verde, blu = (q / 12.92 if q <= 0.04045 else ((q + 0.055) / 1.055) ** 2.4 for q in quote)
    return 0.2126 * rosso + 0.7152 * verde + 0.0722 * blu


def contrasto(uno: str, altro: str) -> float:
    chiaro, scuro = sorted((luminanza(uno), luminanza(altro)), reverse=True)
    return (chiaro + 0.05) / (scuro + 0.05)


def chiarezza(colore: str) -> float:
    """CIE lightness, from 0 to 100: what is left of a colour in grey."""
    return 116 * luminanza(colore) ** (1 / 3) - 16


BASE = ("notte", "blu", "ottanio", "ambra", "vermiglio", "grigio")
STATI = ("in_linea", "a_rischio", "in_ritardo", "concluso", "non_avviato", "non_determinabile", "annullato")


@pytest.mark.parametrize(("una", "altra"), [*combinations(BASE, 2), *combinations(STATI, 2)])
def test_due_tinte_si_distinguono_anche_in_grigio(una: str, altra: str) -> None:
    uno, altro = TINTE[una], TINTE[altra]
    assert uno.trama != altro.trama or abs(chiarezza(uno.fondo) - chiarezza(altro.fondo)) >= 9


def test_le_classi_della_mappa_si_scuriscono() -> None:
    gradi = [chiarezza(colore) for colore in CLASSI]
    assert all(prima - dopo >= 8 for prima, dopo in pairwise(gradi))


@pytest.mark.parametrize("nome", TINTE)
def test_un_valore_si_legge_sulla_sua_tinta(nome: str) -> None:
    assert contrasto(TINTE[nome].fondo, TINTE[nome].testo) >= 4.5


@pytest.mark.parametrize("codice", SEGNI)
def test_ogni_segno_ha_una_forma_che_si_vede(codice: str) -> None:
    assert contrasto(INCHIOSTRI[codice], "#FFFFFF") >= 4.5
    radice = ElementTree.fromstring(segno_svg(codice, 12, "Stato & parola"))  # noqa: S314
    assert (radice.attrib["width"], radice.attrib["viewBox"]) == ("12", "0 0 10 10")
    assert radice.attrib["aria-label"] == "Stato & parola"


def test_le_forme_sono_tante_quante_i_segni_delle_pagine() -> None:
    assert FORME.keys() == SEGNI.keys()
    for uno, altro in combinations(SEGNI, 2):
        assert (FORME[uno] == FORME[altro]) == (SEGNI[uno][0] == SEGNI[altro][0]), (uno, altro)


def test_un_segno_senza_descrizione_e_ornamento() -> None:
    assert 'aria-hidden="true"' in segno_svg("in_ritardo", 10)


@pytest.mark.parametrize(("peso", "forte"), [("regular", False), ("600", True)])
def test_le_larghezze_sono_quelle_del_carattere(peso: str, forte: bool) -> None:
    cartella = Path(bootstrap_italia_template.__file__).parent / "static" / "fonts" / "Titillium_Web"
    carattere = TTFont(cartella / f"titillium-web-v10-latin-ext_latin-{peso}.ttf")
    forme, misure = carattere.getBestCmap(), carattere["hmtx"].metrics
    for lettera in [chr(codice) for codice in range(32, 127)] + list("àèéìòùÀÈÉ"):
        assert testi.larghezza(lettera, 1000, forte=forte) == misure[forme[ord(lettera)]][0], lettera
    for lettera in testi.ALTRI:
        assert testi.larghezza(lettera, 1000) >= misure[forme[ord(lettera)]][0], lettera


@given(st.text(max_size=150), st.floats(30, 400))
def test_un_testo_va_a_capo_in_due_righe_che_ci_stanno(testo: str, massimo: float) -> None:
    righe = testi.a_capo(testo, massimo, 11)
    assert 1 <= len(righe) <= 2
    assert all(testi.larghezza(riga, 11) <= massimo for riga in righe)
    if not righe[-1].endswith("…"):
        assert "".join(righe).replace(" ", "") == testo.replace(" ", "")


def test_uno_spazio_fisso_non_va_a_capo() -> None:
    assert testi.a_capo(f"Lavori per 12,3{SPAZIO}mln", 70, 11) == ["Lavori per", f"12,3{SPAZIO}mln"]


@pytest.mark.parametrize(
    ("massimo", "unita", "nomi"),
    [
        (0, NUMERO, ["0", "1"]),
        (1, NUMERO, ["0", "1"]),
        (12, NUMERO, ["0", "5", "10", "15"]),
        (143, NUMERO, ["0", "50", "100", "150"]),
        (100, PERCENTO, ["0", "20", "40", "60", "80", "100"]),
        (464_267_194, MILIONI, ["0", "100", "200", "300", "400", "500"]),
        (50_000, MILIONI, ["0,00", "0,01", "0,02", "0,03", "0,04", "0,05"]),
        (2_200_000_000, MILIONI, ["0", "500", "1.000", "1.500", "2.000", "2.500"]),
    ],
)
def test_la_scala_ha_passi_tondi_e_contiene_il_massimo(massimo: int, unita: Unita, nomi: list[str]) -> None:
    assert scala([massimo, None], unita).nomi() == nomi


@given(st.decimals("0.01", 10**12, places=2))
def test_la_scala_contiene_sempre_il_massimo(massimo: Decimal) -> None:
    tacche = scala([massimo], PERCENTO).tacche
    assert tacche[-2] < massimo <= tacche[-1]
    assert 2 <= len(tacche) <= 6
