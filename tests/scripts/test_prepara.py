"""What `scripts/prepara.py` does to a machine, with a package manager that only notes what it is asked."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import prepara
import pytest
from django.conf import settings

# The packages are asked for by somebody who is not root, and cannot become root.
DA_NESSUNO = """
import os, prepara
if os.geteuid() == 0:
    os.setuid(65534)
prepara.installa_pacchetti(["libuno", "libdue"])
"""
DA_ROOT = "import os, prepara; os.geteuid = lambda: 0; prepara.installa_pacchetti(['libuno', 'libdue'])"


@pytest.fixture
def comandi() -> Iterator[Path]:
    """A folder that everybody can read, to hold the only commands of the machine."""
    cartella = Path(tempfile.mkdtemp(prefix="psttm-comandi-"))
    cartella.chmod(0o755)
    yield cartella
    shutil.rmtree(cartella)


def _apt(comandi: Path, esce_con: str) -> None:
    finto = comandi / "apt-get"
    finto.write_text(f'#!/bin/sh\necho "$@" >> {comandi}/chiesto\n{esce_con}\n')
    finto.chmod(0o755)


def _python(codice: str, comandi: Path) -> str:
    ambiente = os.environ | {"PATH": str(comandi)}
    cartella = settings.BASE_DIR / "scripts"
    return subprocess.check_output([sys.executable, "-c", codice], cwd=cartella, env=ambiente, text=True)


def test_chi_puo_installa_i_pacchetti_e_chi_no_riceve_il_comando_esatto(comandi: Path) -> None:
    _apt(comandi, "exit 0")
    assert "sudo apt-get install libuno libdue\n" in _python(DA_NESSUNO, comandi)
    assert not (comandi / "chiesto").exists()
    assert _python(DA_ROOT, comandi) == "Installo i pacchetti di sistema: libuno libdue …\n"
    assert (comandi / "chiesto").read_text().endswith("install -y --no-install-recommends libuno libdue\n")


def test_se_l_elenco_dei_pacchetti_e_vecchio_lo_aggiorna_e_riprova(comandi: Path) -> None:
    _apt(comandi, f'[ "$4" = update ] && : > {comandi}/aggiornato; [ -e {comandi}/aggiornato ]')
    assert "Non sono riuscito" not in _python(DA_ROOT, comandi)
    assert [riga.split()[3] for riga in (comandi / "chiesto").read_text().splitlines()] == [
        "install",
        "update",
        "install",
    ]


def test_se_i_pacchetti_non_si_installano_lo_dice_e_va_avanti(comandi: Path) -> None:
    _apt(comandi, "exit 1")
    assert "Prova con: sudo apt-get install libuno libdue" in _python(DA_ROOT, comandi)


def test_su_un_sistema_diverso_da_debian_dice_che_cosa_manca(comandi: Path) -> None:
    assert "libuno libdue" in _python(DA_ROOT, comandi)


def test_la_chiave_segreta_e_lunga_solo_del_proprietario_e_non_cambia_piu(tmp_path: Path) -> None:
    ambiente = os.environ | {"VAR_DIR": str(tmp_path / "var")}
    comando = [sys.executable, "-c", "import prepara; prepara.chiave_segreta()"]
    percorso, chiavi = tmp_path / "var" / "chiave_segreta", []
    for _ in range(2):
        subprocess.check_call(comando, cwd=settings.BASE_DIR / "scripts", env=ambiente)
        chiavi.append(percorso.read_text())
    assert len(chiavi[0]) >= 50
    assert chiavi[0] == chiavi[1]
    assert stat.S_IMODE(percorso.stat().st_mode) == 0o600


def test_una_variabile_dell_ambiente_vince_sulla_predefinita(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSTTM_PROVA", "")
    assert prepara.variabile("PSTTM_PROVA", "predefinita") == "predefinita"
    monkeypatch.setenv("PSTTM_PROVA", "scelta")
    assert prepara.variabile("PSTTM_PROVA", "predefinita") == "scelta"
