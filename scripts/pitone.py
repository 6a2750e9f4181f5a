"""Imported first by every script here: an old Python hands over to a newer one, or stops with one plain sentence.

Python reads the whole of a file before it runs it: this one, and those that import it, keep to what Python 3.6 can
read: no `from __future__ import annotations`, no newer syntax. Newer names do no harm after the import.
"""

import os
import subprocess
import sys

MINIMA = (3, 11)
NOMI = ("python3.11", "python3.12", "python3.13", "python3.14", "python3")
PROVA = "import sys; sys.exit(sys.version_info[:2] < " + repr(MINIMA) + ")"


def _adatto(nome: str) -> bool:
    """Whether there is a command with this name that runs a Python new enough."""
    try:
        return subprocess.call([nome, "-c", PROVA], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def esigi() -> None:
    """Return on a Python new enough; else start the same command on one, or stop."""
    if sys.version_info[:2] >= MINIMA:
        return
    for nome in NOMI:
        if _adatto(nome):
            os.execvp(nome, [nome, *sys.argv])  # noqa: S606 — the name is one of ours
    sys.exit(
        "Serve Python 3.11 o successivo; questo è Python "
        + ".".join(str(parte) for parte in sys.version_info[:3])
        + " e su questa macchina non ne trovo altri. Installalo (su Debian e Ubuntu: apt-get install python3.11"
        + " python3.11-venv) e ripeti il comando."
    )


esigi()
