"""The real extracts of ../shared/data, against a second and naive reading of the same files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from interventi import cig
from interventi.importazione.lettura import apri
from interventi.importazione.tipi import RigaLetta, Tabella, TabellaLetta
from tests.interventi.campioni import CONDIVISI, csv_di, leggi_tutto, ragioni, senza_dati_condivisi, xlsx_di, zip_di

pytestmark = senza_dati_condivisi

REGIS = CONDIVISI / "regis"
GARE = REGIS / "PNRR_Gare_Aggiudicatari_2023-03-01_milano_e_pui.csv"
INDICATORI = REGIS / "PNRR_Indicatori_Target_2024-12-13_milano_e_pui.csv"
LUOGHI = REGIS / "PNRR_Localizzazione_2023-03-01_milano_e_pui.csv"
LUOGHI_VALIDATI = REGIS / "PNRR_Localizzazione_Dati_Validati_2023-02_milano_e_M5C2.csv"
PAGAMENTI = REGIS / "PNRR_Pagamenti_di_Progetto_2024-12-13_milano_e_pui.csv"
PROGETTI = REGIS / "PNRR_Progetti_Dati_Validati_2023-02_milano_e_M5C2.csv"
ELENCO = CONDIVISI / "pui_milano" / "pui_milano_interventi.csv"

QUANTE = {
    GARE: (Tabella.GARE, 2052),
    INDICATORI: (Tabella.INDICATORI, 3433),
    LUOGHI: (Tabella.LOCALIZZAZIONI, 4980),
    LUOGHI_VALIDATI: (Tabella.LOCALIZZAZIONI, 4604),
    PAGAMENTI: (Tabella.PAGAMENTI, 1920),
    PROGETTI: (Tabella.PROGETTI, 2265),
    ELENCO: (Tabella.ELENCO, 143),
}


def leggi(percorso: Path) -> tuple[TabellaLetta, list[RigaLetta]]:
    ((tabella, righe),) = [(tabella, list(tabella.righe)) for tabella in apri(percorso, percorso.name)]
    return tabella, righe


def alla_buona(percorso: Path) -> list[dict[str, str]]:
    with percorso.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def somma(righe: Iterable[dict[str, str]], colonna: str) -> Decimal:
    """Sum of a column whose cells are all "1234,56" or blank, without our parsers."""
    return sum((Decimal(riga[colonna].replace(".", "").replace(",", ".") or 0) for riga in righe), Decimal(0))


def totale(righe: list[RigaLetta], campo: str) -> Decimal:
    return sum((riga.valori[campo] or Decimal(0) for riga in righe), Decimal(0))


@pytest.mark.parametrize("percorso", QUANTE, ids=lambda percorso: percorso.stem[:30])
def test_ogni_riga_vera_si_legge_senza_rifiuti_ne_dubbi(percorso: Path) -> None:
    tabella, righe = leggi(percorso)

    assert (tabella.tabella, len(righe)) == QUANTE[percorso]
    assert len(righe) == len(alla_buona(percorso))
    assert tabella.colonne_ignote == []
    assert tabella.formato == "CSV con «;», UTF-8 con BOM"
    assert ragioni(righe) == []
    assert [riga.valori["cup"] for riga in righe] == [riga["CUP"] for riga in alla_buona(percorso)]


@pytest.mark.parametrize(
    ("percorso", "colonne"),
    [
        (
            PROGETTI,
            {
                "finanziamento_totale": "Finanziamento Totale",
                "finanziamento_pubblico": "Finanziamento Totale Pubblico",
                "finanziamento_pubblico_netto": "Finanziamento Totale Pubblico Netto",
                "fin_pnrr": "Finanziamento PNRR",
                "fin_ue": "Finanziamento UE (diverso da PNRR)",
                "fin_privato": "Finanziamento Privato",
                "fin_altri_fondi": "Altri fondi",
            },
        ),
        (
            PAGAMENTI,
            {
                "finanziamento_totale": "Finanziamento Totale",
                "fin_pnrr": "Finanziamento PNRR",
                "pagamenti_totali": "Pagamenti Totali",
                "pag_pnrr": "Pagamenti Totali PNRR",
                "pag_stato": "Finanziamento - Stato",
                "pag_foi": "Pagamenti totali Stato - FOI",
                "pag_comune": "Pagamenti totali Comune",
            },
        ),
        (GARE, {"importo": "Importo complessivo gara", "importo_aggiudicato": "Importo aggiudicazione"}),
        (INDICATORI, {"programmato": "Valore Programmato", "realizzato": "Valore Realizzato"}),
        (
            ELENCO,
            {
                "finanziamento_totale": "Finanziamento Totale 2025-03-31",
                "fin_pnrr": "Finanziamento PNRR 2025-03-31",
                "pagamenti_totali": "Pagamenti Totali 2025-03-31",
                "pag_pnrr": "Pagamenti Totali PNRR 2025-03-31",
                "mq_programmati": "MQ programmati",
                "mq_realizzati": "MQ realizzati",
                "completati_programmati": "Interventi completati programmati",
                "completati_realizzati": "Interventi completati realizzati",
            },
        ),
    ],
    ids=["progetti", "pagamenti", "gare", "indicatori", "elenco"],
)
def test_le_somme_sono_esatte_al_centesimo(percorso: Path, colonne: dict[str, str]) -> None:
    _, righe = leggi(percorso)
    vere = alla_buona(percorso)

    assert {campo: totale(righe, campo) for campo in colonne} == {
        campo: somma(vere, colonna) for campo, colonna in colonne.items()
    }


def test_la_colonna_finanziamento_stato_dei_pagamenti_e_un_pagamento() -> None:
    """The evidence for reading it as `pag_stato`: with it the sources add up to the total, without it they do not."""
    _, righe = leggi(PAGAMENTI)
    con_stato = [riga.valori for riga in righe if riga.valori["pag_stato"]]

    def altre(valori: dict[str, Decimal]) -> Decimal:
        return sum((v for k, v in valori.items() if k.startswith("pag_") and k != "pag_stato"), Decimal(0))

    assert len(con_stato) == 134
    assert sum(altre(valori) == valori["pagamenti_totali"] for valori in con_stato) == 0
    assert sum(altre(valori) + valori["pag_stato"] == valori["pagamenti_totali"] for valori in con_stato) == 78
    eccedenze = [altre(riga.valori) + riga.valori["pag_stato"] - riga.valori["pagamenti_totali"] for riga in righe]
    assert max(eccedenze) == Decimal("0.01")


def test_l_elenco_dei_piani_urbani_integrati() -> None:
    _, righe = leggi(ELENCO)
    valori = [riga.valori for riga in righe]

    assert Counter(riga["piano"] for riga in valori) == {"COME IN": 34, "SPUGNA": 90, "CAMBIO": 5, "MICA": 14}
    assert {riga["dati_al"] for riga in valori} == {date(2025, 3, 31)}
    assert {len(comune) for riga in valori for comune in riga["comuni"]} == {6}
    assert len({comune for riga in valori if riga["piano"] == "COME IN" for comune in riga["comuni"]}) == 34
    assert len({comune for riga in valori if riga["piano"] == "SPUGNA" for comune in riga["comuni"]}) == 32
    senza_pagamenti = {riga["cup"] for riga in valori if riga["pagamenti_totali"] is None}
    assert senza_pagamenti == {"J38I22000110001", "B43C22000370006"}


def test_i_codici_hanno_i_loro_zeri() -> None:
    _, progetti = leggi(PROGETTI)
    _, luoghi = leggi(LUOGHI_VALIDATI)

    assert {len(riga.valori["attuatore_cf"]) for riga in progetti} == {11}
    assert {riga.valori["natura"] for riga in progetti} == {"", "01", "02", "03", "06", "07"}
    assert {len(riga.valori["categoria"]) for riga in progetti} == {0, 3}
    assert {riga.valori["stato_cup"] for riga in progetti} == {"attivo", "chiuso"}
    assert {len(riga.valori["codice_comune"]) for riga in luoghi} == {3}
    assert sum(riga.valori["cap"] == "" for riga in luoghi) == 519


def test_le_gare_con_i_loro_vincitori() -> None:
    _, righe = leggi(GARE)
    valori = [riga.valori for riga in righe]

    assert sum(riga["cig"] == "" for riga in valori) == 253
    assert all(cig.verifica(riga["cig"]).valido for riga in valori if riga["cig"])
    assert sum(len(riga["operatori"]) for riga in valori) == 2052 - 1342
    assert {operatore["codice_fiscale"] for riga in valori for operatore in riga["operatori"]}.isdisjoint({"*" * 16})
    assert sum(riga["motivo_assenza_codice"] != "" for riga in valori) == 253


@pytest.mark.parametrize("percorso", QUANTE, ids=lambda percorso: percorso.stem[:30])
def test_gli_stessi_dati_in_ogni_formato_danno_gli_stessi_valori(percorso: Path) -> None:
    with percorso.open(encoding="utf-8-sig", newline="") as file:
        celle = list(csv.reader(file, delimiter=";"))
    _, attese = leggi(percorso)
    in_1252 = [[cella.encode("windows-1252", "ignore").decode("windows-1252") for cella in riga] for riga in celle]

    for contenuto, nome in [
        (csv_di(celle, delimitatore=",", codifica="utf-8"), "a.csv"),
        (xlsx_di({"Foglio1": celle}), "a.xlsx"),
        (zip_di({"a.csv": percorso.read_bytes()}), "a.zip"),
    ]:
        ((_, righe),) = leggi_tutto(contenuto, nome)
        assert [riga.valori for riga in righe] == [riga.valori for riga in attese], nome
    ((_, righe),) = leggi_tutto(csv_di(in_1252, codifica="windows-1252"), "a.csv")
    diversi = sum(una.valori != altra.valori for una, altra in zip(righe, attese, strict=True))
    assert diversi == sum(una != altra for una, altra in zip(in_1252, celle, strict=True))


def test_tutti_i_file_veri_in_uno_zip_solo() -> None:
    contenuto = zip_di({percorso.name: percorso.read_bytes() for percorso in QUANTE})

    lette = [(tabella.tabella, sum(1 for _ in tabella.righe)) for tabella in apri(io.BytesIO(contenuto), "tutti.zip")]

    assert lette == list(QUANTE.values())
