"""The PostgreSQL that some measures need."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit, urlunsplit

import psycopg


class SenzaPostgres(Exception):
    """Neither a server was named nor one can be started here."""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a server: the one that MISURE_POSTGRES names, or a private one. Raises SenzaPostgres."""
    server = os.environ.get("MISURE_POSTGRES", "")
    if server:
        yield server
        return
    binari = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda b: int(b.parent.name))
    if not binari:
        raise SenzaPostgres
    cartella = Path(tempfile.mkdtemp(prefix="psttm-postgres-"))
    dati = cartella / "postgres"
    porta = porta_libera()
    cartella.chmod(0o755)
    dati.mkdir()
    if os.getuid() == 0:
        subprocess.run(["chown", "postgres", str(dati)], check=True)  # noqa: S603, S607 a folder of ours
    _come_postgres(
        binari[-1] / "initdb", "-D", dati, "-U", "portale", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
    )
    # Nothing here outlives a power cut, and no checkpoint falls in the middle of what is timed.
    opzioni = (
        f"-p {porta} -k {dati} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off "
        "-c full_page_writes=off -c max_wal_size=8GB -c checkpoint_timeout=1h"
    )
    _come_postgres(binari[-1] / "pg_ctl", "-D", dati, "-w", "-s", "-l", dati / "diario.log", "-o", opzioni, "start")
    try:
        yield f"postgres://portale@127.0.0.1:{porta}/postgres"
    finally:
        _come_postgres(binari[-1] / "pg_ctl", "-D", dati, "-m", "immediate", "-s", "stop")
        shutil.rmtree(cartella)


def porta_libera() -> int:
    with socket() as libera:
        libera.bind(("127.0.0.1", 0))
        porta: int = libera.getsockname()[1]
        return porta


def _come_postgres(*comando: object) -> None:
    """PostgreSQL refuses to run as root."""
    davanti = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*davanti, *map(str, comando)], cwd="/", stdout=subprocess.DEVNULL, check=True)  # noqa: S603 ours


def base(server: str, nome: str, modello: str = "template1") -> str:
    """The address of a new database with this name: a copy of another of that server, or empty."""
    with psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True) as connessione:
        connessione.execute(f"DROP DATABASE IF EXISTS {nome}")
        connessione.execute(f"CREATE DATABASE {nome} TEMPLATE {modello}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{nome}"))
