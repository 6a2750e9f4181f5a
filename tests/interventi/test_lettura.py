"""Files as they arrive: encodings, workbooks, archives, and everything that people upload by mistake."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from hypothesis import given
from hypothesis import strategies as st

from interventi.importazione import archivi
from interventi.importazione.lettura import apri
from interventi.importazione.tipi import FileNonLeggibile, Tabella
from tests.interventi.campioni import (
    CIG,
    CUP,
    CUP_2,
    SUBMISURA,
    csv_di,
    leggi_tutto,
    leggi_una,
    ragioni,
    xlsx_di,
    zip_di,
)

PROGETTI = [
    "Codice Univoco Submisura",
    "CUP",
    "Codice Locale Progetto",
    "Titolo Progetto",
    "Finanziamento Totale",
    "Data di Estrazione",
]
RIGHE = [
    [SUBMISURA, CUP, "CLP-1", "Riqualificazione di piazza Libertà", "1.234.567,89", "13/12/2024"],
    [SUBMISURA, CUP_2, "CLP-2", 'Parco «Città»; detto "il Bosco"\ndi via Po – 2° lotto, € 3', "0,00", "13/12/2024"],
]
VALORI = [
    {
        "cup": CUP,
        "clp": "CLP-1",
        "submisura": SUBMISURA,
        "titolo": "Riqualificazione di piazza Libertà",
        "finanziamento_totale": Decimal("1234567.89"),
        "dati_al": date(2024, 12, 13),
    },
    {
        "cup": CUP_2,
        "clp": "CLP-2",
        "submisura": SUBMISURA,
        "titolo": 'Parco «Città»; detto "il Bosco" di via Po – 2° lotto, € 3',
        "finanziamento_totale": Decimal("0.00"),
        "dati_al": date(2024, 12, 13),
    },
]
BUONO = csv_di([PROGETTI, *RIGHE])


def con(riga: int, colonna: str, valore: str) -> bytes:
    """The good file with one cell changed."""
    righe = [list(cella) for cella in RIGHE]
    righe[riga][PROGETTI.index(colonna)] = valore
    return csv_di([PROGETTI, *righe])


def non_leggibile(contenuto: bytes, nome: str = "prova.csv") -> str:
    with pytest.raises(FileNonLeggibile) as errore:
        leggi_tutto(contenuto, nome)
    return str(errore.value)


# --- The same content in every dress ---------------------------------------------------------------------------------


@pytest.mark.parametrize("delimitatore", [";", ",", "\t", "|"])
@pytest.mark.parametrize("codifica", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("a_capo", ["\r\n", "\n"])
def test_lo_stesso_csv_in_ogni_codifica_e_con_ogni_separatore(delimitatore: str, codifica: str, a_capo: str) -> None:
    contenuto = csv_di([PROGETTI, *RIGHE], delimitatore=delimitatore, codifica=codifica, a_capo=a_capo)

    letta, righe = leggi_una(contenuto)

    assert letta.tabella == Tabella.PROGETTI
    assert [riga.valori for riga in righe] == VALORI
    assert [riga.numero for riga in righe] == [2, 3]
    assert ragioni(righe) == []


@pytest.mark.parametrize(
    ("delimitatore", "codifica", "formato"),
    [
        (";", "utf-8-sig", "CSV con «;», UTF-8 con BOM"),
        (",", "utf-8", "CSV con «,», UTF-8"),
        ("\t", "windows-1252", "CSV con tabulazioni, windows-1252"),
    ],
)
def test_il_formato_si_dice_a_chi_ha_caricato(delimitatore: str, codifica: str, formato: str) -> None:
    letta, _ = leggi_una(csv_di([PROGETTI, *RIGHE], delimitatore=delimitatore, codifica=codifica))

    assert letta.formato == formato


def test_lo_stesso_contenuto_in_una_cartella_di_excel() -> None:
    ((letta, righe),) = leggi_tutto(xlsx_di({"Progetti": [PROGETTI, *RIGHE]}), "prova.xlsx")

    assert [riga.valori for riga in righe] == VALORI
    assert (letta.nome, letta.formato) == ("prova.xlsx › Progetti", "XLSX, foglio «Progetti»")


def test_numeri_e_date_di_excel_valgono_come_i_testi() -> None:
    vere = [
        [*RIGHE[0][:4], 1234567.89, date(2024, 12, 13)],
        [*RIGHE[1][:4], 0, date(2024, 12, 13)],
    ]

    ((_, righe),) = leggi_tutto(xlsx_di({"Foglio1": [PROGETTI, *vere]}), "prova.xlsx")

    assert [riga.valori for riga in righe] == VALORI


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_i_centesimi_di_excel_sono_esatti(importo: Decimal) -> None:
    contenuto = xlsx_di({"Foglio1": [PROGETTI, [*RIGHE[0][:4], importo, date(2024, 12, 13)]]})

    ((_, righe),) = leggi_tutto(contenuto, "prova.xlsx")

    assert [riga.valori.get("finanziamento_totale") for riga in righe] == [importo]


def test_il_rumore_in_coda_ai_conti_di_excel_non_conta_e_tre_decimali_veri_si() -> None:
    somma = [*RIGHE[0][:4], 0.1 + 0.2, date(2024, 12, 13)]
    vero = [*RIGHE[0][:4], 1.005, date(2024, 12, 13)]

    ((_, righe),) = leggi_tutto(xlsx_di({"Foglio1": [PROGETTI, somma, vero]}), "prova.xlsx")

    assert righe[0].valori["finanziamento_totale"] == Decimal("0.30")
    assert righe[1].rifiutata


def test_un_codice_numerico_di_excel_ritrova_i_suoi_zeri() -> None:
    intestazioni = ["Codice Univoco Submisura", "CUP", "Regione", "Provincia", "Comune", "CAP"]
    contenuto = xlsx_di({"Foglio1": [intestazioni, [SUBMISURA, CUP, 3, 15, 146, 20100]]})

    ((_, righe),) = leggi_tutto(contenuto, "prova.xlsx")

    valori = righe[0].valori
    assert [valori[f"codice_{livello}"] for livello in ("regione", "provincia", "comune")] == ["003", "015", "146"]
    assert valori["cap"] == "20100"


def test_di_una_cartella_si_leggono_tutti_i_fogli_pieni() -> None:
    gare = ["Codice Univoco Submisura", "CUP", "CIG", "Importo Aggiudicazione"]
    contenuto = xlsx_di({"Progetti": [PROGETTI, *RIGHE], "Foglio2": [], "Gare": [gare, [SUBMISURA, CUP, CIG, "10,00"]]})

    lette = leggi_tutto(contenuto, "prova.xlsx")

    assert [(letta.tabella, len(righe)) for letta, righe in lette] == [(Tabella.PROGETTI, 2), (Tabella.GARE, 1)]


def test_le_righe_di_un_foglio_hanno_il_numero_che_si_vede_in_excel() -> None:
    contenuto = xlsx_di({"Foglio1": [[], ["Estratto del 13/12/2024"], [], PROGETTI, RIGHE[0], [], RIGHE[1]]})

    ((_, righe),) = leggi_tutto(contenuto, "prova.xlsx")

    assert [riga.numero for riga in righe] == [5, 7]


def test_uno_zip_contiene_csv_e_cartelle_e_gli_avanzi_dei_sistemi_non_contano() -> None:
    contenuto = zip_di(
        {
            "estratti/PNRR_Progetti.csv": BUONO,
            "__MACOSX/estratti/._PNRR_Progetti.csv": b"\x00\x05\x16\x07",
            "estratti/.DS_Store": b"\x00\x00",
            "altri.xlsx": xlsx_di({"Progetti": [PROGETTI, *RIGHE]}),
        }
    )

    lette = leggi_tutto(contenuto, "estratti.zip")

    assert [letta.nome for letta, _ in lette] == [
        "estratti.zip › PNRR_Progetti.csv",
        "estratti.zip › altri.xlsx › Progetti",
    ]
    assert all([riga.valori for riga in righe] == VALORI for _, righe in lette)


def test_un_percorso_si_legge_come_un_file_aperto(tmp_path: Path) -> None:
    percorso = tmp_path / "prova.csv"
    percorso.write_bytes(BUONO)

    assert [[riga.valori for riga in tabella.righe] for tabella in apri(percorso, "prova.csv")] == [VALORI]


@pytest.mark.parametrize(
    ("contenuto", "nome"),
    [
        (BUONO, "prova.csv"),
        (xlsx_di({"A": [PROGETTI, *RIGHE]}), "prova.xlsx"),
        (zip_di({"a.csv": BUONO}), "prova.zip"),
        (zip_di({"a.xlsx": xlsx_di({"A": [PROGETTI, *RIGHE]})}), "prova.zip"),
    ],
)
def test_un_file_del_deposito_di_django_si_legge_come_gli_altri(contenuto: bytes, nome: str, tmp_path: Path) -> None:
    deposito = FileSystemStorage(location=tmp_path)
    salvato = deposito.save(nome, ContentFile(contenuto))

    with deposito.open(salvato, "rb") as file:
        assert [[riga.valori for riga in tabella.righe] for tabella in apri(file, nome)] == [VALORI]


def test_il_file_di_chi_chiama_resta_aperto() -> None:
    file = io.BytesIO(BUONO)
    for tabella in apri(file, "prova.csv"):
        list(tabella.righe)

    assert not file.closed


@given(
    st.lists(
        st.text(st.characters(codec="windows-1252", exclude_categories=["Cc", "Cf"]), max_size=60),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([";", ",", "\t", "|"]),
)
def test_ogni_titolo_torna_com_era(titoli: list[str], codifica: str, delimitatore: str) -> None:
    righe = [[SUBMISURA, CUP, "", f"Via {titolo}", "1,00", ""] for titolo in titoli]

    _, lette = leggi_una(csv_di([PROGETTI, *righe], codifica=codifica, delimitatore=delimitatore))

    assert [riga.valori["titolo"] for riga in lette] == [" ".join(f"Via {titolo}".split()) for titolo in titoli]


# --- Where the header is ---------------------------------------------------------------------------------------------


def test_sopra_l_intestazione_possono_esserci_dei_titoli() -> None:
    contenuto = csv_di([["sep="], ["Estratto ReGiS", "al 13/12/2024"], [], PROGETTI, *RIGHE])

    _, righe = leggi_una(contenuto)

    assert [riga.numero for riga in righe] == [5, 6]
    assert [riga.valori for riga in righe] == VALORI


def test_l_intestazione_si_cerca_nelle_prime_venti_righe() -> None:
    assert len(leggi_una(csv_di([["titolo"]] * 19 + [PROGETTI, *RIGHE]))[1]) == 2
    assert "prime 20 righe" in non_leggibile(csv_di([["titolo"]] * 20 + [PROGETTI, *RIGHE]))


def test_la_seconda_riga_di_intestazione_e_rifiutata_e_si_dice_perche() -> None:
    _, righe = leggi_una(csv_di([PROGETTI, [nome.upper() for nome in PROGETTI], *RIGHE]))

    assert [riga.rifiutata for riga in righe] == [True, False, False]
    assert ragioni(righe) == ["È di nuovo la riga delle intestazioni: toglila."]


def test_due_righe_di_intestazione_diverse_vale_quella_con_i_nomi_conosciuti() -> None:
    gruppi = ["Chiave", "", "", "Anagrafica", "Importi", "Date"]

    _, righe = leggi_una(csv_di([gruppi, PROGETTI, *RIGHE]))

    assert [riga.valori for riga in righe] == VALORI


# --- Rows that are not taken -----------------------------------------------------------------------------------------


def test_le_righe_vuote_non_si_contano() -> None:
    vuote = b";;;;;\r\n\r\n ; ;\xc2\xa0;;;\r\n"

    _, righe = leggi_una(BUONO + vuote)

    assert len(righe) == 2


def test_un_cup_di_quattordici_caratteri_fa_rifiutare_la_riga_e_le_altre_restano() -> None:
    _, righe = leggi_una(con(0, "CUP", CUP[:-1]))

    assert [riga.rifiutata for riga in righe] == [True, False]
    (rilievo,) = righe[0].rilievi
    assert (rilievo.colonna, rilievo.valore) == ("CUP", CUP[:-1])
    assert rilievo.ragione == f"Il CUP ha 14 caratteri, ne servono 15: controlla {CUP[:-1]}."
    assert righe[0].celle[1] == CUP[:-1]


def test_un_importo_con_una_lettera_fa_rifiutare_la_riga_con_la_colonna_e_il_valore() -> None:
    _, righe = leggi_una(con(1, "Finanziamento Totale", "1.234.567,8x"))

    assert [riga.rifiutata for riga in righe] == [False, True]
    (rilievo,) = righe[1].rilievi
    assert (rilievo.colonna, rilievo.valore, rilievo.grave) == ("Finanziamento Totale", "1.234.567,8x", True)
    assert "non è un numero" in rilievo.ragione


@pytest.mark.parametrize("cup", ["", "N/A", "n/d", "null", "-", "\u00a0"])
def test_una_riga_senza_cup_e_rifiutata(cup: str) -> None:
    _, righe = leggi_una(con(0, "CUP", cup))

    assert [riga.rifiutata for riga in righe] == [True, False]
    assert ragioni(righe)[0].startswith("Manca il CUP, che fa parte della chiave")


def test_una_riga_senza_submisura_e_rifiutata() -> None:
    _, righe = leggi_una(con(0, "Codice Univoco Submisura", "N/D"))

    assert ragioni(righe) == ["Manca la submisura, che fa parte della chiave: scrivila."]


def test_un_cup_minuscolo_e_preso_con_un_rilievo_non_grave() -> None:
    _, righe = leggi_una(con(0, "CUP", CUP.lower()))

    assert [(riga.rifiutata, riga.valori["cup"]) for riga in righe] == [(False, CUP), (False, CUP_2)]
    assert len(righe[0].rilievi) == 1


def test_tutti_gli_errori_di_una_riga_si_dicono_insieme() -> None:
    riga = [SUBMISURA, "B1", "CLP", "Titolo", "x", "31/02/2024"]

    _, (letta,) = leggi_una(csv_di([PROGETTI, riga]))

    assert [rilievo.colonna for rilievo in letta.rilievi] == ["CUP", "Data di Estrazione", "Finanziamento Totale"]


@pytest.mark.parametrize(
    ("riga", "detto"),
    [
        (RIGHE[0][:-1], "La riga ha 5 celle e l'intestazione 6"),
        ([*RIGHE[0], "di troppo"], "La riga ha 7 celle e l'intestazione 6"),
        (["una sola"], "La riga ha una cella e l'intestazione 6"),
    ],
)
def test_una_riga_con_piu_o_meno_celle_e_rifiutata(riga: list[str], detto: str) -> None:
    _, righe = leggi_una(csv_di([PROGETTI, riga, RIGHE[1]]))

    assert [letta.rifiutata for letta in righe] == [True, False]
    assert ragioni(righe)[0].startswith(detto)
    assert righe[0].celle == riga


def test_celle_vuote_in_piu_alla_fine_non_contano() -> None:
    _, righe = leggi_una(csv_di([[*PROGETTI, "", ""], [*RIGHE[0], ""], [*RIGHE[1], "", "", " "]]))

    assert [riga.valori for riga in righe] == VALORI


def test_una_virgoletta_mai_chiusa_non_inghiotte_righe_in_silenzio() -> None:
    contenuto = (
        csv_di([PROGETTI]) + f'{SUBMISURA};{CUP};"aperta;x;1,00;\r\n'.encode() + csv_di(RIGHE[:1] * 3, codifica="utf-8")
    )

    _, righe = leggi_una(contenuto)

    assert [riga.rifiutata for riga in righe] == [True]
    assert "Occupa le linee da 2 a 5 del file: forse una virgoletta non è chiusa" in ragioni(righe)[0]


def test_una_cella_smisurata_per_una_virgoletta_mai_chiusa_ferma_la_lettura() -> None:
    contenuto = csv_di([PROGETTI]) + b'"' + csv_di(RIGHE[:1] * 3000, codifica="utf-8")

    assert "Dalla linea 2 il file non è un CSV ben scritto" in non_leggibile(contenuto)


def test_una_cella_su_piu_linee_non_sposta_i_numeri_delle_righe() -> None:
    _, righe = leggi_una(csv_di([PROGETTI, RIGHE[1], RIGHE[0]], a_capo="\n"))

    assert [riga.numero for riga in righe] == [2, 4]


def test_una_fine_effettiva_prima_dell_inizio_e_rifiutata_e_nello_stesso_giorno_no() -> None:
    intestazioni = [*PROGETTI, "Data Inizio Progetto Effettiva", "Data Fine Progetto Effettiva"]

    _, righe = leggi_una(
        csv_di([intestazioni, [*RIGHE[0], "02/01/2024", "01/01/2024"], [*RIGHE[1], "02/01/2024", "02/01/2024"]])
    )

    assert [riga.rifiutata for riga in righe] == [True, False]
    assert ragioni(righe) == ["La fine effettiva viene prima dell'inizio effettivo (02/01/2024)."]


@pytest.mark.parametrize(
    ("cig", "pda", "motivo", "rifiutata"),
    [(CIG, "", "", False), ("", "500", "", False), ("N/A", "", "ALTRO", False), ("0000000000", "", "N/D", True)],
)
def test_una_gara_ha_un_cig_un_codice_o_un_motivo(cig: str, pda: str, motivo: str, rifiutata: bool) -> None:
    intestazioni = [
        "Codice Univoco Submisura", "CUP", "CIG", "Codice Interno PDA", "Descrizione Motivo Assenza CIG",
        "Importo Aggiudicazione",
    ]  # fmt: skip

    _, (riga,) = leggi_una(csv_di([intestazioni, [SUBMISURA, CUP, cig, pda, motivo, "0,00"]]))

    assert riga.rifiutata is rifiutata


@pytest.mark.parametrize(
    ("codice", "nome", "quanti"),
    [
        ("03890690153", "", 1),
        ("", "Ditta", 1),
        ("****************", "NOMINATIVO OMESSO", 1),
        ("****************", "", 0),
    ],
)
def test_un_aggiudicatario_ha_un_nome_o_un_codice(codice: str, nome: str, quanti: int) -> None:
    intestazioni = ["Codice Univoco Submisura", "CUP", "CIG", "Codice Fiscale/P.IVA", "Denominazione Aggiudicatario"]

    _, (riga,) = leggi_una(csv_di([intestazioni, [SUBMISURA, CUP, CIG, codice, nome]]))

    assert len(riga.valori["operatori"]) == quanti
    assert riga.rifiutata is (quanti == 0)


# --- The file that the portal gives back to be mended ----------------------------------------------------------------


@pytest.mark.parametrize("davanti", [True, False])
def test_il_file_da_correggere_si_ricarica_e_le_colonne_del_portale_non_contano(davanti: bool) -> None:
    nostre, sue = ["Portale: file", "Portale: riga", "Portale: motivo"], ["a.csv", "2", "Il CUP ha 14 caratteri"]
    intestazioni = [*nostre, *PROGETTI] if davanti else [*PROGETTI, *nostre]
    righe = [[*sue, *riga] if davanti else [*riga, *sue] for riga in RIGHE]

    letta, lette = leggi_una(csv_di([intestazioni, *righe]))

    assert letta.intestazioni == PROGETTI
    assert letta.colonne_ignote == []
    assert [riga.valori for riga in lette] == VALORI
    assert [riga.celle for riga in lette] == RIGHE


def test_l_apostrofo_messo_dal_portale_davanti_alle_formule_si_toglie() -> None:
    riga = [SUBMISURA, CUP, "'-12", "'=SOMMA di opere", "1,00", ""]

    _, (dal_portale,) = leggi_una(csv_di([[*PROGETTI, "Portale: motivo"], [*riga, "x"]]))
    _, (da_fuori,) = leggi_una(csv_di([PROGETTI, riga]))

    assert (dal_portale.valori["clp"], dal_portale.valori["titolo"]) == ("-12", "=SOMMA di opere")
    assert da_fuori.valori["titolo"] == "'=SOMMA di opere"


# --- What people upload by mistake -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inizio", "detto"),
    [
        (b"\x89PNG\r\n\x1a\n", "un'immagine PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "un'immagine JPEG"),
        (b"%PDF-1.7\n", "un PDF"),
        (b"\x1f\x8b\x08\x00", "un archivio gzip"),
        (b"<!DOCTYPE html><html>", "una pagina web"),
    ],
)
def test_un_immagine_che_si_chiama_csv_si_riconosce_per_quello_che_e(inizio: bytes, detto: str) -> None:
    assert f"«foto.csv» è {detto}, non una tabella" in non_leggibile(inizio + bytes(range(256)), "foto.csv")


def test_dati_binari_qualsiasi_non_sono_un_testo() -> None:
    assert "non è un testo" in non_leggibile(b"abc\x00def")
    assert "non è un testo" in non_leggibile(BUONO + b"\x00")


@pytest.mark.parametrize("nome", ["vuoto.csv", "vuoto.xlsx", "vuoto.zip"])
def test_un_file_di_zero_byte(nome: str) -> None:
    assert "vuoto (0 byte)" in non_leggibile(b"", nome)


@pytest.mark.parametrize("nome", ["dati.doc", "dati", "dati.xls", "dati.csv.exe"])
def test_un_estensione_che_non_si_legge(nome: str) -> None:
    assert "carica un file .csv, .txt, .xlsx o .zip" in non_leggibile(BUONO, nome)


@pytest.mark.parametrize(
    ("contenuto", "nome"),
    [
        (BUONO, "prova.xlsx"),
        (BUONO, "prova.zip"),
        (xlsx_di({"A": [PROGETTI]}), "prova.csv"),
        (xlsx_di({"A": [PROGETTI]}), "prova.zip"),
        (zip_di({"a.csv": BUONO}), "prova.xlsx"),
    ],
)
def test_nome_e_contenuto_devono_andare_d_accordo(contenuto: bytes, nome: str) -> None:
    assert "dai al file l'estensione giusta" in non_leggibile(contenuto, nome)


def test_una_cartella_protetta_o_del_vecchio_formato() -> None:
    assert "protetta da password, o nel vecchio formato .xls" in non_leggibile(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx"
    )


def test_un_csv_con_la_sola_intestazione_non_ha_righe() -> None:
    assert leggi_una(csv_di([PROGETTI]))[1] == []


def test_una_cartella_senza_niente_e_una_con_un_foglio_che_non_si_conosce() -> None:
    assert "nessun foglio contiene una tabella" in non_leggibile(xlsx_di({"Foglio1": []}), "a.xlsx")
    detto = non_leggibile(xlsx_di({"Progetti": [PROGETTI, *RIGHE], "Note": [["Appunti"]]}), "a.xlsx")
    assert detto.startswith("Foglio «Note»: Nelle prime 20 righe")


def test_un_carattere_rovinato_si_dice_a_che_linea_e() -> None:
    rovinato = csv_di([PROGETTI, *RIGHE], codifica="utf-8", a_capo="\n") + b"fine;\xe0;\n"

    assert "Alla linea 5 c'è un carattere rovinato" in non_leggibile(rovinato)


def test_un_csv_troncato_in_mezzo_a_un_accento() -> None:
    contenuto = csv_di([PROGETTI, *RIGHE[:1]], codifica="utf-8").split("à".encode())[0] + "è".encode() + b"\xc3"

    assert "troncato" in non_leggibile(contenuto)


def test_windows_1252_con_un_byte_che_non_esiste() -> None:
    contenuto = csv_di([PROGETTI, *RIGHE], codifica="windows-1252") + b"\x81"

    assert "windows-1252" in non_leggibile(contenuto)


# --- Archives --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quanto", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(
    ("contenuto", "nome"), [(zip_di({"a.csv": BUONO * 50}), "a.zip"), (xlsx_di({"A": [PROGETTI, *RIGHE]}), "a.xlsx")]
)
def test_un_archivio_troncato(contenuto: bytes, nome: str, quanto: float) -> None:
    assert "troncato o rovinato" in non_leggibile(contenuto[: int(len(contenuto) * quanto)], nome)


def test_un_archivio_con_un_pezzo_cambiato_non_passa_il_controllo() -> None:
    contenuto = bytearray(zip_di({"a.csv": BUONO}, compressione=zipfile.ZIP_STORED))
    contenuto[contenuto.index(b"Riqualificazione")] ^= 1

    assert "«a.csv» dentro l'archivio è rovinato" in non_leggibile(bytes(contenuto), "a.zip")


def test_una_cartella_con_un_pezzo_cambiato_non_passa_il_controllo() -> None:
    buona = xlsx_di({"A": [PROGETTI, *RIGHE]})
    with zipfile.ZipFile(io.BytesIO(buona)) as archivio:
        foglio = archivio.getinfo("xl/worksheets/sheet1.xml")
    rovinata = bytearray(buona)
    rovinata[foglio.header_offset + 30 + len(foglio.filename) + foglio.compress_size // 2] ^= 0xFF

    assert "rovinato" in non_leggibile(bytes(rovinata), "a.xlsx")


def test_una_bomba_compressa_troppo_non_si_apre() -> None:
    bomba = zip_di({"a.csv": b"0" * (archivi.SENZA_RAPPORTO + 1)})

    assert "compresso più di 200 volte" in non_leggibile(bomba, "a.zip")


def test_una_bomba_dentro_una_cartella_di_excel_non_si_apre() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_di({"A": [PROGETTI]}))) as archivio:
        voci = {nome: archivio.read(nome) for nome in archivio.namelist()}
    voci["xl/worksheets/sheet1.xml"] += b" " * (archivi.SENZA_RAPPORTO + 1)

    assert "compresso più di 200 volte" in non_leggibile(zip_di(voci), "a.xlsx")


def con_l_ultima_cella(riga: int, colonna: int) -> bytes:
    """A good sheet with one more cell, far away; rows and columns are counted from 1."""
    contenuto = io.BytesIO()
    with xlsxwriter.Workbook(contenuto, {"in_memory": True}) as cartella:
        foglio = cartella.add_worksheet()
        for posto, celle in enumerate([PROGETTI, *RIGHE]):
            foglio.write_row(posto, 0, celle)
        foglio.write_string(riga - 1, colonna - 1, " ")
    return contenuto.getvalue()


def test_due_celle_lontanissime_non_riempiono_la_memoria(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Un foglio della cartella è troppo esteso" in non_leggibile(con_l_ultima_cella(1_048_576, 16_384), "a.xlsx")

    monkeypatch.setattr(archivi, "MASSIMO_POSTI", 28 * 100)
    ((_, righe),) = leggi_tutto(con_l_ultima_cella(100, 28), "a.xlsx")
    assert [riga.valori for riga in righe] == VALORI
    assert "troppo esteso" in non_leggibile(con_l_ultima_cella(101, 28), "a.xlsx")
    assert "troppo esteso" in non_leggibile(con_l_ultima_cella(100, 29), "a.xlsx")


@pytest.mark.parametrize("tolto", ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_una_cartella_a_cui_manca_un_pezzo(tolto: str) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_di({"A": [PROGETTI, *RIGHE]}))) as archivio:
        voci = {nome: archivio.read(nome) for nome in archivio.namelist() if nome != tolto}

    assert "La cartella di Excel è rovinata" in non_leggibile(zip_di(voci), "a.xlsx")


def test_una_cartella_con_un_foglio_scritto_a_meta() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_di({"A": [PROGETTI, *RIGHE]}))) as archivio:
        voci = {nome: archivio.read(nome) for nome in archivio.namelist()}
    voci["xl/worksheets/sheet1.xml"] = voci["xl/worksheets/sheet1.xml"][:-200]

    assert "La cartella di Excel è rovinata" in non_leggibile(zip_di(voci), "a.xlsx")


def bugia(contenuto: bytes, dichiarati: int) -> bytes:
    """The archive with the unpacked size of its first entry changed, in the directory and before the entry."""
    falso = bytearray(contenuto)
    struct.pack_into("<I", falso, falso.index(b"PK\x01\x02") + 24, dichiarati)
    struct.pack_into("<I", falso, falso.index(b"PK\x03\x04") + 22, dichiarati)
    return bytes(falso)


def test_un_archivio_che_mente_sulla_grandezza_e_scoperto() -> None:
    assert "rovinato" in non_leggibile(bugia(zip_di({"a.csv": b"0" * 50_000_000}), 1000), "a.zip")


def test_un_archivio_che_dichiara_piu_del_massimo_non_si_apre() -> None:
    detto = non_leggibile(bugia(zip_di({"a.csv": BUONO}), archivi.MASSIMO_SPACCHETTATO + 1), "a.zip")

    assert "supera 2000 MB" in detto


def test_il_numero_di_file_di_un_archivio_ha_un_limite() -> None:
    giusto = {f"{numero}.csv": BUONO for numero in range(archivi.MASSIMO_VOCI)}

    assert len(leggi_tutto(zip_di(giusto), "a.zip")) == archivi.MASSIMO_VOCI
    assert "contiene 201 file" in non_leggibile(zip_di({**giusto, "altro.csv": BUONO}), "a.zip")


def test_un_archivio_dentro_un_archivio() -> None:
    interno = zip_di({"a.csv": BUONO})

    assert "c'è un altro archivio, «b.zip»" in non_leggibile(zip_di({"b.zip": interno}), "a.zip")
    assert "estensione giusta" in non_leggibile(zip_di({"b.csv": interno}), "a.zip")


def test_un_archivio_con_password() -> None:
    cifrato = bytearray(zip_di({"a.csv": BUONO}))
    cifrato[cifrato.index(b"PK\x01\x02") + 8] |= 1
    cifrato[cifrato.index(b"PK\x03\x04") + 6] |= 1

    assert "protetto da password" in non_leggibile(bytes(cifrato), "a.zip")


def test_un_archivio_vuoto_o_con_un_file_estraneo() -> None:
    assert "L'archivio è vuoto" in non_leggibile(zip_di({}), "a.zip")
    assert non_leggibile(zip_di({"a.csv": BUONO, "leggimi.pdf": b"%PDF"}), "a.zip").startswith(
        "Nell'archivio, «leggimi.pdf»: «leggimi.pdf» non è di un tipo che il portale legge"
    )


# --- Memory ----------------------------------------------------------------------------------------------------------


class Infinito(io.RawIOBase):
    """A CSV of so many equal rows that are never all in memory."""

    def __init__(self, righe: int) -> None:
        self._intestazione = csv_di([PROGETTI], codifica="utf-8")
        self._riga = csv_di(RIGHE[:1], codifica="utf-8")
        self._totale = len(self._intestazione) + len(self._riga) * righe
        self._posto = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, posto: int, da: int = io.SEEK_SET) -> int:
        self._posto = posto if da == io.SEEK_SET else self._totale + posto
        return self._posto

    def tell(self) -> int:
        return self._posto

    def readinto(self, dove: memoryview) -> int:  # type: ignore[override]
        fine = min(self._posto + len(dove), self._totale)
        pezzo = bytearray()
        while self._posto + len(pezzo) < fine:
            qui = self._posto + len(pezzo)
            testa = len(self._intestazione)
            blocco = self._intestazione[qui:] if qui < testa else self._riga[(qui - testa) % len(self._riga) :]
            pezzo += blocco[: fine - qui]
        dove[: len(pezzo)] = pezzo
        self._posto = fine
        return len(pezzo)


def picco(righe: int) -> tuple[int, int]:
    tracemalloc.start()
    try:
        lette = sum(1 for tabella in apri(io.BufferedReader(Infinito(righe)), "prova.csv") for _ in tabella.righe)
        return lette, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_la_memoria_non_cresce_con_le_righe() -> None:
    (poche, con_poche), (molte, con_molte) = picco(12_000), picco(36_000)

    assert (poche, molte) == (12_000, 36_000)
    assert con_molte < con_poche * 1.2


def test_le_righe_si_leggono_una_alla_volta() -> None:
    file = io.BytesIO(csv_di([PROGETTI, *RIGHE * 10_000]))
    tabelle = apri(file, "prova.csv")
    tabella = next(tabelle)

    assert next(tabella.righe).numero == 2
    assert file.tell() < len(file.getvalue()) / 2
    del tabelle, tabella
    assert not file.closed
