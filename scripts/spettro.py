"""Spectral on the OpenAPI document: for `.ci/run` alone, which has Node; neither the portal nor its tests need it.

Spectral and all it needs are pinned, with their hashes, in requisiti/spettro/package-lock.json.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

import prepara

PROGRAMMA = prepara.RADICE / "requisiti" / "spettro"
REGOLE = prepara.RADICE / "scripts" / "spettro.yaml"


def controlla(cartella: Path) -> int:
    """Install Spectral in a folder, write the document there, and say what is wrong with it."""
    inizio = monotonic()
    for nome in ("package.json", "package-lock.json"):
        shutil.copy(PROGRAMMA / nome, cartella)
    # No script of these packages is run: one of them only counts who installs it.
    installa = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", cartella]
    prepara.esegui(installa, "Non riesco a installare Spectral: controlla il collegamento a Internet e riprova.")
    installato = monotonic()
    documento = cartella / "openapi.yaml"
    prepara.esegui([prepara.PYTHON, "manage.py", "documenta_api", "--out", documento], "Non c'è il documento OpenAPI.")
    spectral = cartella / "node_modules" / ".bin" / "spectral"
    esito = subprocess.call([spectral, "lint", documento, "--ruleset", REGOLE, "--fail-severity", "warn"])
    print(f"Spectral: installato in {installato - inizio:.0f} s, controllo in {monotonic() - installato:.0f} s")
    return esito


if __name__ == "__main__":
    try:
        with tempfile.TemporaryDirectory(prefix="psttm-spettro-") as temporanea:
            sys.exit(controlla(Path(temporanea)))
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
