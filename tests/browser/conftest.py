"""A portal as people meet it: a real server, a real worker, its own database, and Debian's Chromium in front of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright

from enti import demo
from tests import modello
from tests.ambiente import CARTELLA, PROCESSO
from tests.attesa import attendi

CHROMIUM = shutil.which("chromium")
# The second accessibility engine: only what `prepara.py --ci` prepares has it.
HTMLCS = Path(settings.BASE_DIR, ".pagine", "node_modules", "html_codesniffer", "build", "HTMLCS.js")
# One of its errors is not one: for tables with two rows of heads it knows only `headers` on each cell (H43), while WCAG
# takes `scope` on each head as well (H63), which is what ours have.
SUFFICIENTE_CON_SCOPE = "H43.HeadersRequired"
# The browser waits for an answer as long as it takes, and this engine can fail without ever giving one.
ERRORI_DI_HTMLCS = """(sufficiente) => new Promise((detti) => {
    setTimeout(() => detti(["HTML_CodeSniffer non ha risposto entro 60 secondi"]), 60000);
    HTMLCS.process("WCAG2AA", document, () => detti(HTMLCS.getMessages().filter((m) => m.type === HTMLCS.ERROR)
        .filter((m) => !(m.code.endsWith(sufficiente) && [...m.element.querySelectorAll("th")].every((t) => t.scope)))
        .map((m) => `${m.code}: ${m.msg} ${(m.element.outerHTML || "").slice(0, 200)}`)));
})"""
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


class Interprete:
    """`manage.py shell` kept open: to start it takes longer than most of what is asked of it."""

    CICLO = """
import contextlib, io, json, sys, traceback
from django.db import connection
for riga in sys.stdin:
    detto, errore = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(detto):
            exec(json.loads(riga), {})
    except Exception:
        errore = traceback.format_exc()
    connection.close()
    print(json.dumps([detto.getvalue(), errore]), flush=True)
"""

    def __init__(self, ambiente: dict[str, str]) -> None:
        self.processo = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", self.CICLO],
            cwd=settings.BASE_DIR, env=ambiente, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def esegui(self, codice: str) -> str:
        """What the code prints. Each runs by itself, on a connection of its own to the database of the portal."""
        assert self.processo.stdin is not None
        assert self.processo.stdout is not None
        self.processo.stdin.write(json.dumps(codice) + "\n")
        self.processo.stdin.flush()
        detto, errore = json.loads(self.processo.stdout.readline())
        assert not errore, errore
        return str(detto)

    def chiudi(self) -> None:
        self.processo.communicate(timeout=20)


@dataclass(frozen=True)
class Portale:
    """A running portal: where it answers, the environment its commands need, and how to run code of its own."""

    base: str
    ambiente: dict[str, str]
    interprete: Interprete

    def esegui(self, codice: str) -> str:
        return self.interprete.esegui(codice)


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


@contextmanager
def _banca_dati(cartella: Path) -> Iterator[str]:
    """A database of the same kind as the one that the other tests use, with the reference data."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        yield modello.su_sqlite(modello.RIFERIMENTI, cartella / "portale.sqlite3")
        return
    nome = f"browser_{os.getpid()}_{PROCESSO or 'solo'}"
    yield modello.su_postgres(modello.RIFERIMENTI, nome)
    modello.butta(nome)


@pytest.fixture(scope="session")
def portale() -> Iterator[Portale]:
    """The portal on a free port, with reference and demonstration data, web server and worker."""
    cartella = CARTELLA / "browser"
    cartella.mkdir(parents=True, exist_ok=True)
    with _banca_dati(cartella) as indirizzo:
        yield from _portale(cartella, indirizzo)


def _portale(cartella: Path, indirizzo: str) -> Iterator[Portale]:
    porta = _porta_libera()
    base = f"http://127.0.0.1:{porta}"
    ambiente = {
        **os.environ,
        "VAR_DIR": str(cartella),
        "DATABASE_URL": indirizzo,
        "DIMOSTRAZIONE": "true",
        "CELERY_QUEUE": f"browser-{porta}",
        "URL_BASE": base,
    }
    for comando in (["carica_demo"], ["costruisci_guida"], ["collectstatic", "--noinput"]):
        subprocess.run(
            [sys.executable, "manage.py", *comando],
            cwd=settings.BASE_DIR,
            env=ambiente,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    programmi = [
        ["gunicorn", "psttm.wsgi", "--bind", f"127.0.0.1:{porta}"],
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
        interprete = Interprete(ambiente)
        try:
            attendi(lambda: _risponde(f"{base}/"), entro=30, che_cosa="il portale risponde")
            yield Portale(base, ambiente, interprete)
        finally:
            interprete.chiudi()
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
        self.sfogliate: dict[str | None, Page] = {}

    def __call__(
        self, indirizzo: str, chi: str | None = None, larghezza: str = "computer", script: bool = True
    ) -> Page:
        larga, alta = LARGHEZZE[larghezza]
        contesto = self.chromium.new_context(
            viewport={"width": larga, "height": alta},
            storage_state=self.sessioni(chi) if chi else None,
            java_script_enabled=script,
            locale="it-IT",
            # What is still fading in has colours that are nobody's choice.
            reduced_motion="reduce",
        )
        self.contesti.append(contesto)
        pagina = contesto.new_page()
        pagina.on("request", self._richiesta)
        pagina.on("pageerror", self._errore)
        pagina.on("console", self._messaggio)
        pagina.goto(f"{self.base}{indirizzo}")
        return pagina

    def sfoglia(self, indirizzo: str, chi: str | None) -> Page:
        """An address in a window that stays open, one a person: a new one costs more than most pages take to load."""
        if chi not in self.sfogliate:
            self.sfogliate[chi] = self(indirizzo, chi)
            return self.sfogliate[chi]
        pagina = self.sfogliate[chi]
        larga, alta = LARGHEZZE["computer"]
        pagina.set_viewport_size({"width": larga, "height": alta})
        pagina.goto(f"{self.base}{indirizzo}")
        return pagina

    def violazioni(self, pagina: Page, senza: str = "") -> AxeResults:
        """What axe finds, by all its rules or by all but one.

        It draws on the page with styles of its own, which the policy rightly stops.
        """
        pagina.remove_listener("console", self._messaggio)
        opzioni = {"resultTypes": ["violations"], "rules": {senza: {"enabled": False}} if senza else {}}
        try:
            return Axe().run(pagina, options=opzioni)
        finally:
            pagina.on("console", self._messaggio)

    def errori_del_secondo_motore(self, pagina: Page) -> list[str]:
        """What HTML_CodeSniffer finds, which looks at other things than axe; nothing where it is not installed.

        The administration is Django's own pages, opened by the amministratore alone: axe looks at them.
        """
        if not HTMLCS.exists() or "/amministrazione/" in pagina.url:
            return []
        pagina.evaluate(HTMLCS.read_text())
        trovati: list[str] = pagina.evaluate(ERRORI_DI_HTMLCS, SUFFICIENTE_CON_SCOPE)
        return trovati

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
