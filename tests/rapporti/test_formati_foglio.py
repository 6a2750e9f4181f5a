"""The XLSX twin, read back: sheets, values with their kinds, nothing that a spreadsheet takes for a formula."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from rapporti.formati.celle_xlsx import nome_foglio
from rapporti.formati.foglio import in_xlsx
from tests.rapporti.documenti import DOMANDA, OSTILE, documento


@pytest.fixture(scope="module")
def libro() -> dict[str, list[list[Any]]]:
    letto = CalamineWorkbook.from_filelike(io.BytesIO(in_xlsx(documento())))
    return {nome: letto.get_sheet_by_name(nome).to_python(skip_empty_area=False) for nome in letto.sheet_names}


def parti(nome: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(in_xlsx(documento()))) as archivio:
        return {uno: archivio.read(uno).decode() for uno in archivio.namelist() if re.fullmatch(nome, uno)}


def test_i_fogli_sono_la_sintesi_le_tabelle_per_genere_e_i_dati(libro: dict[str, list[list[Any]]]) -> None:
    assert list(libro) == [
        "Sintesi",
        "Interventi elenco del piano",
        "Interventi per parte",
        "Dati interventi",
        "Dati traguardi",
    ]


def test_la_sintesi_dice_di_che_cosa_parla(libro: dict[str, list[list[Any]]]) -> None:
    celle = [cella for riga in libro["Sintesi"] for cella in riga if cella != ""]
    for testo in ("Rapporto di avanzamento", "Piano SPUGNA", "31/12/2024", DOMANDA.codice, "Cifre principali"):
        assert testo in celle
    assert documento().copertina.sintesi[0].testo in celle
    assert 12.0 in celle
    assert "'=In media" in " ".join(str(cella) for cella in celle)


def test_le_tabelle_dello_stesso_genere_sono_una_sola_con_la_parte_davanti(libro: dict[str, list[list[Any]]]) -> None:
    elenco = libro["Interventi elenco del piano"]
    assert elenco[1] == ["Parte", "Intervento", "Stato", "Finanziamento (EUR)", "Fine", "Avanzamento (%)"]
    righe = elenco[2:14]
    assert [riga[0] for riga in righe] == ["SPUGNA"] * 6 + ["CAMBIO: [tutto/niente] e molto altro ancora"] * 6
    assert righe[0] == ["SPUGNA", f"'{OSTILE}", "in ritardo di 3 giorni", 1000.10, date(2026, 6, 30), 33.5]
    # Row "i2": without an amount, and with words where a day should be.
    assert righe[6][3:] == ["", "non nota", 33.5]
    totali = [riga for riga in elenco[14:] if riga[1] == "Totale"]
    base = documento().tavole[0].righe
    atteso = sum((riga[4] for riga in list(base.values())[::2]), Decimal(0))
    assert totali[0][3] == float(atteso)
    assert any("Nota della tabella." in riga for riga in elenco)


def test_i_fogli_dei_dati_hanno_numeri_e_date_veri(libro: dict[str, list[list[Any]]]) -> None:
    dati = libro["Dati interventi"]
    assert dati[0][:2] == ["Riga", "CUP"]
    assert dati[3][0] == "i3"
    assert dati[3][5:] == [3000.30, 33.5, date(2026, 6, 30), 1234.0, 0.0]
    assert len(dati) == 13
    assert libro["Dati traguardi"][0] == ["Riga", "Codice"]


def test_nessuna_cella_e_una_formula_e_l_ostile_e_testo() -> None:
    fogli = parti(r"xl/worksheets/sheet\d+\.xml")
    assert len(fogli) == 5
    for nome, foglio in fogli.items():
        assert not re.search(r"<f[ >]", foglio), nome
    assert any(f"&#39;{OSTILE}" in foglio or f"'{OSTILE}" in foglio for foglio in fogli.values())


def test_le_teste_restano_in_vista_e_le_righe_si_filtrano() -> None:
    fogli = list(parti(r"xl/worksheets/sheet\d+\.xml").values())
    for foglio in fogli[1:]:
        assert 'state="frozen"' in foglio
        assert "<autoFilter" in foglio
    assert "dd/mm/yyyy" in parti(r"xl/styles\.xml")["xl/styles.xml"]


def test_la_data_di_creazione_e_l_istante_del_rapporto_non_l_orologio() -> None:
    assert "2025-01-20T09:30:00Z" in parti(r"docProps/core\.xml")["docProps/core.xml"]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=12))
def test_i_nomi_dei_fogli_sono_leciti_e_diversi(titoli: list[str]) -> None:
    presi: set[str] = set()
    nomi = [nome_foglio(titolo, presi) for titolo in [*titoli, *titoli]]
    assert len({nome.lower() for nome in nomi}) == len(nomi)
    for nome in nomi:
        assert 0 < len(nome) <= 31
        assert not re.search(r"[\[\]:*?/\\]", nome)
        assert not nome.startswith("'")
        assert not nome.endswith("'")


@pytest.mark.parametrize(
    ("titolo", "nome"),
    [
        ("Denaro", "Denaro"),
        ("Criticità aperte, dalla più grave alla più lieve", "Criticità aperte"),
        ("In quale fase procedurale sono gli interventi", "In quale fase procedurale sono"),
        ("Stato degli interventi per piano integrato", "Stato degli interventi"),
        ("a/b: [c]", "a b c"),
        ("Parolalunghissimachenonfinisceproprio", "Parolalunghissimachenonfiniscep"),
    ],
)
def test_un_titolo_lungo_si_accorcia_a_parole(titolo: str, nome: str) -> None:
    assert nome_foglio(titolo, set()) == nome
