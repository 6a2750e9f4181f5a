"""Files that are not what they say: bombs, hostile XML, polyglots, documents with some bytes changed."""

from __future__ import annotations

import io
import struct
import zipfile
from random import Random

from tests.monitoraggio.carte import docx, odt, pdf, xlsx, zip_con
from tests.ostile.veleni import GRIMALDELLO, storpiato

_ENTITA = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><l>&d;</l>'
)
_ESTERNA = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
_TIPI = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def _bomba() -> bytes:
    """A docx of some kilobytes that unpacks to 40 megabytes, of which it says that they are three bytes."""
    byte = bytearray(zip_con({"[Content_Types].xml": _TIPI, "word/document.xml": bytes(40_000_000)}))
    giusta = struct.pack("<I", 40_000_000)
    while (posto := byte.find(giusta)) >= 0:
        byte[posto : posto + 4] = struct.pack("<I", 3)
    return bytes(byte)


def _annidato(quanto: int) -> bytes:
    dentro = pdf()
    for _volta in range(quanto):
        dentro = zip_con({"dentro.zip": dentro})
    return dentro


def _protetto(byte: bytes) -> bytes:
    """The same zip, whose first file says in one of its two places that a password locks it."""
    rovinato = bytearray(byte)
    rovinato[6] |= 1
    return bytes(rovinato)


def _evaso() -> bytes:
    uscita = io.BytesIO()
    with zipfile.ZipFile(uscita, "w") as archivio:
        for nome in (
            "../../etc/cron.d/x.txt",
            "/etc/passwd.txt",
            "C:\\windows\\x.txt",
            "a\x00.txt",
            "\u202etxt.exe.txt",
        ):
            archivio.writestr(nome, b"x")
    return uscita.getvalue()


def strani() -> dict[str, bytes]:
    """By name of the file, what nobody should take for what it says."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(77)</script></svg>'
    pagina = f"<html><body>{GRIMALDELLO}</body></html>".encode()
    return {
        "vuoto.pdf": b"",
        "uno.pdf": b"%",
        "pagina.pdf": pagina,
        "poliglotta.pdf": b"%PDF-1.7\n" + pagina + zip_con({"a.txt": b"x"}) + b"\n%%EOF",
        "programma.pdf": b"MZ" + bytes(4_000) + b"%%EOF",
        "bomba.docx": _bomba(),
        "entita.docx": docx(**{"word/styles.xml": _ENTITA}),
        "macro.docx": docx(**{"word/vbaProject.bin": b"x"}),
        "esterna.xlsx": zip_con({"[Content_Types].xml": _TIPI, "xl/workbook.xml": _ESTERNA}),
        "protetto.odt": _protetto(odt()),
        "protetto.docx": _protetto(docx()),
        "annidato.zip": _annidato(6),
        "evaso.zip": _evaso(),
        "molti.zip": zip_con({f"{n}.txt": b"" for n in range(2_500)}),
        "entita.xml": _ENTITA,
        "esterna.xml": _ESTERNA,
        "profondo.xml": b"<a>" * 100_000,
        "nullo.xml": b"<a>\x00</a>",
        "pagina.txt": pagina,
        "formula.csv": b"=cmd|'/C calc'!A0;1\n" * 50,
        "binario.csv": bytes(range(256)) * 8,
        "utf16.txt": b"\xff\xfe" + b"\x00\xd8" * 100,
        "disegno.png": svg,
        "disegno.svg": svg,
        "finto.png": b"\x89PNG\r\n\x1a\n" + pagina,
        "finto.p7m": b"0\x84\xff\xff\xff\xff" + pagina,
        "pem.p7m": b"-----BEGIN PKCS7-----\n" + b"A" * 101 + b"\n-----END PKCS7-----",
        "ole.docx": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2_000),
        "troncato.xlsx": xlsx()[:-30],
        "coda.zip": b"PK\x05\x06" + b"\xff" * 18,
    }


def buoni() -> dict[str, bytes]:
    return {
        "a.pdf": pdf(),
        "b.docx": docx(),
        "c.xlsx": xlsx(),
        "d.odt": odt(),
        "e.zip": zip_con({"a.pdf": pdf(), "b.txt": b"testo"}),
        "f.xml": b'<?xml version="1.0"?><a><b c="d">e</b></a>',
        "g.csv": b"cup;titolo\nB99M24000010001;Scuola\n",
        "h.p7m": bytes.fromhex("3080") + bytes.fromhex("06092a864886f70d010702") + bytes(60),
        "i.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    }


def rovinato(scelta: Random) -> tuple[str, bytes]:
    """A good file with something changed, under its name or under that of another kind."""
    nome, byte = scelta.choice(list(buoni().items()))
    if scelta.random() < 0.2:
        nome = scelta.choice(list(buoni()))
    return nome, storpiato(byte, scelta)


NOMI = (
    "../../../etc/passwd.pdf",
    "..\\..\\x.pdf",
    "/etc/cron.d/x.pdf",
    "C:\\x.pdf",
    "a\x00.pdf",
    "a\r\nX: y.pdf",
    "\u202efdp.exe",
    "a\u200b.pdf",
    '"><img src=x onerror=alert(77)>.pdf',
    f"{GRIMALDELLO}.pdf",
    "A" * 300 + ".pdf",
    "à" * 200 + ".pdf",
    ".pdf",
    ".",
    "..",
    " ",
    "CON.pdf",
    "a.pdf.",
    "a.pdf ",
    "a.pdf/",
    "a.php.pdf",
    "a.pdf;x.exe",
    "=1+1.pdf",
    "{{7*7}}.pdf",
    "%2e%2e%2fx.pdf",
    "\U0001f4a3.pdf",
)
