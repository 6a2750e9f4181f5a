"""The loader of reference data, through real files and the real table of the Fonti."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registro.models import Caricamento, Evento, Fonte
from registro.riferimenti import (
    RIGHE_PER_VOLTA,
    Tabella,
    carica_righe,
    carica_tabella,
    caricamento_dovuto,
    dimentica_caricamenti,
    registra_caricamento,
)
from registro.righe import DatoErrato, Riga, leggi

DUE_FONTI = """\
# un commento
- codice: piano
  titolo: Il piano
  editore: Ente
  data: 2025-02-19

- codice: dati
  titolo: I dati
  editore: Ente
"""
UN_FILE_PER_TUTTI_GLI_ESEMPI = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def file_fonti(cartella: Path, testo: str = DUE_FONTI) -> Tabella:
    percorso = cartella / "fonti.yaml"
    percorso.write_text(testo, encoding="utf-8")
    return Tabella(percorso, Fonte, ("codice",))


def fonte(codice: str, **campi: object) -> dict[str, object]:
    return {"codice": codice, "titolo": "Titolo", "editore": "Ente"} | campi


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_ogni_riga_sa_a_quale_riga_del_file_comincia(tmp_path: Path) -> None:
    righe = leggi(file_fonti(tmp_path).percorso)

    assert [riga.posto for riga in righe] == ["fonti.yaml, riga 2", "fonti.yaml, riga 7"]
    assert righe[0]["data"] == date(2025, 2, 19)


@UN_FILE_PER_TUTTI_GLI_ESEMPI
@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_un_decimale_scritto_in_yaml_si_legge_esatto(tmp_path: Path, valore: Decimal) -> None:
    percorso = tmp_path / "numeri.yaml"
    percorso.write_text(f"- valore: {valore:f}\n", encoding="utf-8")

    letto = leggi(percorso)[0]["valore"]

    assert isinstance(letto, Decimal)
    assert letto == valore


@UN_FILE_PER_TUTTI_GLI_ESEMPI
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)] * 2), min_size=1, max_size=8
    )
)
def test_quello_che_si_scrive_in_csv_si_rilegge_senza_spazi_attorno(
    tmp_path: Path, valori: list[tuple[str, str]]
) -> None:
    percorso = tmp_path / "righe.csv"
    with percorso.open("w", encoding="utf-8-sig", newline="") as testo:
        csv.writer(testo, delimiter=";").writerows([("uno", "due"), *valori])

    assert leggi(percorso) == [{"uno": uno.strip(), "due": due.strip()} for uno, due in valori]


@pytest.mark.parametrize(
    ("nome", "testo", "atteso"),
    [
        ("a.yaml", "codice: solo\n", "a.yaml: il file deve contenere un elenco di righe"),
        ("a.yaml", "- uno\n", "a.yaml, riga 1: servono campi con nome e valore"),
        ("a.yaml", "- a: 1\n  b: 2\n  a: 3\n", "a.yaml, riga 3: il file non è YAML ben scritto (il campo «a»"),
        ("a.yaml", "- a: 1\n- b: [\n", "a.yaml, riga 3: il file non è YAML ben scritto"),
        ("a.yaml", "- a: 2024-02-30\n", "a.yaml: un valore del file non esiste"),
        ("a.yaml", "- a: .nan_\n- b: !!float ciao\n", "a.yaml, riga 2: il file non è YAML ben scritto («ciao» non è"),
        ("a.csv", "", "a.csv, riga 1: servono i nomi dei campi"),
        ("a.csv", "uno;uno\n1;2\n", "a.csv, riga 1: servono i nomi dei campi"),
        ("a.csv", "uno;due\n1;2\n\n3\n", "a.csv, riga 4: i valori sono 1, i campi dell'intestazione 2"),
        ("a.csv", 'uno;due\n1;"2"x\n', "a.csv, riga 2: la riga non è CSV ben scritto"),
        ("a.json", "[]", "a.json: i dati di riferimento si leggono da file .yaml o .csv"),
    ],
)
def test_un_file_malfatto_dice_dove_e_perche(tmp_path: Path, nome: str, testo: str, atteso: str) -> None:
    percorso = tmp_path / nome
    percorso.write_text(testo, encoding="utf-8")

    with pytest.raises(DatoErrato) as errore:
        leggi(percorso)

    assert str(errore.value).startswith(atteso)


def test_di_un_file_che_manca_o_non_scritto_in_utf8_si_dice_in_italiano(tmp_path: Path) -> None:
    latino = tmp_path / "latino.csv"
    latino.write_bytes("uno;due\ncittà;1\n".encode("windows-1252"))

    with pytest.raises(DatoErrato, match=r"latino\.csv: il file non è scritto in UTF-8"):
        leggi(latino)
    with pytest.raises(DatoErrato, match=r"manca\.yaml: il file non c'è nella cartella"):
        leggi(tmp_path / "manca.yaml")
    with pytest.raises(DatoErrato, match=r"manca\.yaml: il file non c'è nella cartella"):
        caricamento_dovuto("manca", [tmp_path / "manca.yaml"])


# --- Rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_le_righe_nuove_entrano_e_quelle_note_si_aggiornano() -> None:
    assert carica_righe(Fonte, [fonte("a"), fonte("b")], chiave=["codice"]) == 2
    assert carica_righe(Fonte, [fonte("b", titolo="Nuovo"), fonte("c")], chiave=["codice"]) == 2

    assert dict(Fonte.objects.order_by("codice").values_list("codice", "titolo")) == {
        "a": "Titolo",
        "b": "Nuovo",
        "c": "Titolo",
    }


@pytest.mark.django_db
def test_si_aggiornano_solo_i_campi_presenti_nelle_righe() -> None:
    carica_righe(Fonte, [fonte("a", licenza="CC BY 4.0")], chiave=["codice"])

    carica_righe(Fonte, [fonte("a", titolo="Nuovo")], chiave=["codice"])

    assert Fonte.objects.values_list("titolo", "licenza").get() == ("Nuovo", "CC BY 4.0")


@pytest.mark.django_db
@pytest.mark.parametrize("quante", [0, RIGHE_PER_VOLTA, RIGHE_PER_VOLTA + 1])
def test_le_righe_oltre_un_blocco_entrano_tutte_e_una_volta_sola(quante: int) -> None:
    righe = [fonte(f"f{n}") for n in range(quante)]

    assert carica_righe(Fonte, righe, chiave=["codice"]) == quante
    assert carica_righe(Fonte, iter(righe), chiave=["codice"]) == quante
    assert Fonte.objects.count() == quante


@pytest.mark.django_db
def test_un_testo_vuoto_vale_nessun_dato_nei_campi_facoltativi() -> None:
    carica_righe(Fonte, [fonte("a", data="", licenza="")], chiave=["codice"])

    assert Fonte.objects.values_list("data", "licenza").get() == (None, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sbagliata", "campo", "spiegazione"),
    [
        (fonte("b", titolo=""), "titolo", "vuoto"),
        (fonte("b", titolo=None), "titolo", "null"),
        (fonte("b", titolo="x" * 301), "titolo", "300"),
        (fonte("b", data="19/02/2025"), "data", "19/02/2025"),
        (fonte("b", titolo=["uno", "due"]), "titolo", "elenco"),
        (fonte("b", titolo=True), "titolo", "virgolette"),
        (fonte("b", autore="?"), "autore", "non esiste"),
        (fonte("a"), "codice", "fonti.yaml, riga 2"),
    ],
)
def test_una_riga_sbagliata_dice_file_riga_e_campo_e_non_scrive_nulla(
    sbagliata: dict[str, object], campo: str, spiegazione: str
) -> None:
    righe = [Riga(fonte("a"), "fonti.yaml, riga 2"), Riga(sbagliata, "fonti.yaml, riga 9")]

    with pytest.raises(DatoErrato) as errore:
        carica_righe(Fonte, righe, chiave=["codice"])

    assert str(errore.value).startswith(f"fonti.yaml, riga 9, campo «{campo}»: ")
    assert spiegazione in errore.value.problema
    assert not Fonte.objects.exists()


@pytest.mark.django_db
def test_anche_senza_file_la_riga_si_trova_dal_suo_posto_nell_elenco() -> None:
    with pytest.raises(DatoErrato, match=r"^riga 2, campo «titolo»"):
        carica_righe(Fonte, [fonte("a"), fonte("b", titolo="")], chiave=["codice"])


# --- Files already loaded --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_file_va_caricato_se_non_registrato_e_di_nuovo_quando_cambia(tmp_path: Path) -> None:
    uno, due = tmp_path / "uno.csv", tmp_path / "due.csv"
    uno.write_text("a")
    due.write_text("b")
    assert caricamento_dovuto("comuni", [uno, due])

    registra_caricamento("comuni", [uno, due], 133)
    assert not caricamento_dovuto("comuni", [uno, due])
    assert Caricamento.objects.get().righe == 133

    due.write_text("c")
    assert caricamento_dovuto("comuni", [uno, due])
    registra_caricamento("comuni", [uno, due], 134)
    assert Caricamento.objects.get().righe == 134

    dimentica_caricamenti()
    assert caricamento_dovuto("comuni", [uno, due])


@pytest.mark.django_db
def test_spostare_una_parte_da_un_file_all_altro_vale_come_cambiamento(tmp_path: Path) -> None:
    uno, due = tmp_path / "uno.csv", tmp_path / "due.csv"
    uno.write_text("ab")
    due.write_text("c")
    registra_caricamento("comuni", [uno, due], 1)

    uno.write_text("a")
    due.write_text("bc")

    assert caricamento_dovuto("comuni", [uno, due])


# --- Tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_caricamento_lascia_un_evento_solo_se_cambia_qualcosa(tmp_path: Path) -> None:
    tabella = file_fonti(tmp_path)

    primo = carica_tabella(tabella)
    assert (primo.righe, primo.nuove, primo.cambiate) == (2, 2, 0)
    assert primo.descrizione == "Fonti: 2 righe (nuove 2, cambiate 0)"
    evento = Evento.objects.get()
    assert evento.verbo == "caricato"
    assert evento.dopo == {"file": tabella.nome, "righe": 2, "nuove": 2, "cambiate": 0}

    assert carica_tabella(tabella).descrizione == "Fonti: 2 righe, già aggiornate"
    file_fonti(tmp_path, DUE_FONTI.replace("# un commento", "# un altro commento"))
    assert carica_tabella(tabella).descrizione == "Fonti: 2 righe, già aggiornate"
    assert Evento.objects.count() == 1
    assert not caricamento_dovuto(tabella.nome, [tabella.percorso])

    file_fonti(tmp_path, DUE_FONTI.replace("I dati", "I dati aperti"))
    terzo = carica_tabella(tabella)
    assert (terzo.nuove, terzo.cambiate) == (0, 1)
    assert Fonte.objects.get(codice="dati").titolo == "I dati aperti"
    assert Evento.objects.count() == 2


@pytest.mark.django_db
def test_un_file_immutato_si_rilegge_solo_se_il_caricamento_viene_dimenticato(tmp_path: Path) -> None:
    tabella = file_fonti(tmp_path)
    carica_tabella(tabella)
    Fonte.objects.filter(codice="piano").update(titolo="Cambiato a mano")

    assert carica_tabella(tabella).cambiate == 0
    assert Fonte.objects.get(codice="piano").titolo == "Cambiato a mano"

    dimentica_caricamenti()
    assert carica_tabella(tabella).cambiate == 1
    assert Fonte.objects.get(codice="piano").titolo == "Il piano"


@pytest.mark.django_db
def test_una_riga_sparita_dal_file_resta_nel_portale_e_viene_segnalata(tmp_path: Path) -> None:
    tabella = file_fonti(tmp_path)
    carica_tabella(tabella)
    file_fonti(tmp_path, DUE_FONTI.split("- codice: dati", maxsplit=1)[0])

    esito = carica_tabella(tabella)

    assert esito.sparite == ("I dati",)
    assert esito.avvisi == [f"«I dati» non è in {tabella.nome}: nel portale resta; se non serve, toglila a mano."]
    assert Fonte.objects.filter(codice="dati").exists()


@pytest.mark.django_db
def test_un_file_sbagliato_non_lascia_traccia(tmp_path: Path) -> None:
    tabella = file_fonti(tmp_path, DUE_FONTI.replace("titolo: I dati", "titolo:"))

    with pytest.raises(DatoErrato, match=r"^fonti\.yaml, riga 7, campo «titolo»: "):
        carica_tabella(tabella)

    assert not Fonte.objects.exists()
    assert not Evento.objects.exists()
    assert not Caricamento.objects.exists()
