"""What every test begins with, and is slow to make: made once a run, by the process that needs it first, and copied.

There are two: the tables, and the tables with the reference data; each on SQLite, PostgreSQL or both, as it is asked.
They are made by the commands that make those of a portal.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from tests.ambiente import CARTELLA, PROCESSO

TABELLE, RIFERIMENTI = "tabelle", "riferimenti"
_COMANDI = {TABELLE: "migrate", RIFERIMENTI: "carica_riferimenti"}
# Shared by the processes of a parallel run.
_COMUNE = (CARTELLA.parent if PROCESSO else CARTELLA) / "modelli"


def su_sqlite(livello: str, file: Path) -> str:
    """A new SQLite database in that file, as far as that level; its DATABASE_URL."""
    with _uno_alla_volta():
        modello = _modello_sqlite(livello)
    shutil.copyfile(modello, file)
    return f"sqlite:///{file}"


def su_postgres(livello: str, nome: str) -> str:
    """A new database with that name, as far as that level, on the server of the settings; its DATABASE_URL."""
    with _uno_alla_volta():
        _crea(nome, _modello_postgres(livello))
    return _indirizzo(nome)


def butta(nome: str) -> None:
    """Drop a database of the server of the settings, whoever is still connected."""
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nome)))


def butta_i_modelli() -> None:
    """At the end of the run. Those on SQLite go with its directory."""
    for segno in _COMUNE.glob("modello_*"):
        butta(segno.name)


def _modello_sqlite(livello: str) -> Path:
    modello = _COMUNE / f"{livello}.sqlite3"
    if not modello.exists():
        a_meta = _COMUNE / f"{livello}.a_meta"
        if livello == RIFERIMENTI:
            shutil.copyfile(_modello_sqlite(TABELLE), a_meta)
        _esegui(livello, f"sqlite:///{a_meta}")
        a_meta.rename(modello)
    return modello


def _modello_postgres(livello: str) -> str:
    # The name of the run's directory, so that two runs may share a server.
    nome = f"modello_{_COMUNE.parent.name.removeprefix('psttm-prove-')}_{livello}"
    segno = _COMUNE / nome
    if not segno.exists():
        _crea(nome, _modello_postgres(TABELLE) if livello == RIFERIMENTI else "template1")
        _esegui(livello, _indirizzo(nome))
        segno.touch()
    return nome


def _crea(nome: str, modello: str) -> None:
    butta(nome)
    with _server() as server:
        comando = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(nome), sql.Identifier(modello))
        server.execute(comando)


def _server() -> psycopg.Connection[tuple[object, ...]]:
    dati = settings.DATABASES["default"]
    accesso = {"host": dati["HOST"], "port": dati["PORT"], "user": dati["USER"], "password": dati["PASSWORD"]}
    return psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in accesso.items() if v})


def _indirizzo(nome: str) -> str:
    """DATABASE_URL of another database of the server of the settings, with the same options."""
    base, _, resto = os.environ["DATABASE_URL"].rpartition("/")
    _, interrogativo, opzioni = resto.partition("?")
    return f"{base}/{nome}{interrogativo}{opzioni}"


def _esegui(livello: str, indirizzo: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", _COMANDI[livello]],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": indirizzo, "CELERY_BROKER_URL": "memory://"},
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def _uno_alla_volta() -> Iterator[None]:
    _COMUNE.mkdir(exist_ok=True)
    with (_COMUNE / "serratura").open("w") as serratura:
        fcntl.flock(serratura, fcntl.LOCK_EX)
        yield
