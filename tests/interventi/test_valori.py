"""Cells: every way of writing a value gives the same value, and what has two readings is not guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interventi.importazione import numeri, valori
from interventi.importazione.valori import CellaDubbia, CellaErrata
from psttm import formati

IMPORTI = st.decimals(min_value=0, max_value=Decimal("9999999999999.99"), places=2)
SCRITTURE: list[Callable[[Decimal], str]] = [
    lambda valore: f"{valore:.2f}",
    lambda valore: f"{valore:.2f}".replace(".", ","),
    lambda valore: f"{valore:,.2f}",
    lambda valore: formati.numero(valore, 2),
    lambda valore: formati.euro(valore),
    lambda valore: f"€ {formati.numero(valore, 2)}",
    lambda valore: f"EUR {valore:.2f}",
    lambda valore: f"{valore:,.2f}".replace(",", " ").replace(".", ","),
    lambda valore: f"{valore:,.2f}".replace(",", "\u00a0").replace(".", ","),
    lambda valore: f"{valore:,.2f}".replace(",", "\u202f").replace(".", ","),
    lambda valore: f"{valore:,.2f}".replace(",", "'"),
    lambda valore: f" +{valore:.2f}\u00a0",
    lambda valore: f"{valore:.2f}00",
]


def dubbio(leggi: Callable[[str], Any], cella: str) -> CellaDubbia:
    with pytest.raises(CellaDubbia) as trovata:
        leggi(cella)
    return trovata.value


# --- Amounts ---------------------------------------------------------------------------------------------------------


@given(IMPORTI, st.sampled_from(SCRITTURE))
def test_un_importo_comunque_scritto_si_legge_uguale(valore: Decimal, scrivi: Callable[[Decimal], str]) -> None:
    letto = numeri.importo(scrivi(valore))

    assert letto == valore
    assert str(letto) == f"{valore:.2f}"


@given(IMPORTI)
def test_un_importo_negativo_resta_negativo(valore: Decimal) -> None:
    assert numeri.importo(f"-{formati.numero(valore, 2)}") == -valore
    assert numeri.importo(formati.numero(-valore, 2)) == -valore


@given(st.integers(0, 10**13 - 1))
def test_un_importo_di_soli_euro_non_perde_niente(euro: int) -> None:
    assert numeri.importo(str(euro)) == euro


@pytest.mark.parametrize(
    ("cella", "valore"),
    [
        ("1.234.567", "1234567.00"),
        ("1,234,567", "1234567.00"),
        ("0.5", "0.50"),
        ("0,500", "0.50"),
        ("1234.500", "1234.50"),
        ("12,5", "12.50"),
        ("007,10", "7.10"),
        ("-0,00", "0.00"),
    ],
)
def test_forme_con_una_sola_lettura(cella: str, valore: str) -> None:
    assert str(numeri.importo(cella)) == valore


@pytest.mark.parametrize("cella", ["1.234", "1,234", "12.500", "999.000", "-1.234", "€ 1.500"])
def test_un_importo_con_due_letture_e_rifiutato(cella: str) -> None:
    with pytest.raises(CellaErrata, match="in due modi"):
        numeri.importo(cella)


@pytest.mark.parametrize("cella", ["1234,567", "0,001", "1234.5678", "1.234,567"])
def test_piu_decimali_dei_centesimi_non_si_arrotondano(cella: str) -> None:
    with pytest.raises(CellaErrata, match="più di due decimali"):
        numeri.importo(cella)


@pytest.mark.parametrize(
    "cella",
    [
        "1.234.567,8x",
        "1.23.456,00",
        "1.234,567,00",
        "12 34",
        "1,2,3",
        "1e5",
        "NaN1",
        "infinity",
        "--5",
        "5-",
        "abc",
        "1..2",
        "٣",
    ],
)
def test_cio_che_non_e_un_numero_e_rifiutato_con_le_parole_per_correggerlo(cella: str) -> None:
    with pytest.raises(CellaErrata) as errore:
        numeri.importo(cella)
    assert cella in str(errore.value)
    assert "scrivilo come 1234567,89" in str(errore.value)


def test_un_importo_di_tredici_cifre_si_legge_e_di_quattordici_no() -> None:
    assert numeri.importo("9999999999999,99") == Decimal("9999999999999.99")
    with pytest.raises(CellaErrata, match="troppo grande"):
        numeri.importo("10000000000000,00")


@pytest.mark.parametrize("cella", ["", " ", "\u00a0", "N/D", "n/a", "-", "–", "null", "NULL", "nan", "#N/D", "€"])
def test_dove_non_c_e_un_dato_il_numero_e_assente_e_non_zero(cella: str) -> None:
    assert numeri.importo(cella) is None


def test_un_finanziamento_parte_da_zero() -> None:
    assert numeri.importo_non_negativo("0,00") == 0
    assert numeri.importo_non_negativo("N/D") is None
    with pytest.raises(CellaErrata, match="negativo"):
        numeri.importo_non_negativo("-0,01")


# --- Measures --------------------------------------------------------------------------------------------------------


@given(st.decimals(min_value=0, max_value=Decimal("999999999.9999"), places=4))
def test_una_misura_si_legge_con_quattro_decimali(valore: Decimal) -> None:
    assert numeri.quantita(formati.numero(valore, 4)) == valore
    assert numeri.quantita(f"{valore:f}".replace(".", ",")) == valore


def test_nelle_misure_la_virgola_e_sempre_il_segno_dei_decimali() -> None:
    assert numeri.quantita("1,234") == Decimal("1.234")
    assert numeri.quantita("1.250,50") == Decimal("1250.5")
    with pytest.raises(CellaErrata, match="in due modi"):
        numeri.quantita("1.234")


def test_oltre_il_quarto_decimale_la_misura_e_arrotondata_e_lo_si_dice() -> None:
    dubbia = dubbio(numeri.quantita, "2,00006")

    assert dubbia.valore == Decimal("2.0001")
    assert "arrotondato" in str(dubbia)


def test_una_quota_va_da_zero_a_cento() -> None:
    assert numeri.percentuale("100,00") == 100
    assert numeri.percentuale("0") == 0
    assert numeri.percentuale("33,3 %") == Decimal("33.3")
    assert dubbio(numeri.percentuale, "33,3333").valore == Decimal("33.33")
    for fuori in ("100,01", "-0,01"):
        with pytest.raises(CellaErrata, match="fra 0 e 100"):
            numeri.percentuale(fuori)


# --- Days ------------------------------------------------------------------------------------------------------------


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_una_data_comunque_scritta_e_lo_stesso_giorno(giorno: date) -> None:
    assert valori.data(f"{giorno:%d/%m/%Y}") == giorno
    assert valori.data(f"{giorno.day}/{giorno.month}/{giorno.year}") == giorno
    assert valori.data(f" {giorno:%d-%m-%Y} ") == giorno
    assert valori.data(giorno.isoformat()) == giorno
    assert valori.data(f"{giorno.isoformat()} 00:00:00") == giorno
    assert valori.data(f"{giorno.isoformat()}T00:00:00.000Z") == giorno
    assert valori.data(f"{giorno:%d/%m/%Y} 10:42") == giorno


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_il_numero_di_giorni_di_excel_si_legge_e_si_dice(giorno: date) -> None:
    dubbia = dubbio(valori.data, str((giorno - date(1899, 12, 30)).days))

    assert dubbia.valore == giorno
    assert f"{giorno:%d/%m/%Y}" in str(dubbia)


@pytest.mark.parametrize("cella", ["31/02/2024", "00/01/2024", "12/13/2024", "2024-02-30"])
def test_un_giorno_che_il_calendario_non_ha_e_rifiutato(cella: str) -> None:
    with pytest.raises(CellaErrata, match="calendario"):
        valori.data(cella)


@pytest.mark.parametrize("cella", ["13/12/24", "dicembre 2024", "32873", "73051", "2024"])
def test_cio_che_non_e_una_data_e_rifiutato(cella: str) -> None:
    with pytest.raises(CellaErrata, match="non è una data"):
        valori.data(cella)


def test_un_anno_insolito_si_prende_e_si_dice() -> None:
    assert valori.data("31/12/2100") == date(2100, 12, 31)
    assert dubbio(valori.data, "01/01/2101").valore == date(2101, 1, 1)
    assert dubbio(valori.data, "31/12/1949").valore == date(1949, 12, 31)


@pytest.mark.parametrize(
    ("cella", "numero"), [("Gennaio", 1), ("DICEMBRE", 12), ("dic.", 12), ("giu", 6), ("7", 7), ("", None)]
)
def test_i_mesi_per_nome_e_per_numero(cella: str, numero: int | None) -> None:
    assert valori.mese(cella) == numero


@pytest.mark.parametrize("cella", ["0", "13", "m", "ma", "brumaio"])
def test_un_mese_che_non_c_e_e_rifiutato(cella: str) -> None:
    with pytest.raises(CellaErrata, match="non è un mese"):
        valori.mese(cella)


def test_un_anno_ha_quattro_cifre() -> None:
    assert (valori.anno("2026"), valori.anno("2026,00"), valori.anno("N/D")) == (2026, 2026, None)
    for cella in ("26", "20260", "1949", "2101"):
        with pytest.raises(CellaErrata, match="quattro cifre"):
            valori.anno(cella)


# --- Codes -----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 999))
def test_gli_zeri_persi_dai_fogli_di_calcolo_tornano(numero: int) -> None:
    leggi = valori.codice_numerico(3)

    assert {
        leggi(scritto) for scritto in (str(numero), f"{numero:03}", f" {numero}", f"{numero}.0", f"{numero},00")
    } == {f"{numero:03}"}


@pytest.mark.parametrize("cella", ["1000", "1,5", "A1", "-1"])
def test_un_codice_che_non_ci_sta_e_rifiutato(cella: str) -> None:
    with pytest.raises(CellaErrata, match="3 cifre"):
        valori.codice_numerico(3)(cella)


def test_un_codice_che_manca_e_quello_di_tutto_il_territorio_se_richiesto() -> None:
    assert valori.codice_numerico(3)("N/D") == ""
    assert valori.codice_numerico(3, se_manca="000")("N/D") == "000"


@pytest.mark.parametrize(("cella", "cap"), [("20100", "20100"), ("187", "00187"), ("00000", ""), ("0", ""), ("", "")])
def test_il_cap(cella: str, cap: str) -> None:
    assert valori.cap(cella) == cap


def test_un_cap_sbagliato_non_fa_perdere_la_riga() -> None:
    assert dubbio(valori.cap, "2010A").valore == ""


def test_la_natura_ha_due_cifre_ed_e_una_di_quelle_del_sistema_cup() -> None:
    assert valori.codice_natura("3") == "03"
    assert valori.codice_natura("03") == "03"
    assert dubbio(valori.codice_natura, "5").valore == "05"


@given(st.integers(0, 9_999_999_999))
def test_una_partita_iva_senza_gli_zeri_iniziali_li_ritrova(numero: int) -> None:
    senza_controllo = f"{numero:010}"
    intera = next(codice for cifra in range(10) if valori.controllo_partita_iva(codice := f"{senza_controllo}{cifra}"))

    if numero == 0:
        assert valori.codice_fiscale(intera) == ""
    else:
        assert valori.codice_fiscale(intera) == intera
        assert valori.codice_fiscale(intera.lstrip("0")) == intera
        assert valori.codice_fiscale(f"IT {intera}") == intera


@given(st.integers(1, 9_999_999_999), st.integers(1, 9))
def test_una_cifra_di_controllo_che_non_torna_si_dice(numero: int, scarto: int) -> None:
    intera = next(codice for cifra in range(10) if valori.controllo_partita_iva(codice := f"{numero:010}{cifra}"))
    sbagliata = f"{intera[:10]}{(int(intera[10]) + scarto) % 10}"

    assert dubbio(valori.codice_fiscale, sbagliata).valore == sbagliata


@pytest.mark.parametrize("cella", ["", "****************", "***********", "N/D", "-", "0", "00000000000"])
def test_un_codice_fiscale_mascherato_o_assente_e_vuoto(cella: str) -> None:
    assert valori.codice_fiscale(cella) == ""


def test_un_codice_fiscale_insolito_si_prende_e_si_dice() -> None:
    assert valori.codice_fiscale("rssmra80a01f205x") == "RSSMRA80A01F205X"
    assert dubbio(valori.codice_fiscale, "CHE-123.456.789").valore == "CHE-123.456.789"
    assert dubbio(valori.codice_fiscale, "1" * 17).valore == ""


def test_il_cig_e_quello_di_un_accordo_quadro() -> None:
    assert valori.codice_cig(" 94722560ef") == "94722560EF"
    assert valori.codice_cig("N/A") == ""
    assert dubbio(valori.codice_cig, "10D3").valore == "00000010D3"
    with pytest.raises(CellaErrata, match="non tornano"):
        valori.codice_cig("94722560EE")
    assert dubbio(valori.codice_cig_facoltativo, "94722560EE").valore == ""


def test_il_motivo_000_vuol_dire_che_il_cig_c_e() -> None:
    assert [valori.motivo_assenza_cig(cella) for cella in ("000", "0", "19", "")] == ["", "", "019", ""]


def test_un_cup_minuscolo_o_con_spazi_si_prende_e_si_dice() -> None:
    assert valori.codice_cup(" B42J22000010001\u00a0") == "B42J22000010001"
    for scritto in ("b42j22000010001", "B42J 2200001 0001", "B42J22000010001\u200b"):
        dubbia = dubbio(valori.codice_cup, scritto)
        assert dubbia.valore == "B42J22000010001"
        assert "Era scritto" in str(dubbia)


def test_un_cup_insolito_in_un_modo_solo_non_fa_rumore_in_due_si() -> None:
    assert valori.codice_cup("Z42J22000010001") == "Z42J22000010001"
    assert valori.codice_cup("B42J22000010010") == "B42J22000010010"
    assert valori.codice_cup("B42J99000010001") == "B42J99000010001"
    assert dubbio(valori.codice_cup, "Z42J22000010010").valore == "Z42J22000010010"
    assert dubbio(valori.codice_cup, "B42J88000010001").valore == "B42J88000010001"


def test_un_cup_che_manca_e_vuoto_e_uno_sbagliato_e_rifiutato() -> None:
    assert [valori.codice_cup(cella) for cella in ("", "N/A", "null")] == ["", "", ""]
    with pytest.raises(CellaErrata, match="Il CUP ha 14 caratteri, ne servono 15: controlla B42J2200001000"):
        valori.codice_cup("B42J2200001000")


def test_i_comuni_di_un_elenco() -> None:
    assert valori.comuni("015146|15182; 001001") == ["015146", "015182", "001001"]
    assert valori.comuni("") == []
    with pytest.raises(CellaErrata, match="«Rho» non è un codice ISTAT"):
        valori.comuni("015146|Rho")


# --- Texts and choices -----------------------------------------------------------------------------------------------


@given(st.text(max_size=80))
def test_un_testo_pulito_e_una_riga_sola_e_pulirlo_ancora_non_lo_cambia(testo: str) -> None:
    pulito = valori.pulisci(testo)

    assert pulito == " ".join(pulito.split())
    assert valori.pulisci(pulito) == pulito


def test_gli_avanzi_di_excel_e_gli_spazi_insecabili_diventano_spazi() -> None:
    assert valori.pulisci("Società\u00a0 a responsabilità_x000D_\nlimitata") == "Società a responsabilità limitata"


@pytest.mark.parametrize("cella", ["N/D", "n.d.", "-", "null", "Non Disponibile", "\u00a0"])
def test_dove_non_c_e_un_dato_il_testo_e_vuoto(cella: str) -> None:
    assert valori.libero(10)(cella) == ""


def test_un_testo_lungo_quanto_il_campo_sta_intero_e_uno_in_piu_e_tagliato_e_detto() -> None:
    leggi = valori.libero(10)

    assert leggi("a" * 10) == "a" * 10
    dubbia = dubbio(leggi, "a" * 11)
    assert dubbia.valore == "a" * 10
    assert "ha 11 caratteri e il portale ne tiene 10" in str(dubbia)


def test_una_chiave_troppo_lunga_non_si_taglia() -> None:
    assert valori.chiave(10)("a" * 10) == "a" * 10
    with pytest.raises(CellaErrata, match="ha 11 caratteri"):
        valori.chiave(10)("a" * 11)


def test_lo_stato_del_cup() -> None:
    assert [valori.stato_cup(cella) for cella in ("ATTIVO", "Attivo", "Chiuso", "")] == [
        "attivo",
        "attivo",
        "chiuso",
        "",
    ]
    assert dubbio(valori.stato_cup, "Sospeso").valore == ""


@pytest.mark.parametrize(
    ("cella", "valore"), [("Sì", True), ("SI", True), ("s", True), ("1", True), ("No", False), ("0", False), ("", None)]
)
def test_si_e_no(cella: str, valore: bool | None) -> None:
    assert valori.si_no(cella) is valore


def test_cio_che_non_e_ne_si_ne_no_e_rifiutato() -> None:
    with pytest.raises(CellaErrata, match="né sì né no"):
        valori.si_no("forse")


@pytest.mark.parametrize(
    ("cella", "ruolo"),
    [
        ("ATTUATORE DEL PROGETTO", "attuatore"),
        ("Programmatore", "programmatore"),
        ("Destinatario", "altro"),
        ("", "altro"),
    ],
)
def test_il_ruolo_di_un_soggetto(cella: str, ruolo: str) -> None:
    assert valori.ruolo_soggetto(cella) == ruolo
