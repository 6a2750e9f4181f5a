"""What veraPDF says of the reports."""

from __future__ import annotations

import subprocess
from pathlib import Path

import prepara
import pytest

from rapporti.documento import Documento
from rapporti.formati.tipi import Allegato
from rapporti.impaginazione.stampa import stampa
from tests.rapporti.campione import campione, sintesi

pytestmark = pytest.mark.aspetto

PROGRAMMA = prepara.RADICE / "scripts" / "verapdf.py"
NON_C_E = 2


def verapdf(*argomenti: str) -> subprocess.CompletedProcess[str]:
    """Skips the test where `prepara.py --ci` has not been run."""
    python = prepara.VENV_VERAPDF / "bin" / "python"
    if not python.exists():
        pytest.skip("veraPDF non c'è: si prepara con python3 scripts/prepara.py --ci")
    fatto = subprocess.run([python, PROGRAMMA, *argomenti], capture_output=True, text=True, check=False)
    if fatto.returncode == NON_C_E:
        pytest.skip(fatto.stdout.strip())
    return fatto


@pytest.mark.parametrize("documento", [campione(60), sintesi(30)], ids=["avanzamento", "sintesi"])
def test_un_rapporto_e_pdf_ua_1_e_pdf_a_3a(documento: Documento, tmp_path: Path) -> None:
    percorso = tmp_path / "rapporto.pdf"
    allegati = (
        Allegato("dati.json", "application/json", b"{}", "Dati"),
        Allegato("interventi.csv", "text/csv", "è;à\r\n".encode(), "Interventi"),
    )
    percorso.write_bytes(stampa(documento, allegati=allegati).pdf)
    fatto = verapdf(f"{percorso}:ua1", f"{percorso}:3a")
    assert fatto.returncode == 0, fatto.stdout + fatto.stderr
    assert fatto.stdout.count("✓") == 2


def test_verapdf_sa_dire_di_no(tmp_path: Path) -> None:
    percorso = tmp_path / "senza.pdf"
    percorso.write_bytes(stampa(sintesi(3), allegati=()).pdf.replace(b"<pdfuaid:part>1</", b"<pdfuaid:part>9</"))
    fatto = verapdf(f"{percorso}:ua1")
    assert fatto.returncode == 1, fatto.stdout + fatto.stderr
    assert "✕" in fatto.stdout
