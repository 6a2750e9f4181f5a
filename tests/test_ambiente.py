"""The rules of the test runs themselves (tests/ambiente.py)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SALTI = {
    "una prova": "import pytest\n\ndef test_saltata():\n    pytest.skip('oggi no')\n",
    "un intero file": "import pytest\n\npytest.skip('oggi no', allow_module_level=True)\n",
}
FALLIMENTO_ATTESO = "import pytest\n\n@pytest.mark.xfail\ndef test_atteso():\n    assert False\n"


def _esito(cartella: Path, testo: str, **variabili: str) -> int:
    (cartella / "test_finto.py").write_text(testo)
    ambiente = {nome: valore for nome, valore in os.environ.items() if not nome.startswith(("CI", "PYTEST_"))}
    comando = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", str(cartella)]
    return subprocess.run(
        comando, cwd=settings.BASE_DIR, env=ambiente | variabili, capture_output=True, check=False
    ).returncode


@pytest.mark.parametrize("testo", SALTI.values(), ids=SALTI)
def test_in_ci_un_salto_e_un_fallimento(tmp_path: Path, testo: str) -> None:
    assert _esito(tmp_path, testo, CI="true") in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}


def test_altrove_un_salto_non_e_un_fallimento(tmp_path: Path) -> None:
    assert _esito(tmp_path, SALTI["una prova"]) == pytest.ExitCode.OK


def test_un_fallimento_atteso_non_e_un_salto(tmp_path: Path) -> None:
    assert _esito(tmp_path, FALLIMENTO_ATTESO, CI="true") == pytest.ExitCode.OK
