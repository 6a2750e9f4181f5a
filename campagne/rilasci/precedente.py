"""The sources of the release before, out of the history of this repository."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from campagne.impianto.parti import RADICE

# To be moved at each release, with `esercizio.migrazioni.PARTENZA`.
PRECEDENTE = "450f60f"


class SenzaStoria(Exception):
    """The release before is not in this repository; the message says what is missing."""


def estrai(dove: Path) -> Path:
    """Write the release before into this new folder. Raises SenzaStoria."""
    fatto = subprocess.run(["git", "archive", PRECEDENTE], cwd=RADICE, capture_output=True, check=False)
    if fatto.returncode != 0:
        raise SenzaStoria(
            f"Qui non c'è la versione di prima (commit {PRECEDENTE}): serve il repository con la sua storia, non una "
            "copia dei file né un clone superficiale."
        )
    dove.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(fatto.stdout)) as archivio:
        archivio.extractall(dove, filter="data")
    return dove
