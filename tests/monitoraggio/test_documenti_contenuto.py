"""A file is taken only if its content is what its name says; archives have limits, the antivirus has the last word."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import pytest
from pytest_django import Settings

from monitoraggio.documenti import antivirus, archivi, contenuto
from monitoraggio.documenti.tipi import AntivirusAssente, FileInfetto, FileRifiutato
from monitoraggio.scelte import EsitoAntivirus
from tests.monitoraggio import carte

P7M = b"\x30\x80" + contenuto.SIGNED_DATA + b"\xa0\x80" + bytes(200)
P7M_DEFINITO = b"\x30\x82\x01\x00" + contenuto.SIGNED_DATA + bytes(245)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
JPEG = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + bytes(60)
HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(60)
BUONI = [
    ("contratto.pdf", carte.pdf()),
    ("CONTRATTO.PDF", carte.pdf()),
    ("firmato.pdf.p7m", P7M),
    ("firmato.p7m", P7M_DEFINITO),
    ("firmato.p7m", base64.encodebytes(P7M)),
    ("firmato.p7m", b"-----BEGIN PKCS7-----\n" + base64.encodebytes(P7M) + b"-----END PKCS7-----\n"),
    ("fattura.xml", b'<?xml version="1.0" encoding="windows-1252"?><p:Fattura xmlns:p="x">\xe0</p:Fattura>'),
    ("fattura.xml", b"\xef\xbb\xbf<a>\n</a>"),
    ("testo.docx", carte.docx()),
    ("testo.docx", carte.docx(**{"word/embeddings/foglio.xlsx": carte.xlsx()})),
    ("foglio.xlsx", carte.xlsx()),
    ("testo.odt", carte.odt()),
    ("foto.jpg", JPEG),
    ("foto.jpeg", JPEG),
    ("foto.png", PNG),
    ("foto.heic", HEIC),
    ("foto.tif", b"II*\x00" + bytes(60)),
    ("tavola.dwg", b"AC1027" + bytes(60)),
    ("dati.csv", "CUP;città\n".encode("windows-1252")),
    ("foto.zip", carte.zip_con({"a/uno.jpg": JPEG, "__MACOSX/._uno": b"x", "Thumbs.db": b"x"})),
]
SBAGLIATI = [
    ("contratto.pdf", PNG, "immagine PNG"),
    ("contratto.pdf", b"MZ" + bytes(200), "programma"),
    ("contratto.pdf", carte.docx(), "Office"),
    ("contratto.pdf", carte.pdf()[:-30], "troncato"),
    ("contratto.pdf", b"", "rovinato"),
    ("firmato.p7m", carte.pdf(), "un PDF"),
    ("firmato.p7m", b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01" + bytes(50), "file firmato"),
    ("fattura.xml", b"<a><b></a>", "riga 1"),
    ("fattura.xml", b"<a>\n<b>\n", "riga 3"),
    ("fattura.xml", b"testo", "un XML"),
    ("fattura.xml", carte.pdf(), "un PDF"),
    ("fattura.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
    ("testo.docx", carte.xlsx(), "altro tipo"),
    ("testo.docx", carte.docx(**{"word/vbaProject.bin": b"x"}), "macro"),
    ("testo.docx", carte.docx()[:-40], "rovinato"),
    ("testo.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "password"),
    ("testo.odt", carte.docx(), "Office"),
    ("foto.jpg", PNG, "immagine PNG"),
    ("foto.png", b"<html>", "immagine PNG"),
    ("dati.csv", PNG, "immagine PNG"),
    ("dati.csv", b"a;b\x00", "testo"),
    ("dati.txt", b"x" * 20_000 + b"\x00", "testo"),
    ("foto.zip", carte.zip_con({"dentro/programma.exe": b"MZ"}), "programma.exe"),
    ("foto.zip", carte.docx(), "Office"),
    ("pagina.html", b"<html>", ".html"),
]


@pytest.mark.parametrize(("nome", "byte"), BUONI)
def test_un_file_che_e_quello_che_dice_si_accetta(tmp_path: Path, nome: str, byte: bytes) -> None:
    file = tmp_path / "arrivato"
    file.write_bytes(byte)
    assert contenuto.controlla(file, nome) == contenuto.FORMATI[nome.rpartition(".")[2].lower()].tipo_contenuto


@pytest.mark.parametrize(("nome", "byte", "parola"), SBAGLIATI)
def test_un_file_che_non_e_quello_che_dice_si_rifiuta_dicendo_perche(
    tmp_path: Path, nome: str, byte: bytes, parola: str
) -> None:
    file = tmp_path / "arrivato"
    file.write_bytes(byte)
    with pytest.raises(FileRifiutato, match=parola):
        contenuto.controlla(file, nome)


def test_un_archivio_che_aperto_diventa_enorme_si_rifiuta(tmp_path: Path) -> None:
    bomba = carte.bomba()
    assert len(bomba) < archivi.MEGA
    file = tmp_path / "bomba"
    file.write_bytes(bomba)
    with pytest.raises(FileRifiutato, match="supera 400 MB"):
        contenuto.controlla(file, "testo.docx")


def test_l_archivio_che_mente_sulla_sua_misura_si_rifiuta(tmp_path: Path) -> None:
    """The sizes declared in its index are made small; what is read then does not agree."""
    bomba = bytearray(carte.zip_con({"uno.txt": bytes(3_000_000)}))
    indice = bomba.rindex(b"PK\x01\x02")
    bomba[indice + 24 : indice + 28] = struct.pack("<I", 10)
    file = tmp_path / "bomba"
    file.write_bytes(bytes(bomba))
    with pytest.raises(FileRifiutato, match="rovinato"):
        contenuto.controlla(file, "foto.zip")


def test_archivi_dentro_archivi_hanno_un_limite_e_un_conto_solo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scatole"
    dentro = carte.zip_con({"c.txt": bytes(3000)})
    for _volta in range(archivi.MASSIMA_PROFONDITA - 1):
        dentro = carte.zip_con({"scatola.zip": dentro})
    file.write_bytes(dentro)
    contenuto.controlla(file, "scatole.zip")
    file.write_bytes(carte.zip_con({"scatola.zip": dentro}))
    with pytest.raises(FileRifiutato, match="archivi dentro archivi"):
        contenuto.controlla(file, "scatole.zip")
    file.write_bytes(carte.zip_con({"a.zip": carte.zip_con({"a.txt": bytes(3000)}), "b.txt": bytes(3000)}))
    monkeypatch.setattr(archivi, "MASSIMO_SPACCHETTATO", 7000)
    contenuto.controlla(file, "scatole.zip")
    monkeypatch.setattr(archivi, "MASSIMO_SPACCHETTATO", 6000)
    with pytest.raises(FileRifiutato, match="supera"):
        contenuto.controlla(file, "scatole.zip")


def test_un_archivio_con_la_password_si_rifiuta(tmp_path: Path) -> None:
    chiuso = bytearray(carte.zip_con({"uno.txt": b"ciao"}))
    for firma, posto in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        chiuso[chiuso.index(firma) + posto] |= 1
    file = tmp_path / "chiuso"
    file.write_bytes(bytes(chiuso))
    with pytest.raises(FileRifiutato, match="password"):
        contenuto.controlla(file, "foto.zip")


# --- Antivirus ---------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    percorso = tmp_path / "arrivato"
    percorso.write_bytes(carte.pdf(300_000))
    return percorso


def test_senza_antivirus_lo_si_dice(file: Path, settings: Settings) -> None:
    settings.CLAMAV = ""
    assert antivirus.esamina(file) == EsitoAntivirus.NON_CONFIGURATO


@pytest.mark.parametrize("dove", ["tcp", "unix"])
def test_l_antivirus_lascia_passare_il_pulito_e_ferma_l_infetto(
    file: Path, settings: Settings, tmp_path: Path, dove: str
) -> None:
    with carte.clamd(percorso=str(tmp_path / "clamd.ctl") if dove == "unix" else "") as indirizzo:
        settings.CLAMAV = indirizzo
        assert antivirus.esamina(file) == EsitoAntivirus.PULITO
        file.write_bytes(carte.pdf(300_000) + carte.EICAR)
        with pytest.raises(FileInfetto, match="minaccia") as trovato:
            antivirus.esamina(file)
    assert trovato.value.minaccia == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "risposta", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Can't open file ERROR\0", b"", b"OK\0"]
)
def test_un_antivirus_che_non_sa_dire_non_lascia_passare(file: Path, settings: Settings, risposta: bytes) -> None:
    with carte.clamd(risposta) as indirizzo:
        settings.CLAMAV = indirizzo
        with pytest.raises(AntivirusAssente):
            antivirus.esamina(file)


def test_un_antivirus_che_non_risponde_non_lascia_passare(file: Path, settings: Settings, tmp_path: Path) -> None:
    with carte.clamd() as indirizzo:
        settings.CLAMAV = indirizzo
    with pytest.raises(AntivirusAssente, match="riprova"):
        antivirus.esamina(file)
    settings.CLAMAV = f"unix://{tmp_path}/nessuno"
    with pytest.raises(AntivirusAssente, match="riprova"):
        antivirus.esamina(file)
