"""The data of a report as JSON and CSV: nothing is lost, everything can be checked from the file alone."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from rapporti.documento import Cifra, Copertina, Documento, Legame, Segno, Tabella, Tavola, Unita, frase
from rapporti.formati import dati
from rapporti.formati.controllo import difetti, ricalcola
from rapporti.formati.tabelle import in_csv
from rapporti.formati.valori import da_grezzo, decimale, in_grezzo, in_intervalli, in_testa, intervalli
from tests.rapporti.documenti import OSTILE, documento, righe

SCHEMA = Path(settings.BASE_DIR) / "docs" / "rapporti" / "dati.schema.json"


def di_copertina(*cifre: Cifra) -> Documento:
    intero = documento()
    return replace(intero, copertina=Copertina("", "", "", (), (), cifre), sezioni=())


def test_i_dati_riletti_sono_quelli_scritti() -> None:
    scritto = documento()
    letti = dati.leggi_dati(dati.in_json(scritto))
    assert letti.codice == scritto.codice
    assert letti.domanda == scritto.domanda
    assert (letti.titolo, letti.nome_perimetro, letti.interventi) == ("Rapporto di avanzamento", "Piano SPUGNA", 12)
    assert letti.dimostrativo
    assert letti.avvisi == scritto.avvisi
    assert letti.sintesi == tuple(una.testo for una in scritto.copertina.frasi)
    assert letti.in_evidenza == scritto.copertina.cifre
    for tavola in scritto.tavole:
        riletta = letti.tavola(tavola.chiave)
        assert riletta is not None
        assert dict(riletta.righe) == dict(tavola.righe)
        assert [(c.chiave, c.nome, c.unita) for c in riletta.colonne] == [
            (c.chiave, c.nome, c.unita) for c in tavola.colonne
        ]


def test_ogni_cifra_del_documento_e_nei_dati_una_volta_con_i_posti_in_cui_compare() -> None:
    letti = dati.leggi_dati(dati.in_json(documento()))
    chiavi = [voce.chiave for voce in letti.voci]
    assert chiavi == [
        "programma.interventi",
        "programma.finanziamento",
        "programma.medio",
        "piano-spugna.interventi",
        "piano-spugna.finanziamento",
        "piano-cambio.interventi",
        "piano-cambio.finanziamento",
    ]
    assert letti.sezioni_di("piano-spugna.finanziamento") == ("SPUGNA", "SPUGNA, Elenco")
    assert letti.sezioni_di("piano-spugna.interventi") == ("SPUGNA", "SPUGNA, Grafico")
    assert letti.sezioni_di("programma.medio") == ("Copertina",)


def test_le_tabelle_riletta_hanno_le_stesse_celle() -> None:
    scritto = documento()
    letti = dati.leggi_dati(dati.in_json(scritto))
    elenco = next(sezione for sezione in letti.sezioni if sezione.ancora == "piano-spugna-elenco-sezione")
    prima = scritto.sezioni[0].sezioni[0].blocchi[0]
    assert isinstance(prima, Tabella)
    assert elenco.livello == 2
    assert elenco.tabelle[0].righe == prima.righe
    assert elenco.tabelle[0].totale == prima.totale
    assert isinstance(elenco.tabelle[0].righe[0][0], Legame)
    assert isinstance(elenco.tabelle[0].righe[0][1], Segno)


def test_gli_stessi_byte_in_due_processi() -> None:
    programma = """
import os, hashlib, django
os.environ["DJANGO_SETTINGS_MODULE"] = "psttm.settings"
django.setup()
from rapporti.formati.dati import allegati, in_json
from rapporti.formati.foglio import in_xlsx
from tests.rapporti.documenti import documento
uno = documento(40)
dati = in_json(uno)
for parte in (dati, in_xlsx(uno), *(allegato.contenuto for allegato in allegati(uno, dati))):
    print(hashlib.sha256(parte).hexdigest())
