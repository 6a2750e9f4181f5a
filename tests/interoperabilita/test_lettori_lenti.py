"""Who pulls a whole list slowly, or never reads it, stops nobody: real sockets, and the web server as in production."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from enti.ruoli import Ruolo
from interoperabilita.models import AccessoApi, VoceCup
from interoperabilita.services import pubblicazione
from tests import riferimenti
from tests.attesa import attendi
from tests.interoperabilita.chiavi import consumatore
from tests.interoperabilita.servente import Servente, ambiente, servente
from tests.interventi.opere import opera
from tests.monitoraggio.base import persona

RIGHE = 20_000
# An answer that a test waits for: generous, because the machine may be busy with other tests.
ENTRO = 60
# MB of pages that a connection keeps (`settings.DATABASES`), whatever is read.
CACHE_DI_SQLITE = 16

pytestmark = pytest.mark.django_db(transaction=True)


def riempi(righe: int) -> None:
    """So many published rows, copies of one: some 1 KB each as NDJSON, more than the buffers of a socket hold."""
    riferimenti.carica()
    opera("Riqualificazione della biblioteca comunale", comuni=["Rho"], driver=[2], pnrr="1000.00")
    pubblicazione.pubblica()
    campi = [campo.get_attname() for campo in VoceCup._meta.concrete_fields if not campo.primary_key]
    scelti = ", ".join("oggetto + i" if nome == "oggetto" else nome for nome in campi)
    with connection.cursor() as cursore:
        cursore.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {righe - 1}) "  # noqa: S608
            f"INSERT INTO {VoceCup._meta.db_table} ({', '.join(campi)}) "
            f"SELECT {scelti} FROM {VoceCup._meta.db_table} CROSS JOIN n"
        )
    assert VoceCup.objects.count() == righe


@pytest.fixture
def chiave() -> str:
    riempi(RIGHE)
    return consumatore().segreto


def domanda(chiave: str) -> bytes:
    """For the whole list."""
    righe = ("GET /api/v1/cup.ndjson HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {chiave}", "", "")
    return "\r\n".join(righe).encode()


@contextmanager
def lettori_lenti(portale: Servente, chiave: str, quanti: int) -> Iterator[list[str]]:
    """Clients that ask for the whole list, read how the answer begins, and then nothing, until they close."""
    prese: list[socket.socket] = []
    try:
        for _ in range(quanti):
            presa = socket.socket()
            prese.append(presa)
            presa.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            presa.settimeout(ENTRO)
            presa.connect(("127.0.0.1", portale.porta))
            presa.sendall(domanda(chiave))
        yield [presa.recv(12).decode()[-3:] for presa in prese]
    finally:
        for presa in prese:
            presa.close()


def chiedi(portale: Servente, indirizzo: str, **intestazioni: str) -> tuple[int, bytes, dict[str, str]]:
    richiesta = urllib.request.Request(portale.base + indirizzo, headers=intestazioni)  # noqa: S310 our own address
    try:
        with urllib.request.urlopen(richiesta, timeout=ENTRO) as risposta:  # noqa: S310
            return risposta.status, risposta.read(), dict(risposta.headers)
    except urllib.error.HTTPError as errore:
        return errore.code, errore.read(), dict(errore.headers)


def scarica(portale: Servente, chiave: str) -> int:
    return chiedi(portale, "/api/v1/cup.ndjson", Authorization=f"Bearer {chiave}")[0]


def file_senza_nome(portale: Servente) -> int:
    """How many files that nobody can find on disk the process holds: the lists on their way, not gunicorn's own."""
    quanti = 0
    for descrittore in Path(f"/proc/{portale.lavoratore}/fd").iterdir():
        try:
            legame = os.readlink(descrittore)
        except FileNotFoundError:
            continue
        quanti += legame.startswith("/") and legame.endswith(" (deleted)") and "wgunicorn" not in legame
    return quanti


