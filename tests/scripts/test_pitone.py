"""An old Python gives one plain sentence, or hands over to a newer one."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = settings.BASE_DIR / "scripts"
# Runs a script as a Python that says it is 3.8 would, on a machine with only the commands of one folder.
DA_VECCHIO = """
import os, runpy, sys
sys.version_info = (3, 8, 10, "final", 0)
sys.argv = [{script!r}]
sys.path.insert(0, {cartella!r})
os.environ["PATH"] = {comandi!r}
runpy.run_path({script!r}, run_name="__main__")
"""


def _da_vecchio(script: Path, comandi: Path) -> subprocess.CompletedProcess[str]:
    codice = DA_VECCHIO.format(script=str(script), cartella=str(SCRIPTS), comandi=str(comandi))
    return subprocess.run([sys.executable, "-c", codice], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("nome", sorted(percorso.name for percorso in SCRIPTS.glob("*.py")))
def test_ogni_script_lo_puo_leggere_anche_un_python_vecchio(nome: str) -> None:
    testo = (SCRIPTS / nome).read_text()
    ast.parse(testo, feature_version=(3, 6))
    assert "from __future__ import annotations" not in [riga for riga in testo.splitlines() if riga[:4] == "from"]


@pytest.mark.parametrize("nome", sorted({percorso.name for percorso in SCRIPTS.glob("*.py")} - {"pitone.py"}))
def test_ogni_script_controlla_il_python_prima_di_ogni_altra_cosa(nome: str) -> None:
    prima = next(nodo for nodo in ast.parse((SCRIPTS / nome).read_text()).body if not isinstance(nodo, ast.Expr))
    assert isinstance(prima, ast.Import)
    assert [importato.name for importato in prima.names] == ["pitone"]


def test_un_python_vecchio_senza_altri_e_una_frase_sola(tmp_path: Path) -> None:
    fatto = _da_vecchio(SCRIPTS / "avvia.py", tmp_path)
    assert (fatto.returncode, fatto.stdout) == (1, "")
    assert fatto.stderr.count("\n") == 1
    assert "Serve Python 3.11 o successivo; questo è Python 3.8.10" in fatto.stderr


def test_un_python_vecchio_passa_il_comando_a_uno_nuovo(tmp_path: Path) -> None:
    (tmp_path / "python3.12").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3.13").write_text('#!/bin/sh\n[ "$1" = -c ] || echo "eseguo $1"\n')
    for comando in tmp_path.iterdir():
        comando.chmod(0o755)
    fatto = _da_vecchio(SCRIPTS / "avvia.py", tmp_path)
    assert (fatto.returncode, fatto.stderr) == (0, "")
    assert fatto.stdout == f"eseguo {SCRIPTS / 'avvia.py'}\n"