"""
    uscite = {
        subprocess.run(
            [sys.executable, "-c", programma],
            cwd=settings.BASE_DIR,
            env={"PYTHONHASHSEED": seme, "VAR_DIR": str(settings.VAR_DIR), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seme in ("1", "2")
    }
    assert len(uscite) == 1
    assert len(uscite.pop().split()) == 5


def test_ogni_cifra_si_rifa_dai_soli_dati() -> None:
    """With nothing of ours but the file: as anybody can with a JSON reader."""
    letti: dict[str, Any] = json.loads(dati.in_json(documento()))
    tavole = {tavola["chiave"]: tavola for tavola in letti["tavole"]}
    rifatte = 0
    for cifra in letti["cifre"]:
        if "formula" in cifra:
            continue
        posti: list[int] = []
        for pezzo in cifra["righe"].split():
            primo, _trattino, ultimo = pezzo.partition("-")
            posti += range(int(primo), int(ultimo or primo) + 1)
        tavola = tavole[cifra["tavola"]]
        if cifra["colonna"]:
            posto = [colonna["chiave"] for colonna in tavola["colonne"]].index(cifra["colonna"])
            valori = [tavola["righe"][numero - 1]["valori"][posto] for numero in posti]
            assert sum(Decimal(valore) for valore in valori if valore is not None) == Decimal(cifra["valore"])
        else:
            assert len(posti) == cifra["valore"]
        rifatte += 1
    assert rifatte == 6


def test_il_controllo_dice_che_cosa_non_torna() -> None:
    sane = dati.leggi_dati(dati.in_json(documento()))
    assert list(difetti(sane)) == []
    storta = Cifra("a", "A", 5, righe=("i1", "i2"))
    manca = Cifra("b", "B", Decimal(1), formula="x", da=("nessuna",))
    senza = Cifra("c", "C", Decimal(0), righe=("i1",), colonna="colore")
    altrove = Cifra("d", "D", 0, tavola="pianeti")
    letti = dati.leggi_dati(dati.in_json(di_copertina(storta, manca, senza, altrove)))
    detti = list(difetti(letti))
    assert [detto.partition(":")[0] for detto in detti] == ["a", "b", "c", "d"]
    assert "vale 5, ma le sue righe danno 2" in detti[0]


def test_due_cifre_diverse_con_la_stessa_chiave_non_si_scrivono() -> None:
    with pytest.raises(ValueError, match="stessa chiave: a"):
        dati.in_json(di_copertina(Cifra("a", "A", 1, righe=("i1",)), Cifra("a", "A", 2, righe=("i1", "i2"))))


@pytest.mark.parametrize("sbagliate", [("i99",), ("i1", "i1")])
def test_una_cifra_di_righe_che_non_ci_sono_o_contate_due_volte_non_si_scrive(sbagliate: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="La cifra a non torna"):
        dati.in_json(di_copertina(Cifra("a", "A", len(sbagliate), righe=sbagliate)))


def test_un_numero_in_virgola_mobile_non_entra_nei_dati() -> None:
    with pytest.raises(TypeError):
        dati.in_json(di_copertina(Cifra("a", "A", 1.5, formula="x")))  # type: ignore[arg-type]


def test_duemila_righe_per_duecento_cifre_restano_piccole() -> None:
    chiavi = tuple(righe(2_000))
    cifre = tuple(Cifra(f"c{n}", "C", 2_000 - n, righe=chiavi[n:]) for n in range(200))
    grande = replace(documento(2_000), copertina=Copertina("", "", "", (), (), cifre), sezioni=())
    scritto = dati.in_json(grande)
    assert len(scritto) - len(dati.in_json(replace(grande, copertina=Copertina("", "", "", (), ())))) < 200 * 200
    ultima = dati.leggi_dati(scritto).cifra("c199")
    assert ultima is not None
    assert ultima.righe == chiavi[199:]


def test_altro_non_sono_dati_di_un_rapporto() -> None:
    for contenuto in (b"{}", b"[]", b"non json", b'{"formato": "psttm-rapporto", "versione": "2.0.0"}'):
        with pytest.raises(ValueError, match=r"\S"):
            dati.leggi_dati(contenuto)


def test_lo_schema_pubblicato_descrive_i_dati() -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(dati.in_json(documento())), schema)


# --- Values ----------------------------------------------------------------------------------------------------------

VALORI = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
    st.dates(),
    st.text(st.characters(exclude_categories=["Cs"])),
)


@given(VALORI, st.sampled_from(list(Unita)))
def test_ogni_valore_si_rilegge_con_il_suo_genere(valore: Any, unita: Unita) -> None:
    riletto = da_grezzo(json.loads(json.dumps(in_grezzo(valore, unita))), unita)
    assert riletto == valore
    assert type(riletto) is type(valore)


@given(st.sets(st.integers(1, 300)))
def test_gli_intervalli_si_rileggono(posti: set[int]) -> None:
    scritti = in_intervalli(posti)
    assert [posto for intervallo in intervalli(scritti) for posto in intervallo] == sorted(posti)


@pytest.mark.parametrize(
    ("valore", "unita", "testo"),
    [
        ("12.5", Unita.EURO, "12.50"),
        ("12", Unita.EURO, "12.00"),
        ("12.345", Unita.EURO, "12.345"),
        ("-0.00", Unita.EURO, "0.00"),
        ("1E+3", Unita.NUMERO, "1000"),
        ("33.50", Unita.PERCENTO, "33.5"),
        ("0.0", Unita.INDICE, "0"),
    ],
)
def test_un_numero_si_scrive_in_un_modo_solo(valore: str, unita: Unita, testo: str) -> None:
    """SQLite and PostgreSQL give the same number with different zeros at the end."""
    assert decimale(Decimal(valore), unita) == testo


@pytest.mark.parametrize(
    ("nome", "unita", "testo"),
    [
        ("Pagato", Unita.EURO, "Pagato (EUR)"),
        ("Pagato (€)", Unita.EURO, "Pagato (€)"),
        ("Pagato (mln €)", Unita.MILIONI, "Pagato (EUR)"),
        ("Avanzamento", Unita.PERCENTO, "Avanzamento (%)"),
        ("Giorni di ritardo", Unita.GIORNI, "Giorni di ritardo"),
        ("Titolo", Unita.TESTO, "Titolo"),
    ],
)
def test_l_unita_sta_in_testa_una_volta(nome: str, unita: Unita, testo: str) -> None:
    assert in_testa(nome, unita) == testo


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_il_csv_di_una_tavola_e_come_gli_altri_del_portale() -> None:
    tavola = documento().tavole[0]
    contenuto = in_csv(tavola)
    assert contenuto.startswith("\N{BYTE ORDER MARK}".encode())
    testo = contenuto.decode("utf-8-sig")
    prima, _a_capo, _resto = testo.partition("\r\n")
    assert prima == (
        "riga;CUP;Codice locale;Submisura;Titolo;Finanziamento (€);Avanzamento (%);Fine prevista;Superficie (m²);"
        "Criticità aperte"
    )
    lette = list(csv.reader(io.StringIO(testo, newline=""), delimiter=";"))
    assert lette[1] == [
        "i1",
        "B41J22000010001",
        "CLP-1",
        "M5C2I2.2",
        f"'{OSTILE}",
        "1000.10",
        "33.5",
        "2026-06-30",
        "1234",
        "1",
    ]
    assert lette[2][5] == ""
    assert lette[3][4] == "Opera 3 «è così»; con a capo\n+39"
    assert len(lette) == 13


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_nessun_testo_di_un_csv_diventa_una_formula(testo: str) -> None:
    tavola = replace(documento().tavole[1], righe={"t1": (testo,)})
    lette = list(csv.reader(io.StringIO(in_csv(tavola).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lette[1][1].removeprefix("'") == testo.removeprefix("'") or lette[1][1] == testo
    assert not lette[1][1].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_gli_allegati_sono_i_dati_e_una_tabella_per_tavola() -> None:
    uno = documento()
    contenuto = dati.in_json(uno)
    allegati = dati.allegati(uno, contenuto)
    assert [(a.nome, a.tipo_mime) for a in allegati] == [
        (f"rapporto-{uno.codice}.json", "application/json"),
        ("interventi.csv", "text/csv"),
        ("traguardi.csv", "text/csv"),
    ]
    assert allegati[0].contenuto == contenuto
    assert all(allegato.descrizione for allegato in allegati)


def test_la_somma_di_nessuna_riga_e_zero() -> None:
    vuota = Tavola("interventi", "Interventi", documento().tavole[0].colonne, {})
    assert ricalcola(Cifra("a", "A", Decimal(0), colonna="finanziamento"), vuota) == 0
    assert frase("x", Cifra("a", "A", date(2024, 12, 31), Unita.DATA)).testo == "x31/12/2024"
