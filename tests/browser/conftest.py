"""A portal as people meet it: a real server, a real worker, its own database, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright
from psycopg import sql

from enti import demo
from tests.ambiente import CARTELLA, PROCESSO
from tests.attesa import attendi

CHROMIUM = shutil.which("chromium")
ARGOMENTI = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What is expected of a page may come late where other tests keep the machine busy.
expect.set_options(timeout=20_000)
LARGHEZZE = {"computer": (1280, 900), "telefono": (375, 800)}


@dataclass(frozen=True)
class Portale:
    """A running portal: where it answers and the environment its commands need."""

    base: str
    ambiente: dict[str, str]

    def comando(self, *argomenti: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *argomenti],
            cwd=settings.BASE_DIR,
            env=self.ambiente,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def _porta_libera() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return int(presa.getsockname()[1])


def _risponde(indirizzo: str) -> bool:
    try:
        with urllib.request.urlopen(indirizzo, timeout=5) as risposta:  # noqa: S310 our own address
            return bool(risposta.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _banca_dati(cartella: Path) -> str:
    """A database of the same kind as the one that the other tests use, new and empty."""
    corrente = settings.DATABASES["default"]
    if corrente["ENGINE"] == "django.db.backends.sqlite3":
        return f"sqlite:///{cartella / 'portale.sqlite3'}"
    nome = f"browser_{os.getpid()}_{PROCESSO or 'solo'}"
    accesso = {
        "host": corrente["HOST"] or None,
        "port": corrente["PORT"] or None,
        "user": corrente["USER"] or None,
        "password": corrente["PASSWORD"] or None,
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in accesso.items() if v}) as banca:
        banca.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(nome)))
        banca.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(nome)))
    base, _, resto = os.environ["DATABASE_URL"].rpartition("/")
    _, interrogativo, opzioni = resto.partition("?")
    return f"{base}/{nome}{interrogativo}{opzioni}"


@pytest.fixture(scope="session")
def portale() -> Iterator[Portale]:
    """The portal on a free port, with reference and demonstration data, web server and worker."""
    cartella = CARTELLA / "browser"
    cartella.mkdir(parents=True, exist_ok=True)
    porta = _porta_libera()
    base = f"http://127.0.0.1:{porta}"
    ambiente = {
        **os.environ,
        "VAR_DIR": str(cartella),
        "DATABASE_URL": _banca_dati(cartella),
        "DIMOSTRAZIONE": "true",
        "CELERY_QUEUE": f"browser-{porta}",
        "URL_BASE": base,
    }
    vivo = Portale(base, ambiente)
    for comando in ("migrate", "carica_riferimenti", "carica_demo", "collectstatic --noinput"):
        vivo.comando(*comando.split())
    programmi = [
        ["gunicorn", "psttm.wsgi", "--bind", f"127.0.0.1:{porta}", "--threads", "4"],
        ["celery", "-A", "psttm", "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"],
    ]
    with (cartella / "registro.txt").open("w") as registro:
        processi = [
            subprocess.Popen(
                [sys.executable, "-m", *programma],
                cwd=settings.BASE_DIR,
                env=ambiente,
                stdout=registro,
                stderr=subprocess.STDOUT,
            )
            for programma in programmi
        ]
        try:
            attendi(lambda: _risponde(f"{base}/"), entro=30, che_cosa="il portale risponde")
            yield vivo
        finally:
            for processo in processi:
                processo.terminate()
            for processo in processi:
                processo.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("manca chromium: installa il pacchetto Debian «chromium» per le prove nel browser")
    with sync_playwright() as playwright:
        navigatore = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGOMENTI)
        yield navigatore
        navigatore.close()


def accedi(pagina: Page, base: str, email: str) -> None:
    """Sign in by hand: e-mail, password and, where it is asked, the code that the demonstration page shows."""
    pagina.goto(f"{base}/accesso/")
    pagina.fill("#id_login", email)
    pagina.fill("#id_password", demo.PASSWORD)
    pagina.locator("main form button[type=submit]").first.click()
    if "/accesso/codice/" in pagina.url:
        pagina.fill("#id_code", demo.codice_adesso())
        pagina.locator("main form button[type=submit]").first.click()


@pytest.fixture(scope="session")
def sessioni(chromium: Browser, portale: Portale) -> Callable[[str], Any]:
    """Cookies of a signed-in demonstration user, by the name before the @: each signs in once."""
    salvate: dict[str, Any] = {}

    def sessione(nome: str) -> Any:
        if nome not in salvate:
            contesto = chromium.new_context()
            pagina = contesto.new_page()
            accedi(pagina, portale.base, f"{nome}@example.org")
            salvate[nome] = contesto.storage_state()
            contesto.close()
        return salvate[nome]

    return sessione


class Finestre:
    """Opens pages as somebody (nobody by default) at a width, and listens to what the browser complains of.

    A request that leaves the machine, an error of a script or something the Content-Security-Policy stopped is a
    failure of the test, found when it ends.
    """

    def __init__(self, chromium: Browser, base: str, sessioni: Callable[[str], Any]) -> None:
        self.chromium, self.base, self.sessioni = chromium, base, sessioni
        self.contesti: list[BrowserContext] = []
        self.lamentele: list[str] = []

    def __call__(
        self, indirizzo: str, chi: str | None = None, larghezza: str = "computer", script: bool = True
    ) -> Page:
        larga, alta = LARGHEZZE[larghezza]
        contesto = self.chromium.new_context(
            viewport={"width": larga, "height": alta},
            storage_state=self.sessioni(chi) if chi else None,
            java_script_enabled=script,
            locale="it-IT",
        )
        self.contesti.append(contesto)
        pagina = contesto.new_page()
        pagina.on("request", self._richiesta)
        pagina.on("pageerror", self._errore)
        pagina.on("console", self._messaggio)
        pagina.goto(f"{self.base}{indirizzo}")
        return pagina

    def violazioni(self, pagina: Page) -> AxeResults:
        """What axe finds. It draws on the page with styles of its own, which the policy rightly stops."""
        pagina.remove_listener("console", self._messaggio)
        try:
            return Axe().run(pagina)
        finally:
            pagina.on("console", self._messaggio)

    def chiudi(self) -> None:
        for contesto in self.contesti:
            contesto.close()

    def _richiesta(self, richiesta: Request) -> None:
        if not richiesta.url.startswith((self.base, "data:")):
            self.lamentele.append(f"richiesta uscita dalla macchina: {richiesta.url}")

    def _errore(self, errore: Error) -> None:
        self.lamentele.append(str(errore))

    def _messaggio(self, messaggio: ConsoleMessage) -> None:
        if "Content Security Policy" in messaggio.text:
            self.lamentele.append(messaggio.text)


@pytest.fixture
def apri(chromium: Browser, portale: Portale, sessioni: Callable[[str], Any]) -> Iterator[Finestre]:
    finestre = Finestre(chromium, portale.base, sessioni)
    yield finestre
    finestre.chiudi()
    assert not finestre.lamentele
