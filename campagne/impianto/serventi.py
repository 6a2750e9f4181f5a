"""The servers of a plant: PostgreSQL and Redis, each with its data, at an address of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from socket import socket
from typing import Any

import psycopg
import redis

from campagne.impianto.parti import CON_CHI_LA_TIENE, Parte

BASE_DATI = "portale"
UTENTE = "portale"


class ProgrammaMancante(Exception):
    """A program that the plant is made of is not on this machine; the message names it."""


def ambiente_nudo() -> dict[str, str]:
    """What every program gets of the environment of whoever starts the plant: nothing that concerns the portal."""
    return {nome: os.environ[nome] for nome in ("PATH", "HOME", "LANG", "TZ", "TMPDIR") if nome in os.environ}


def porta_libera(indirizzo: str = "127.0.0.1") -> int:
    with socket() as presa:
        presa.bind((indirizzo, 0))
        return int(presa.getsockname()[1])


def programma(nome: str, *altrove: Path) -> str:
    """Where a program is. Raises ProgrammaMancante."""
    trovato = next((str(cartella / nome) for cartella in altrove if (cartella / nome).exists()), shutil.which(nome))
    if trovato is None:
        raise ProgrammaMancante(f"Manca il programma {nome}: «python3 scripts/prepara.py --ci» lo installa.")
    return trovato


def _di_postgres(nome: str) -> str:
    binari = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda b: int(b.parent.name), reverse=True)
    return programma(nome, *binari)


class Postgres:
    """A PostgreSQL as it stands in production: what it has acknowledged is on disk."""

    def __init__(self, dati: Path, indirizzo: str, diario: Path, *, opzioni: list[str] | None = None) -> None:
        self.dati, self.indirizzo, self.porta = dati, indirizzo, porta_libera(indirizzo)
        scelte = [
            f"listen_addresses={indirizzo}",
            f"unix_socket_directories={dati}",
            "max_connections=200",
            *(opzioni or []),
        ]
        comando = [_di_postgres("postgres"), "-D", str(dati), "-p", str(self.porta)]
        comando += [parte for scelta in scelte for parte in ("-c", scelta)]
        self.parte = Parte("postgres", comando, ambiente_nudo(), diario, _come_postgres(), Path("/"))

    @property
    def url(self) -> str:
        return f"postgres://{UTENTE}:impianto-di-prova@{self.indirizzo}:{self.porta}/{BASE_DATI}"

    def crea(self) -> None:
        self.dati.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(self.dati, "postgres")
        initdb = [_di_postgres("initdb"), "-D", str(self.dati), "-U", UTENTE, "--auth=trust", "--encoding=UTF8"]
        subprocess.run([*_come_postgres(), *initdb, "--locale=C.UTF-8"], cwd="/", stdout=subprocess.DEVNULL, check=True)
        with (self.dati / "pg_hba.conf").open("a") as regole:
            regole.write("host all all 10.77.0.0/16 trust\n")

    def avvia(self) -> None:
        # What a killed one leaves behind; its own start refuses a file that names a living process only.
        self.parte.avvia()

    def ferma(self) -> None:
        """Its «fast» end: who is connected is sent away, and all is written."""
        self.parte.ferma(entro=30, segnale=signal.SIGINT)

    def risponde(self) -> bool:
        try:
            self.esegui("SELECT 1", base="postgres")
        except psycopg.Error:
            return False
        return True

    def collega(self, base: str = BASE_DATI) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=self.indirizzo,
            port=self.porta,
            user=UTENTE,
            dbname=base,
            autocommit=True,
            connect_timeout=5,
        )

    def esegui(self, sql: str, valori: Any = None, base: str = BASE_DATI) -> list[tuple[Any, ...]]:
        """The rows of a query; none for a command."""
        with self.collega(base) as connessione:
            # The texts come from the campaigns.
            cursore = connessione.execute(sql.encode(), valori)
            return cursore.fetchall() if cursore.description else []


def _come_postgres() -> list[str]:
    """PostgreSQL refuses to run as root. `setpriv` becomes it, so that the process started is PostgreSQL itself."""
    if os.getuid() != 0:
        return []
    # Said here too: whoever becomes somebody else forgets it.
    return [*CON_CHI_LA_TIENE, "--reuid=postgres", "--regid=postgres", "--init-groups"]


class Redis:
    """A Redis as docker-compose.yml starts it: what it holds is lost when it ends."""

    def __init__(self, cartella: Path, indirizzo: str, diario: Path) -> None:
        self.indirizzo, self.porta = indirizzo, porta_libera(indirizzo)
        comando = [programma("redis-server"), "--bind", indirizzo, "--port", str(self.porta), "--dir", str(cartella)]
        comando += ["--save", "", "--appendonly", "no", "--protected-mode", "no"]
        self.parte = Parte("redis", comando, ambiente_nudo(), diario)

    def url(self, numero: int, schema: str = "redis") -> str:
        return f"{schema}://{self.indirizzo}:{self.porta}/{numero}"

    def cliente(self, numero: int = 0) -> redis.Redis:
        return redis.Redis(self.indirizzo, self.porta, numero, socket_timeout=5, socket_connect_timeout=2)

    def risponde(self) -> bool:
        try:
            return bool(self.cliente().ping())
        except redis.RedisError:
            return False
