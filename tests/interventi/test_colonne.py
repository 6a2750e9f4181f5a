"""Tables are recognised by their columns, in every generation of headers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from interventi.importazione.colonne import DESCRIZIONI, PAGAMENTI, PROGETTI
from interventi.importazione.intestazioni import chiave_di, separa_data
from interventi.importazione.riconoscimento import riconosci
from interventi.importazione.tipi import FileNonLeggibile, Tabella
from interventi.scelte import FonteFinanziamento
from tests.interventi.campioni import (
    CONDIVISI,
    CUP,
    SUBMISURA,
    csv_di,
    generazioni,
    leggi_una,
    ragioni,
    riga_per,
    senza_dati_condivisi,
)

ATTESE = [
    ("snapshot_2026-06-13", "PNRR_Progetti.csv", Tabella.PROGETTI),
    ("snapshot_2026-06-13", "PNRR_Localizzazione.csv", Tabella.LOCALIZZAZIONI),
    ("snapshot_2026-06-13", "PNRR_Gare.csv", Tabella.GARE),
    ("snapshot_2026-06-13", "PNRR_Aggiudicatari_Gare.csv", Tabella.AGGIUDICATARI),
    ("snapshot_2024-12-13", "PNRR_Pagamenti_di_Progetto.csv", Tabella.PAGAMENTI),
    ("snapshot_2024-12-13", "PNRR_Aggiudicatari_Gare.csv", Tabella.AGGIUDICATARI),
    ("snapshot_2024-12-13", "PNRR_Indicatori_Target.csv", Tabella.INDICATORI),
    ("snapshot_2024-12-13", "PNRR_Subappaltatori_Gare.csv", Tabella.SUBAPPALTATORI),
    ("snapshot_2023-02_validati", "PNRR_Progetti_Dati_Validati.csv", Tabella.PROGETTI),
    ("snapshot_2023-02_validati", "PNRR_Localizzazione-Dati_Validati.csv", Tabella.LOCALIZZAZIONI),
    ("snapshot_2023-02_validati", "PNRR_Gare_Aggiudicatari-Dati_Validati.csv", Tabella.GARE),
    ("snapshot_2023-02_validati", "PNRR_Soggetti-Dati_Validati.csv", Tabella.SOGGETTI),
    ("snapshot_2023-03-01_universo", "PNRR_Localizzazione-Universo_REGIS.csv", Tabella.LOCALIZZAZIONI),
    ("snapshot_2023-03-01_universo", "PNRR_Gare_Aggiudicatari-Universo_REGIS.csv", Tabella.GARE),
    ("snapshot_2022", "PNRR_Progetti.csv", Tabella.PROGETTI),
    ("snapshot_2022", "PNRR_Localizzazione.csv", Tabella.LOCALIZZAZIONI),
    ("snapshot_2022", "PNRR_Soggetti.csv", Tabella.SOGGETTI),
    ("snapshot_2022", "PNRR_Gare.csv", Tabella.GARE),
]
LOCALIZZAZIONE = ["Codice Univoco Submisura", "CUP", "Codice Locale Progetto", "Regione", "Provincia", "Comune"]


def prima_riga(generazione: str, file: str) -> dict[str, object]:
    intestazioni = generazioni()[generazione][file]
    _, righe = leggi_una(csv_di([intestazioni, riga_per(intestazioni)]))
    return righe[0].valori


@senza_dati_condivisi
@pytest.mark.parametrize(("generazione", "file", "tabella"), ATTESE)
def test_ogni_generazione_e_riconosciuta_senza_colonne_ignote_e_la_sua_riga_si_prende(
    generazione: str, file: str, tabella: Tabella
) -> None:
    intestazioni = generazioni()[generazione][file]

    letta, righe = leggi_una(csv_di([intestazioni, riga_per(intestazioni)]))

    assert letta.tabella == tabella
    assert letta.colonne_ignote == []
    assert letta.intestazioni == [nome.strip() for nome in intestazioni]
    assert ragioni(righe) == []
    assert [(riga.numero, riga.valori["cup"]) for riga in righe] == [(2, CUP)]


@senza_dati_condivisi
def test_non_c_e_una_generazione_che_nessun_test_prova() -> None:
    tutte = {
        (generazione, file)
        for generazione, tabelle in generazioni().items()
        if isinstance(tabelle, dict)
        for file in tabelle
        if file.endswith(".csv")
    }

    assert tutte - {(generazione, file) for generazione, file, _ in ATTESE} == {
        ("snapshot_2022", "PNRR_TAG_Progetti.csv")
    }


@senza_dati_condivisi
def test_i_progetti_del_2026_danno_tutti_i_campi() -> None:
    valori = prima_riga("snapshot_2026-06-13", "PNRR_Progetti.csv")

    assert set(valori) == {colonna.campo for colonna in PROGETTI.colonne if colonna.campo}
    assert {f"fin_{fonte}" for fonte in FonteFinanziamento.values} <= set(valori)
    assert valori["natura"] == "03"
    assert (valori["tipologia"], valori["categoria"]) == ("07", "007")
    assert valori["stato_cup"] == "attivo"
    assert valori["fin_pnrr"] == Decimal("1234.56")
    assert valori["dati_al"] == valori["fine_effettiva"] == date(2024, 12, 13)
    assert valori["attuatore_cf"] == "03890690153"
    assert valori["progetto_in_essere"] is True


@senza_dati_condivisi
def test_una_colonna_che_il_file_non_ha_non_e_fra_i_valori() -> None:
    valori = prima_riga("snapshot_2022", "PNRR_Progetti.csv")

    assert valori["fin_ue"] == valori["finanziamento_totale"] == Decimal("1234.56")
    assert not {"stato_cup", "dati_al", "fin_stato", "sintesi"} & set(valori)


@senza_dati_condivisi
def test_i_soggetti_del_2022_stanno_in_una_riga_larga() -> None:
    soggetti = prima_riga("snapshot_2022", "PNRR_Soggetti.csv")["soggetti"]

    assert isinstance(soggetti, list)
    assert [soggetto["ruolo"] for soggetto in soggetti] == ["programmatore", "attuatore", "beneficiario"]
    for soggetto in soggetti:
        assert soggetto["codice_fiscale"] == "03890690153"
        assert soggetto["denominazione"] == f"testo di denominazione {soggetto['ruolo']}"
        assert soggetto["forma_giuridica"] == "COMUNE"
        assert soggetto["codice_ateco"] == "71.12.10"


@senza_dati_condivisi
@pytest.mark.parametrize(
    ("generazione", "file", "tipo"),
    [
        ("snapshot_2023-03-01_universo", "PNRR_Gare_Aggiudicatari-Universo_REGIS.csv", "aggiudicatario"),
        ("snapshot_2022", "PNRR_Gare.csv", "aggiudicatario"),
        ("snapshot_2026-06-13", "PNRR_Aggiudicatari_Gare.csv", "aggiudicatario"),
        ("snapshot_2024-12-13", "PNRR_Subappaltatori_Gare.csv", "subappaltatore"),
    ],
)
def test_gli_operatori_di_una_gara(generazione: str, file: str, tipo: str) -> None:
    operatori = prima_riga(generazione, file)["operatori"]

    assert isinstance(operatori, list)
    assert [(operatore["tipo"], operatore["codice_fiscale"]) for operatore in operatori] == [(tipo, "03890690153")]
    assert set(operatori[0]) == {"tipo", "codice_fiscale", "denominazione", "ruolo", "forma_giuridica", "codice_ateco"}


def test_le_fonti_dei_pagamenti_sono_quelle_del_registro() -> None:
    pagate = {colonna.campo.removeprefix("pag_") for colonna in PAGAMENTI.colonne if colonna.campo.startswith("pag_")}

    assert pagate == set(FonteFinanziamento.values)


def test_nella_stessa_tabella_un_nome_di_colonna_ha_un_senso_solo() -> None:
    for descrizione in DESCRIZIONI:
        chiavi = [chiave for colonna in descrizione.colonne for chiave in set(colonna.chiavi)]
        assert len(chiavi) == len(set(chiavi)), descrizione.tabella


@senza_dati_condivisi
@pytest.mark.parametrize(
    ("generazione", "file"),
    [
        ("snapshot_2022", "PNRR_TAG_Progetti.csv"),
        ("opencup_focus_pnrr_2023", ""),
        ("opencup_localizzazione_2022", ""),
        ("opencup_progetti_bulk_2026", ""),
    ],
)
def test_le_tabelle_che_il_portale_non_prende_si_riconoscono_e_si_dice_che_cosa_caricare(
    generazione: str, file: str
) -> None:
    intestazioni = generazioni()[generazione]
    nomi = intestazioni[file] if file else list(intestazioni)

    with pytest.raises(
        FileNonLeggibile, match=r"^Questo file è .*il portale non ne prende i dati; carica invece PNRR_"
    ):
        leggi_una(csv_di([nomi, ["x"] * len(nomi)]))


@senza_dati_condivisi
@pytest.mark.parametrize(
    "percorso",
    ["opencup/opencup_focus_pnrr_regione_piemonte.csv", "opencup/opencup_localizzazioni_pnrr_lombardia.csv"],
)
def test_i_file_veri_di_opencup_sono_rifiutati_con_garbo(percorso: str) -> None:
    with pytest.raises(FileNonLeggibile, match="OpenCUP"):
        leggi_una((CONDIVISI / percorso).read_bytes())


@pytest.mark.parametrize(
    "scritta", ["CUP_COD_NATURA", "cup cod natura", " Cup  Cod.\u00a0Natura ", "\ufeffCUP COD NATURA", "Cùp Cod-Natura"]
)
def test_maiuscole_accenti_segni_e_spazi_non_contano(scritta: str) -> None:
    assert chiave_di(scritta) == "cup cod natura"


def test_l_ordine_delle_colonne_non_conta() -> None:
    rovesciate = LOCALIZZAZIONE[::-1]

    letta, righe = leggi_una(csv_di([rovesciate, riga_per(rovesciate)]))

    assert letta.tabella == Tabella.LOCALIZZAZIONI
    assert righe[0].valori["codice_comune"] == "182"


def test_una_colonna_nuova_e_detta_ignota_e_non_disturba() -> None:
    intestazioni = [*LOCALIZZAZIONE, "Colonna del 2027", ""]

    letta, righe = leggi_una(csv_di([intestazioni, [*riga_per(LOCALIZZAZIONE), "x", ""]]))

    assert letta.colonne_ignote == ["Colonna del 2027"]
    assert [riga.rifiutata for riga in righe] == [False]


@pytest.mark.parametrize("tolta", ["CUP", "Codice Univoco Submisura", "Provincia"])
def test_una_colonna_essenziale_che_manca_e_nominata(tolta: str) -> None:
    intestazioni = [nome for nome in LOCALIZZAZIONE if nome != tolta]

    with pytest.raises(FileNonLeggibile, match=f"sembra «Localizzazione», ma manca la colonna «{tolta}»"):
        leggi_una(csv_di([intestazioni, riga_per(intestazioni)]))


def test_piu_colonne_essenziali_che_mancano_sono_tutte_nominate() -> None:
    intestazioni = ["CUP", "Codice Locale Progetto", "Descrizione Indicatore", "Valore Programmato", "Mese"]

    with pytest.raises(FileNonLeggibile, match="mancano le colonne «Codice Univoco Submisura», «Codice Indicatore»"):
        leggi_una(csv_di([intestazioni, riga_per(intestazioni)]))


def test_una_colonna_doppia_e_rifiutata() -> None:
    intestazioni = [*LOCALIZZAZIONE, "Comune"]

    with pytest.raises(FileNonLeggibile, match="La colonna «Comune» c'è più di una volta"):
        leggi_una(csv_di([intestazioni, riga_per(intestazioni)]))


def test_un_file_di_altro_argomento_non_e_riconosciuto() -> None:
    with pytest.raises(FileNonLeggibile, match="non c'è l'intestazione di una tabella che il portale conosce"):
        leggi_una(csv_di([["Nome", "Cognome", "Comune", "CUP", "Età"], ["a", "b", "c", "d", "e"]]))


def test_le_colonne_comuni_da_sole_non_fanno_una_tabella() -> None:
    assert riconosci(["CUP", "Codice Locale Progetto", "Codice Univoco Submisura", "Data di Estrazione"]) is None


# --- The list of CUPs ------------------------------------------------------------------------------------------------


def test_in_un_elenco_vale_la_data_piu_recente_delle_intestazioni() -> None:
    intestazioni = [
        "CUP",
        "Codice Univoco Submisura",
        "Finanziamento Totale 2024-12-13",
        "Pagamenti Totali 2024-12-13",
        "Finanziamento Totale (31/03/2025)",
        "N. CIG 2026-01-01",
    ]

    letta, righe = leggi_una(csv_di([intestazioni, [CUP, SUBMISURA, "1,00", "3,00", "2,00", "9"]]))

    assert letta.tabella == Tabella.ELENCO
    assert letta.colonne_ignote == []
    assert righe[0].valori == {
        "dati_al": date(2025, 3, 31),
        "cup": CUP,
        "submisura": SUBMISURA,
        "finanziamento_totale": Decimal("2.00"),
    }


@pytest.mark.parametrize(
    ("nome", "atteso"),
    [
        ("Pagamenti Totali 2025-03-31", ("Pagamenti Totali", date(2025, 3, 31))),
        ("Oggetto gara (2023-03-01)", ("Oggetto gara", date(2023, 3, 1))),
        ("Importo al 31/12/2024", ("Importo al", date(2024, 12, 31))),
        ("Codice 2025-13-01", ("Codice 2025-13-01", None)),
        ("Finanziamento PNRR", ("Finanziamento PNRR", None)),
    ],
)
def test_la_data_in_coda_a_un_intestazione(nome: str, atteso: tuple[str, date | None]) -> None:
    assert separa_data(nome) == atteso