def al_lavoro_nella_banca_dati() -> int:
    """Connections in the middle of something, besides this one; SQLite has no way to tell."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' "
            "AND pid <> pg_backend_pid()"
        )
        return int(cursore.fetchone()[0])


def test_dieci_lettori_lenti_non_fermano_le_pagine_e_quando_se_ne_vanno_lasciano_tutto(
    chiave: str, tmp_path: Path
) -> None:
    statici = ambiente(VAR_DIR=str(tmp_path))
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"], cwd=settings.BASE_DIR, env=statici, check=True,
        capture_output=True,
    )  # fmt: skip
    navigatore = Client()
    navigatore.force_login(persona(Ruolo.COMPILATORE))
    biscotto = f"sessionid={navigatore.cookies['sessionid'].value}"
    with servente(tmp_path, VAR_DIR=str(tmp_path)) as portale:
        with lettori_lenti(portale, chiave, 10) as esiti:
            # The first are served as far as they read; the others are told to come back.
            assert sorted(esiti) == ["200"] * settings.API_SCARICHI_INSIEME + ["503"] * (
                10 - settings.API_SCARICHI_INSIEME
            )
            stato, pagina, _ = chiedi(portale, "/accesso/")
            assert (stato, b"id_login" in pagina) == (200, True)
            stato, pagina, _ = chiedi(portale, "/interventi/", Cookie=biscotto)
            assert (stato, b"Riqualificazione della biblioteca" in pagina) == (200, True)
            stato, pagina, _ = chiedi(portale, "/api/v1/cup?limit=1", Authorization=f"Bearer {chiave}")
            assert stato == 200
            stato, pagina, intestazioni = chiedi(portale, "/api/v1/cup.csv", Authorization=f"Bearer {chiave}")
            assert stato == 503
            assert intestazioni["Content-Type"] == "application/problem+json"
            assert int(intestazioni["Retry-After"]) > 0
            assert file_senza_nome(portale) == settings.API_SCARICHI_INSIEME
            assert al_lavoro_nella_banca_dati() == 0
        attendi(lambda: file_senza_nome(portale) == 0, ENTRO, "i file sono chiusi")
        with lettori_lenti(portale, chiave, settings.API_SCARICHI_INSIEME) as esiti:
            assert set(esiti) == {"200"}
        attendi(lambda: scarica(portale, chiave) == 200, ENTRO, "i posti sono liberi")
        # Each is in the log, those who left halfway too.
        serviti = 2 * settings.API_SCARICHI_INSIEME + 1
        annotati = AccessoApi.objects.filter(indirizzo="/api/v1/cup.ndjson", esito=200)
        attendi(lambda: annotati.count() == serviti, ENTRO, "ogni scarico è annotato")


def test_chi_non_legge_mai_e_lasciato_andare(chiave: str, tmp_path: Path) -> None:
    limiti = {"API_SCARICHI_INSIEME": "1", "WEB_CLIENTE_FERMO_SECONDI": "1"}
    with servente(tmp_path, **limiti) as portale, lettori_lenti(portale, chiave, 1) as esiti:
        assert esiti == ["200"]
        assert scarica(portale, chiave) == 503
        attendi(lambda: scarica(portale, chiave) == 200, ENTRO, "il posto è libero")


def test_chi_chiude_subito_non_tiene_il_posto(chiave: str, tmp_path: Path) -> None:
    with servente(tmp_path, API_SCARICHI_INSIEME="1") as portale:
        for _ in range(10):
            with socket.create_connection(("127.0.0.1", portale.porta)) as presa:
                presa.sendall(domanda(chiave))
        attendi(lambda: scarica(portale, chiave) == 200, ENTRO, "il posto è libero")
        attendi(lambda: file_senza_nome(portale) == 0, ENTRO, "i file sono chiusi")


def _picco(processo: int) -> int:
    """Megabytes that the process has had at most."""
    for riga in Path(f"/proc/{processo}/status").read_text().splitlines():
        if riga.startswith("VmHWM"):
            return int(riga.split()[1]) // 1024
    raise AssertionError(processo)


def test_la_memoria_non_cresce_con_la_lista(tmp_path: Path) -> None:
    riempi(60_000)
    chiave = consumatore().segreto
    # One place for what was freed, whichever thread had it: the peak is then what is in use.
    with servente(tmp_path, MALLOC_ARENA_MAX="1") as portale:
        for formato in ("csv", "ndjson"):
            # What is read once, however long the list.
            assert chiedi(portale, f"/api/v1/cup.{formato}?piano=CAMBIO", Authorization=f"Bearer {chiave}")[0] == 200
        prima, lunghi = _picco(portale.lavoratore), {}
        for formato in ("csv", "ndjson"):
            for codifica in ("identity", "gzip"):
                richiesta = urllib.request.Request(  # noqa: S310 our own address
                    f"{portale.base}/api/v1/cup.{formato}",
                    headers={"Authorization": f"Bearer {chiave}", "Accept-Encoding": codifica},
                )
                with urllib.request.urlopen(richiesta, timeout=ENTRO) as risposta:  # noqa: S310
                    lungo = 0
                    while pezzo := risposta.read(1 << 20):
                        lungo += len(pezzo)
                assert lungo == int(risposta.headers["Content-Length"])
                lunghi[formato, codifica] = lungo
        # Kept in memory, the list alone would be more than what is allowed.
        assert lunghi["ndjson", "identity"] > 55_000_000
        assert _picco(portale.lavoratore) - prima < 50 + CACHE_DI_SQLITE * (connection.vendor == "sqlite")
