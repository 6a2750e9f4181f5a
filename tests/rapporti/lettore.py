"""Reading PDFs in tests: by poppler, and by the bytes that it does not show."""

from __future__ import annotations

import re
import subprocess
import zlib
from pathlib import Path


def testo(pdf: Path, *opzioni: str) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", *opzioni, pdf, "-"], capture_output=True, text=True, check=True
    ).stdout


def pagine(pdf: Path) -> list[str]:
    return testo(pdf).split("\f")[:-1]


def caratteri(pdf: Path) -> set[str]:
    """The fonts of a file, by family and weight; they must all be embedded."""
    righe = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert all(re.search(r"yes yes yes\s+\d+\s+\d+$", riga) for riga in righe), righe
    return {riga.split()[0].split("+")[1] for riga in righe}


def oggetti(pdf: bytes) -> str:
    """Everything that a file says of itself, uncompressed."""
    detto = [pdf]
    for flusso in re.finditer(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            detto.append(zlib.decompress(flusso[1]))
        except zlib.error:
            continue
    return b"\n".join(detto).decode("latin-1")
