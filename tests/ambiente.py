"""pytest plugin, loaded before the settings: where a run of the tests keeps its things, and how strict it is.

Every run, and in a parallel run every process, has its own data directory, database, queue and cache: nothing is
shared with the portal that may be running on the same machine, nor with another run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings

PROCESSO = os.environ.get("PYTEST_XDIST_WORKER", "")


def _cartella() -> Path:
    """A new directory for the run; the processes of a parallel run get one each, inside it."""
    return Path(os.environ["VAR_DIR"], PROCESSO) if PROCESSO else Path(tempfile.mkdtemp(prefix="psttm-prove-"))


CARTELLA = _cartella()
# Name of the property in which the campaigns of tests/ostile say how many cases they asked.
CASI_OSTILI = "casi_ostili"
os.environ["VAR_DIR"] = str(CARTELLA)
# Where WhiteNoise looks: empty, because tests serve the static files from where they are written.
(CARTELLA / "statici").mkdir(parents=True)
os.environ["CELERY_QUEUE"] = f"prove-{uuid.uuid4()}"
# A database of Redis for each process: whoever empties its cache empties all of one.
_servente, _, _numero = os.environ.get("CACHE_URL", "").rpartition("/")
if PROCESSO and _servente.startswith("redis"):
    os.environ["CACHE_URL"] = f"{_servente}/{int(_numero) + 1 + int(PROCESSO.removeprefix('gw'))}"
# Playwright keeps an event loop in the process it runs in; a parallel run may give that process tests of the database
# afterwards, and Django takes the loop for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--nessun-salto",
        action="store_true",
        default=os.environ.get("CI") == "true",
        help="a skipped test is a failure (the default where CI=true)",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Quick passwords: nothing here is worth guarding, and hundreds of people are made.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES["default"]["KEY_PREFIX"] = os.environ["CELERY_QUEUE"]
    # Names without a fingerprint: tests need no `collectstatic`. The real one is tried by the tests of `make run`.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(CARTELLA, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where skips are not allowed, a skipped test has failed (an expected failure is not a skip)."""
    esito = yield
    if esito.skipped and not hasattr(esito, "wasxfail") and item.config.getoption("nessun_salto"):
        esito.outcome = "failed"
        esito.longrepr = f"{item.nodeid} è stata saltata, e qui nessuna prova può esserlo: {esito.longrepr}"
    return esito


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    esito = yield
    if esito.skipped and collector.config.getoption("nessun_salto"):
        esito.outcome = "failed"
        esito.longrepr = f"{collector.nodeid} è stato saltato, e qui nessun file può esserlo."
    return esito


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many hostile cases were asked, whichever process asked them."""
    esiti = [e for quali in ("passed", "failed") for e in terminalreporter.getreports(quali) if e.when == "call"]
    casi = [int(str(valore)) for e in esiti for nome, valore in e.user_properties if nome == CASI_OSTILI]
    if casi:
        terminalreporter.write_line(f"Casi ostili: {sum(casi)}, in {len(casi)} campagne.")
