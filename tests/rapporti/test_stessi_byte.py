"""The same question on the same data gives the same bytes: in two processes, and on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.modello import RIFERIMENTI, butta, su_postgres, su_sqlite

SCENA = "import django; django.setup(); from tests.rapporti import scena; scena.crea()"
CHIESTO = ("--al", "2024-12-31", "--noto-al", "2025-01-20T10:30", "--confronto", "2024-09-30")
FILE = ("rapporto.pdf", "rapporto.json", "rapporto.xlsx")


def _esegui(indirizzo: str, seme: str, *comando: str) -> None:
    ambiente = os.environ | {"DATABASE_URL": indirizzo, "PYTHONHASHSEED": seme, "CELERY_BROKER_URL": "memory://"}
    subprocess.run([sys.executable, *comando], cwd=settings.BASE_DIR, env=ambiente, check=True)


def _rapporto(indirizzo: str, seme: str, cartella: Path, *altro: str) -> list[bytes]:
    """PDF, data and workbook, made by the command in a process of its own."""
    cartella.mkdir()
    pdf, dati, foglio = (str(cartella / nome) for nome in FILE)
    chiesto = ("manage.py", "genera_rapporto", *CHIESTO, *altro, "--out", pdf, "--json", dati, "--xlsx", foglio)
    _esegui(indirizzo, seme, *chiesto)
    return [(cartella / nome).read_bytes() for nome in FILE]


@contextmanager
def _altra_base(cartella: Path) -> Iterator[str]:
    """A database of the engine that the suite runs on."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        yield su_sqlite(RIFERIMENTI, cartella / "altra.sqlite3")
        return
    nome = f"stessi_byte_{os.getpid()}"
    try:
        yield su_postgres(RIFERIMENTI, nome)
    finally:
        butta(nome)


def test_due_processi_e_due_motori_danno_gli_stessi_byte(tmp_path: Path) -> None:
    """One always on SQLite, the other on the engine of the suite: in CI, on PostgreSQL too."""
    una = su_sqlite(RIFERIMENTI, tmp_path / "una.sqlite3")
    with _altra_base(tmp_path) as altra:
        for base, seme in ((una, "1"), (altra, "2")):
            _esegui(base, seme, "-c", SCENA)
        for numero, quale in enumerate(((), ("--piano", "COME IN"), ("--tipo", "sintesi"), ("--tipo", "dup"))):
            fatti = _rapporto(una, "1", tmp_path / f"una-{numero}", *quale)
            assert fatti[0].startswith(b"%PDF")
            assert fatti == _rapporto(altra, "2", tmp_path / f"altra-{numero}", *quale), quale
