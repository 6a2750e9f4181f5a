"""What every chart must be: one safe, named, deterministic image whose texts can be read."""

from __future__ import annotations

import hashlib
import logging
import re
import subprocess
import sys
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from weasyprint import HTML

from psttm.formati import SPAZIO
from psttm.grafici.campioni import campioni
from psttm.grafici.disegno import svg
from psttm.grafici.tipi import (
    MILIONI,
    Barra,
    Barre,
    Serie,
)
from psttm.templatetags.grafici import grafico
from tests.psttm.figure import (
    CASI,
    CATTIVO,
    ELEMENTI,
    LARGHEZZE,
    SPAZIO_SVG,
    controlla_scritte,
    disegna,
    scritte,
)

ogni_caso = pytest.mark.parametrize("nome", CASI)
ogni_larghezza = pytest.mark.parametrize("larghezza", LARGHEZZE)


@ogni_larghezza
@ogni_caso
def test_ogni_grafico_e_un_solo_svg_largo_quanto_chiesto_e_con_un_nome(nome: str, larghezza: int) -> None:
    radice = disegna(CASI[nome], larghezza)
    assert radice.tag == f"{SPAZIO_SVG}svg"
    assert radice.attrib["viewBox"].startswith(f"0 0 {larghezza} ")
    assert (radice.attrib["role"], radice.attrib["aria-label"]) == ("img", "Prova")
    assert radice[0].tag == f"{SPAZIO_SVG}title"
    assert radice[0].text == "Prova"


@ogni_larghezza
@ogni_caso
def test_ha_solo_forme_e_attributi_di_presentazione(nome: str, larghezza: int) -> None:
    for elemento in disegna(CASI[nome], larghezza).iter():
        assert elemento.tag.removeprefix(SPAZIO_SVG) in ELEMENTI
        for attributo, valore in elemento.attrib.items():
            assert attributo not in {"style", "class", "id", "href"}
            assert not attributo.startswith("on")
            assert "url(" not in valore


@ogni_larghezza
@ogni_caso
def test_le_coordinate_hanno_al_piu_due_decimali(nome: str, larghezza: int) -> None:
    for elemento in disegna(CASI[nome], larghezza).iter():
        for attributo, valore in elemento.attrib.items():
            if attributo not in {"aria-label", "stroke", "fill", "font-family"}:
                assert not re.search(r"\d\.\d{3}|\d[eE]|nan|inf", valore), (attributo, valore)


@ogni_larghezza
@ogni_caso
def test_le_scritte_stanno_nel_disegno_e_non_si_coprono(nome: str, larghezza: int) -> None:
    controlla_scritte(CASI[nome], larghezza)


def test_gli_stessi_dati_danno_gli_stessi_byte_in_ogni_processo() -> None:
    codice = (
        "import hashlib; from psttm.grafici.campioni import campioni; from psttm.grafici.disegno import svg; "
        "print(hashlib.sha256(''.join(svg(c.figura) for c in campioni()).encode()).hexdigest())"
    )
    impronte = {
        subprocess.run(
            [sys.executable, "-c", codice],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seme, "DJANGO_SETTINGS_MODULE": "psttm.settings"},
        ).stdout.strip()
        for seme in ("1", "2")
    }
    assert impronte == {hashlib.sha256("".join(svg(c.figura) for c in campioni()).encode()).hexdigest()}


def test_i_nomi_scritti_da_altri_non_diventano_codice() -> None:
    disegno = svg(Barre((Serie("a", "blu"),), (Barra(CATTIVO, (1,)),)), descrizione=CATTIVO)
    assert "Ex &quot;Falck&quot; &amp; &lt;aree&gt; limitrofe" in disegno
    radice = ElementTree.fromstring(disegno)  # noqa: S314
    assert radice.attrib["aria-label"] == 'Ex "Falck" & <aree> limitrofe  '
    assert 'Ex "Falck" & <aree> limitrofe  ' in scritte(radice)


def test_weasyprint_non_ha_nulla_da_ridire(caplog: pytest.LogCaptureFixture) -> None:
    corpo = "".join(svg(figura) for figura in CASI.values())
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        HTML(string=f"<body>{corpo}").render()
    assert [voce.getMessage() for voce in caplog.records] == []


def test_i_numeri_sono_scritti_all_italiana() -> None:
    figura = Barre((Serie("a", "blu"),), (Barra("x", (Decimal("1234567890.4"),)), Barra("y", (None,))), MILIONI)
    assert scritte(disegna(figura)) == ["x", f"1.234,6{SPAZIO}mln €", "y", "–"]
    assert f"totale 464,3{SPAZIO}mln €" in scritte(disegna(CASI["curva normale"]))
    assert "fine stimata 30/11/2026 (tra 08/2026 e 12/2026)" in scritte(disegna(CASI["curva normale"]))


def test_una_pagina_ha_il_disegno_largo_e_quello_stretto() -> None:
    pagina = grafico(CASI["curva normale"], "Avanti & in ritardo")
    assert re.findall(r'viewBox="0 0 (\d+)', pagina) == ["640", "360"]
    assert pagina.count('aria-label="Avanti &amp; in ritardo"') == 2


def test_cio_che_e_lungo_nel_tempo_si_disegna_anche_per_tutta_la_pagina() -> None:
    pagina = grafico(CASI["gantt di quaranta righe"], "Nel tempo", ampio=True)
    assert re.findall(r'<div class="grafico-(\w+)"><svg [^>]*viewBox="0 0 (\d+)', pagina) == [
        ("ampio", "980"),
        ("largo", "640"),
        ("stretto", "360"),
    ]
