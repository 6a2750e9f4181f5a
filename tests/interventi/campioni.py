"""Small files of our own making, in every shape in which ReGiS tables arrive."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings

from interventi.importazione.intestazioni import chiave_di
from interventi.importazione.lettura import apri
from interventi.importazione.tipi import RigaLetta, TabellaLetta

CONDIVISI = Path(settings.BASE_DIR).parent / "shared" / "data"
senza_dati_condivisi = pytest.mark.skipif(
    not CONDIVISI.is_dir(), reason="mancano i dati reali di ../shared/data: si provano solo i nostri campioni"
)

# CUPs, CIGs and bodies that do not exist; the codes are well formed.
CUP = "Z11B24000010001"
CUP_2 = "Z11B24000020001"
CIG = "00000010D3"  # 1 · 211 = 0xD3
SUBMISURA = "M5C2I2.02.03"

# One plausible cell per header, by what its name says; the first that fits wins.
_VALORI = (
    ("codice univoco submisura", SUBMISURA),
    ("codice locale progetto", "CLP-1"),
    ("cup cod natura", "3"),
    ("cup codice natura", "3"),
    ("cup codice", "7"),
    ("cup descr", "DESCRIZIONE DEL CUP"),
    ("stato cup", "ATTIVO"),
    ("cup", CUP),
    ("cig accordo quadro", "N/A"),
    ("data", "13/12/2024"),
    ("codice motivo assenza cig", "000"),
    ("descrizione motivo assenza cig", ""),
    ("cig", CIG),
    ("percentuale", "100,00"),
    ("flag", "Sì"),
    ("pagamenti", "10,50"),
    ("finanz", "1234,56"),
    ("altri fondi", "1234,56"),
    ("importo", "1000,00"),
    ("codice fiscale", "3890690153"),
    ("descrizione del ruolo", "ATTUATORE DEL PROGETTO"),
    ("ruolo", "IMPRESA SINGOLA"),
    ("codice fase", "00313"),
    ("codice ateco", "71.12.10"),
    ("descrizione regione", "LOMBARDIA"),
    ("descrizione provincia", "MILANO"),
    ("descrizione comune", "RHO"),
    ("regione", "3"),
    ("codice regione", "3"),
    ("provincia", "15"),
    ("codice provincia", "15"),
    ("comune", "182"),
    ("codice comune", "182"),
    ("codice identificativo procedura", "1000000306"),
    ("oggetto principale", "LAVORI"),
    ("descrizione forma giur", "COMUNE"),
    ("cap", "20017"),
    ("codice indicatore", "T0039"),
    ("descrizione unita", "Metri quadrati"),
    ("unita", "18,00"),
    ("valore programmato", "1.250,50"),
    ("valore realizzato", "0"),
    ("mese", "Dicembre"),
    ("anno", "2024"),
)


def valore_per(intestazione: str) -> str:
    chiave = chiave_di(intestazione)
    return next((valore for pezzo, valore in _VALORI if chiave.startswith(pezzo)), f"testo di {chiave}"[:60])


def riga_per(intestazioni: Sequence[str], **sostituzioni: str) -> list[str]:
    """A good row for these headers; `sostituzioni` by header, spaces written as underscores."""
    altre = {chiave_di(nome): valore for nome, valore in sostituzioni.items()}
    return [altre.get(chiave_di(nome), valore_per(nome)) for nome in intestazioni]


def csv_di(
    righe: Iterable[Sequence[str]], *, delimitatore: str = ";", codifica: str = "utf-8-sig", a_capo: str = "\r\n"
) -> bytes:
    testo = io.StringIO()
    csv.writer(testo, delimiter=delimitatore, lineterminator=a_capo).writerows(righe)
    return testo.getvalue().encode(codifica)


def xlsx_di(fogli: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook: Decimal-free numbers, days and truth values go in as such, the rest as text."""
    contenuto = io.BytesIO()
    with xlsxwriter.Workbook(contenuto, {"in_memory": True}) as cartella:
        giorno = cartella.add_format({"num_format": "dd/mm/yyyy"})
        for nome, righe in fogli.items():
            foglio = cartella.add_worksheet(nome)
            for posto, riga in enumerate(righe):
                for colonna, cella in enumerate(riga):
                    if isinstance(cella, date):
                        foglio.write_datetime(posto, colonna, cella, giorno)
                    elif isinstance(cella, str):
                        foglio.write_string(posto, colonna, cella)
                    else:
                        foglio.write(posto, colonna, cella)
    return contenuto.getvalue()


def zip_di(voci: dict[str, bytes], *, compressione: int = zipfile.ZIP_DEFLATED) -> bytes:
    contenuto = io.BytesIO()
    with zipfile.ZipFile(contenuto, "w", compressione) as archivio:
        for nome, dati in voci.items():
            archivio.writestr(nome, dati)
    return contenuto.getvalue()


def leggi_tutto(contenuto: bytes, nome: str) -> list[tuple[TabellaLetta, list[RigaLetta]]]:
    return [(tabella, list(tabella.righe)) for tabella in apri(io.BytesIO(contenuto), nome)]


def leggi_una(contenuto: bytes, nome: str = "prova.csv") -> tuple[TabellaLetta, list[RigaLetta]]:
    """The only table of a file, with its rows."""
    (letta,) = leggi_tutto(contenuto, nome)
    return letta


def ragioni(righe: Iterable[RigaLetta]) -> list[str]:
    return [rilievo.ragione for riga in righe for rilievo in riga.rilievi]


def generazioni() -> dict[str, dict[str, list[str]]]:
    """The headers of the files of Italia Domani and OpenCUP, by snapshot; empty where the data are not there."""
    percorso = CONDIVISI / "schemi" / "intestazioni_per_snapshot.json"
    return json.loads(percorso.read_text()) if percorso.exists() else {}
