"""What every plant begins with, and is slow to make: made once, kept while the data it is made of stay, and copied.

A model is a folder: `postgres` (a data directory, switched off), `macchina` (what a machine has under VAR_DIR: static
files, guide), `documenti`, `chiave` (SECRET_KEY) and `persone.json` (what `allestisci` says of who can sign in).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campagne.impianto.parti import RADICE, attendi
from campagne.impianto.serventi import BASE_DATI, Postgres, ambiente_nudo

RIFERIMENTI, DIMOSTRAZIONE = "riferimenti", "dimostrazione"
VECCHIO_SECONDI = 24 * 3600
# What the data of a model come from: when one of these changes, it is made anew.
_SORGENTI = (
    "*/migrations/*.py",
    "*/demo*.py",
    "*/dimostrazione*.py",
    "fixtures/**/*",
    "static/**/*",
    "docs/guida/**/*",
)


def modello(livello: str, radice: Path = RADICE) -> Path:
    """The folder of the model, made now if it is not there: empty but for the reference data, or the demonstration.

    `radice` is where the release is whose model it is.
    """
    tutti = _cartella()
    with _uno_alla_volta(tutti):
        pronto = tutti / f"{livello}-{_impronta(radice)}"
        if not pronto.exists():
            _butta_i_vecchi(tutti)
            a_meta = Path(tempfile.mkdtemp(prefix="a-meta-", dir=tutti))
            a_meta.chmod(0o755)
            try:
                _costruisci(livello, a_meta, radice)
                a_meta.rename(pronto)
            finally:
                shutil.rmtree(a_meta, ignore_errors=True)
        return pronto


def copia(da: Path, a: Path) -> None:
    """A copy with the same owners and times; where the file system can, without copying anything."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(da), str(a)], check=True)


def _cartella() -> Path:
    """CAMPAGNE_DIR, or one in /tmp: PostgreSQL, which does not run as root, must get into it."""
    cartella = Path(os.environ.get("CAMPAGNE_DIR") or f"{tempfile.gettempdir()}/psttm-campagne-{os.getuid()}")
    cartella.mkdir(parents=True, exist_ok=True)
    if cartella.stat().st_uid != os.getuid():
        raise PermissionError(f"{cartella} è di un altro utente: indica una cartella tua in CAMPAGNE_DIR.")
    cartella.chmod(0o755)
    return cartella


def _butta_i_vecchi(cartella: Path) -> None:
    for vecchio in cartella.glob("*-*"):
        if time.time() - vecchio.stat().st_mtime > VECCHIO_SECONDI:
            shutil.rmtree(vecchio)


def _impronta(radice: Path) -> str:
    somma = hashlib.sha256()
    for disegno in _SORGENTI:
        for percorso in sorted(radice.glob(disegno)):
            if percorso.is_file():
                somma.update(str(percorso.relative_to(radice)).encode() + percorso.read_bytes())
    return somma.hexdigest()[:16]


def _costruisci(livello: str, cartella: Path, radice: Path) -> None:
    (cartella / "chiave").write_text(secrets.token_urlsafe(60))
    (cartella / "macchina").mkdir()
    (cartella / "documenti").mkdir()
    # Nothing of what is made here needs to outlive a power cut: it is thrown away and made anew.
    postgres = Postgres(cartella / "postgres", "127.0.0.1", cartella / "postgres.log", opzioni=["fsync=off"])
    postgres.crea()
    postgres.avvia()
    try:
        attendi(postgres.risponde, entro=30, che_cosa="PostgreSQL del modello risponde")
        postgres.esegui(f"CREATE DATABASE {BASE_DATI}", base="postgres")
        fatto = subprocess.run(
            [sys.executable, "manage.py", "allestisci"],
            cwd=radice,
            env=ambiente_nudo()
            | {
                "AMBIENTE": "locale",
                "DIMOSTRAZIONE": "true" if livello == DIMOSTRAZIONE else "false",
                "SECRET_KEY": (cartella / "chiave").read_text(),
                "DATABASE_URL": postgres.url,
                "CELERY_BROKER_URL": "memory://",
                "CACHE_URL": "locmemcache://modello",
                "VAR_DIR": str(cartella / "macchina"),
                "MEDIA_ROOT": str(cartella / "documenti"),
            },
            stdout=subprocess.PIPE,
            check=True,
        )
        (cartella / "persone.json").write_bytes(fatto.stdout)
    finally:
        postgres.ferma()


@contextmanager
def _uno_alla_volta(cartella: Path) -> Iterator[None]:
    with (cartella / "serratura").open("w") as serratura:
        fcntl.flock(serratura, fcntl.LOCK_EX)
        yield
