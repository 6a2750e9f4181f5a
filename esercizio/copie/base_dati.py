"""The database in a backup, whole: copied as it is at one instant, put back all together or not at all."""

from __future__ import annotations

import glob
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader

# Whoever is still at work holds the restore up for no longer than this.
ATTESA_SECONDI = 30


class BaseDatiFerma(Exception):
    """The database could not be copied, or put back; the message, in Italian, says why."""


def membro() -> str:
    """Its name in the archive, by its engine."""
    return "base-dati.sqlite3" if connection.vendor == "sqlite" else "base-dati.dump"


def versione() -> str:
    """Engine and version, for the manifest."""
    numeri = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(str(numero) for numero in numeri)}"


def righe() -> dict[str, int]:
    """How many rows each table has."""
    contate = {}
    with connection.cursor() as cursore:
        for tabella in tabelle():
            cursore.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(tabella)}")  # noqa: S608 a table of ours
            contate[tabella] = cursore.fetchone()[0]
    return contate


def tabelle() -> list[str]:
    return sorted(connection.introspection.table_names())


def migrazioni() -> list[list[str]]:
    """Those applied, each as application and name; of a database without tables, none."""
    return sorted([app, nome] for app, nome in MigrationLoader(connection).applied_migrations or ())


def non_conosciute(applicate: Sequence[Sequence[str]]) -> list[str]:
    """Of these migrations, those that this release of the portal does not have."""
    nostre = MigrationLoader(None).disk_migrations or {}
    return [f"{app}.{nome}" for app, nome in applicate if (app, nome) not in nostre]


# --- Copying ---------------------------------------------------------------------------------------------------------


def copia(file: Path) -> None:
    """Write the database into a file, as the transaction that is open sees it. Raises BaseDatiFerma."""
    if connection.vendor == "sqlite":
        try:
            with closing(sqlite3.connect(file)) as destinazione:
                connection.connection.backup(destinazione)
        except sqlite3.Error as errore:
            raise BaseDatiFerma(f"il file della base dati non si lascia copiare ({errore})") from errore
        return
    with connection.cursor() as cursore:
        cursore.execute("SELECT pg_export_snapshot()")
        (istante,) = cursore.fetchone()
    comando = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={istante}"]
    _postgresql("pg_dump", [*comando, f"--file={file}"])


# --- Putting back ----------------------------------------------------------------------------------------------------


def riprendi(file: Path, lavoro: Path) -> None:
    """Put the database of an archive in place of what there is; `lavoro` is a folder for what is needed meanwhile."""
    if connection.vendor == "sqlite":
        _riprendi_sqlite(file)
    else:
        _riprendi_postgresql(file, lavoro)


def _riprendi_sqlite(file: Path) -> None:
    connection.ensure_connection()
    try:
        # One transaction of SQLite: whoever reads meanwhile sees either the old or the new.
        with closing(sqlite3.connect(file)) as origine:
            # A file that is next to nothing is a good database, without tables: it must not take the place of ours.
            origine.execute("SELECT 1 FROM django_migrations")
            origine.backup(connection.connection)
    except sqlite3.Error as errore:
        raise BaseDatiFerma(f"la base dati non si lascia sostituire ({errore}): ferma il portale") from errore
    connection.close()


def _riprendi_postgresql(file: Path, lavoro: Path) -> None:
    """In one transaction: what there is goes, what was copied comes.

    The script is made first, whole: `psql` reading one that stops halfway would take its end for the end.
    """
    script = lavoro / "base-dati.sql"
    _esegui([_programma("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(file)], {})
    prima = lavoro / "prima.sql"
    prima.write_text(_svuota(), encoding="utf-8")
    connection.close()
    _postgresql("psql", ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(prima), "-f", str(script)])


def _svuota() -> str:
    """The statements that take away our tables and functions, and not what belongs to extensions."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT format('DROP TABLE %I CASCADE;', tablename) FROM pg_tables WHERE schemaname = current_schema()"
        )
        comandi = [comando for (comando,) in cursore.fetchall()]
        cursore.execute(
            "SELECT format('DROP ROUTINE %s CASCADE;', p.oid::regprocedure) FROM pg_proc p "
            "WHERE p.pronamespace = current_schema()::regnamespace "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        comandi += [comando for (comando,) in cursore.fetchall()]
    return "\n".join([f"SET lock_timeout = '{ATTESA_SECONDI}s';", *comandi, ""])


# --- The programs of PostgreSQL --------------------------------------------------------------------------------------


def _postgresql(programma: str, argomenti: list[str]) -> None:
    """Run one of them on our database, as our user."""
    (_, *accesso), ambiente = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    percorso = _programma(programma)
    if programma == "pg_dump":
        _non_piu_vecchio_del_server(percorso)
    _esegui([percorso, *argomenti, *accesso], ambiente or {})


def _programma(nome: str) -> str:
    """Where it is: in the path or, on Debian, with the newest server."""
    trovati = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{nome}"), key=_numero_nel_percorso)
    percorso = trovati[-1] if trovati else shutil.which(nome)
    if percorso is None:
        raise BaseDatiFerma(f"manca il programma {nome}: su Debian e Ubuntu è nel pacchetto postgresql-client")
    return percorso


def _numero_nel_percorso(percorso: str) -> int:
    return int(re.sub(r"\D", "", percorso.split("/")[4]) or 0)


def _non_piu_vecchio_del_server(pg_dump: str) -> None:
    detto = _esegui([pg_dump, "--version"], {})
    suo = int(re.findall(r"(\d+)", detto)[0])
    server = connection.get_database_version()[0]
    if suo < server:
        raise BaseDatiFerma(
            f"pg_dump è della versione {suo} e il server PostgreSQL della {server}: "
            f"serve il pacchetto postgresql-client-{server}"
        )


def _esegui(comando: list[str], ambiente: dict[str, str]) -> str:
    """What a program says on its output. The command is ours, and no shell reads it."""
    fatto = subprocess.run(  # noqa: S603 ours
        comando, env={**os.environ, **ambiente}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if fatto.returncode:
        righe_dette = fatto.stderr.strip().splitlines() or ["nessun messaggio"]
        raise BaseDatiFerma(f"{Path(comando[0]).name} non è riuscito: {' '.join(righe_dette[:3])}")
    return fatto.stdout
