"""Reading what was typed in a draft, and showing it back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoraggio import scheda
from monitoraggio.bozza.lettura import leggi, leggi_valore, normalizza, righe_per_sezione, scrivi_valore
from monitoraggio.bozza.precompilazione import riporta
from monitoraggio.scheda import Campo, Genere

IMPORTO = Campo("importo", "Importo", Genere.IMPORTO)
PERCENTO = Campo("percentuale", "Percentuale", Genere.PERCENTO)
QUANTITA = Campo("valore", "Valore", Genere.QUANTITA)
DATA = Campo("data", "Data", Genere.DATA)


@pytest.mark.parametrize("testo", ["1.234,56", "1234.56", "1 234,56", "€ 1.234,56", "1234,56"])
def test_un_importo_si_legge_in_ogni_grafia(testo: str) -> None:
    assert leggi_valore(IMPORTO, testo) == Decimal("1234.56")


@pytest.mark.parametrize("testo", ["31/12/2024", "2024-12-31", "31-12-2024", "31.12.2024", "31/12/24"])
def test_un_giorno_si_legge_in_ogni_grafia(testo: str) -> None:
    assert leggi_valore(DATA, testo) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("campo", "testo", "parole"),
    [
        (IMPORTO, "mille", "non si legge come numero"),
        (IMPORTO, "10,123", "più di due decimali"),
        (PERCENTO, "100,01", "più di 100"),
        (DATA, "31/02/2024", "non è un giorno"),
        (DATA, "31/12/1824", "1824"),
        (Campo("anno", "Anno", Genere.ANNO), "24", "quattro cifre"),
        (Campo("cig", "CIG", Genere.CIG), "12", "CIG"),
        (Campo("t", "T", Genere.TESTO, massimo=3), "quattro", "al massimo"),
        (scheda.IMPEGNI.campo("tipo"), "Z", "non è fra le scelte"),
    ],
)
def test_cio_che_non_si_legge_dice_perche(campo: Campo, testo: str, parole: str) -> None:
    with pytest.raises(ValidationError, match=parole):
        leggi_valore(campo, testo)


@pytest.mark.parametrize(("testo", "buono"), [("100", True), ("100,00 %", True), ("100,01", False), ("0", True)])
def test_il_cento_per_cento_e_compreso(testo: str, buono: bool) -> None:
    try:
        assert leggi_valore(PERCENTO, testo) <= 100
        letto = True
    except ValidationError:
        letto = False
    assert letto is buono


@given(st.decimals("0", "999999999999.99", places=2))
def test_un_importo_mostrato_si_rilegge_uguale(importo: Decimal) -> None:
    assert leggi_valore(IMPORTO, scrivi_valore(IMPORTO, importo) or "0") == importo


@given(st.decimals("0", "9999999.9999", places=4))
def test_una_quantita_mostrata_si_rilegge_uguale(quantita: Decimal) -> None:
    assert leggi_valore(QUANTITA, scrivi_valore(QUANTITA, quantita) or "0") == quantita


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_un_giorno_mostrato_si_rilegge_uguale(giorno: date) -> None:
    assert leggi_valore(DATA, scrivi_valore(DATA, giorno)) == giorno


CELLE = st.builds(
    scheda.cella,
    st.sampled_from([s.nome for s in scheda.SEZIONI]),
    st.text("abc019_", min_size=1, max_size=8),
    st.sampled_from(["importo", "data", "codice", "percentuale", "fine_effettiva", "togli"]),
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(CELLE, st.text(max_size=30), max_size=20))
def test_qualunque_cosa_si_scriva_si_legge_senza_rompersi_e_normalizzata_resta_uguale(bozza: dict[str, str]) -> None:
    prima = leggi(bozza)
    normale = normalizza(bozza)
    dopo = leggi(normale)
    assert set(dopo.illeggibili) == set(prima.illeggibili)
    assert {n: [r.valori for r in righe] for n, righe in dopo.righe.items()} == {
        n: [r.valori for r in righe] for n, righe in prima.righe.items()
    }
    assert normalizza(normale) == normale


def test_una_riga_tolta_resta_nella_bozza_e_non_conta() -> None:
    bozza = {"impegni-n1-codice": "1", "impegni-n1-togli": "si", "impegni-n2-codice": "2"}
    assert [riga.nome for riga in leggi(bozza)["impegni"]] == ["n2"]
    assert righe_per_sezione(bozza, con_tolte=True)["impegni"] == ["n1", "n2"]


def test_una_riga_con_la_sola_scelta_prevista_e_vuota() -> None:
    assert leggi({"impegni-n1-tipo": "I"})["impegni"] == []


def test_una_cella_che_non_e_del_modulo_non_si_legge() -> None:
    for nome in ("altro-0-x", "testa-0-stato", "testa--percentuale", "testa-0-percentuale-x", "impegni-è-codice"):
        assert scheda.leggi_cella(nome) is None


def test_si_riportano_gli_stati_e_non_i_movimenti() -> None:
    celle = {
        "testa-0-percentuale": "10",
        "testa-0-note": "di novembre",
        "fasi-00313-inizio_effettivo": "2024-03-01",
        "pagamenti-n1-codice": "1",
        "sal-n1-numero": "1",
        "criticita-n1-descrizione": "aperta",
        "criticita-n1-seguito": "novità di novembre",
        "criticita-n2-descrizione": "chiusa",
        "criticita-n2-chiusa_il": "2024-11-20",
        "spiegazioni-x-testo": "detto",
    }
    assert riporta(celle) == {
        "testa-0-percentuale": "10",
        "fasi-00313-inizio_effettivo": "2024-03-01",
        "criticita-n1-descrizione": "aperta",
    }
