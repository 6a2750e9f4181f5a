"""Asks, counts and judges: whatever is asked, the portal answers, says nothing of its insides and changes nothing
without right."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.cache import cache
from django.db import connection, transaction

from tests.ambiente import CASI_OSTILI
from tests.ostile.veleni import GRIMALDELLO

# A page of refusal is drawn for people; a script gets a few bytes, which is the quicker way to ask thousands of times.
DA_PROGRAMMA: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}
INTERNI = re.compile(
    rb"Traceback \(most recent|django\.db|psycopg|sqlite3|OperationalError|ProgrammingError|DataError|IntegrityError|"
    rb'SELECT "|INSERT INTO|File "/|/site-packages/|SECRET_KEY|duplicate key value|UNIQUE constraint'
)
VIVI = (GRIMALDELLO.encode(), b"<img src=x onerror=alert(77)>")
SCRITTURA = re.compile(r'^\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# What asking alone may write: the session that is kept alive, the log of the API, of who tries to enter, of refusals.
DEL_CHIEDERE = frozenset({"django_session", "interoperabilita_accessoapi", "enti_provenienza"})
EVENTI = "registro_evento"
# How many cases each campaign asks at the very least. CI asks them on SQLite; on PostgreSQL they are other cases, which
# `make test` asks where DATABASE_URL names one.
MINIMI = {
    "domande alle pagine": 650,
    "moduli di chi può": 650,
    "moduli di chi non può": 5_000,
    "domande all'API": 900,
    "corpi all'API": 2_000,
    "percorsi": 3_000,
    "testate": 2_500,
    "contenuto dei documenti": 4_000,
    "fogli del mese": 600,
    "tabelle da importare": 1_500,
    "file inviati": 210,
    "caricamenti a pezzi": 1_000,
    "domande all'amministrazione": 500,
    "moduli dell'amministrazione": 200,
    "oggetti guardati": 500,
    "oggetti su cui si agisce": 500,
}


@dataclass
class Sonda:
    """One campaign: how many cases were asked, and what is wrong."""

    nome: str
    casi: int = 0
    guasti: list[str] = field(default_factory=list)
    stati: dict[int, int] = field(default_factory=dict)

    def chiedi(
        self, come: str, manda: Callable[..., Any], *che_cosa: Any, sola_lettura: bool = False, **con: Any
    ) -> Any:
        """One case: `manda` is called with the rest, and what it changed is undone."""
        self.casi += 1
        with registra_scritture() as scritte, transaction.atomic():
            risposta = manda(*che_cosa, **con)
            corpo = risposta.getvalue() if risposta.streaming else risposta.content
            transaction.set_rollback(True)
        self.stati[risposta.status_code] = self.stati.get(risposta.status_code, 0) + 1
        for difetto in difetti(risposta, corpo):
            self.guasti.append(f"{come}: {difetto}")
        if sola_lettura or rifiutata(risposta):
            for tabella in sorted(scritte - DEL_CHIEDERE - ({EVENTI} if not sola_lettura else frozenset())):
                self.guasti.append(f"{come}: {risposta.status_code}, e ha scritto in {tabella}")
        return risposta

    def concludi(self, ricorda: Callable[[str, object], None]) -> None:
        """Fail with what is wrong, or with too few cases; `ricorda` is pytest's, for the count at the end."""
        ricorda(CASI_OSTILI, self.casi)
        assert not self.guasti, f"{self.nome}: {len(self.guasti)} guasti\n" + "\n".join(self.guasti[:40])
        almeno = MINIMI[self.nome]
        assert self.casi >= almeno, f"{self.nome}: {self.casi} casi, ne erano attesi almeno {almeno}"


def difetti(risposta: Any, corpo: bytes) -> Iterator[str]:
    """What no answer may be."""
    if risposta.status_code >= 500:
        guasto = getattr(risposta, "exc_info", None)
        yield f"{risposta.status_code} {_dove(guasto) if guasto else ''}"
    if trovato := INTERNI.search(corpo):
        yield f"la risposta dice {trovato[0][:60]!r}"
    tipo = risposta.headers.get("Content-Type", "")
    if "html" in tipo:
        yield from (f"restituisce {vivo!r} non protetto" for vivo in VIVI if vivo in corpo)
    dove = risposta.headers.get("Location", "")
    if dove and urlsplit(unquote(dove).replace("\\", "/")).netloc not in {"", "testserver"}:
        yield f"manda a {dove[:80]}"
    if any("preso" in biscotto for biscotto in risposta.cookies):
        yield "lascia scrivere un'intestazione"


def _dove(guasto: Any) -> str:
    """The exception and the line of ours nearest to it."""
    _tipo, errore, traccia = guasto
    nostra = ""
    while traccia is not None:
        file = traccia.tb_frame.f_code.co_filename
        if "/.venv/" not in file and "/tests/" not in file:
            nostra = f"{file.rpartition('/main/')[2]}:{traccia.tb_lineno}"
        traccia = traccia.tb_next
    return f"{type(errore).__name__}: {str(errore)[:120]} ({nostra})"


def rifiutata(risposta: Any) -> bool:
    """Whether who asks was kept out, or there was nothing at the address."""
    return risposta.status_code in {401, 403, 404, 405, 410, 415} or "/accesso/?next=" in risposta.get("Location", "")


@contextmanager
def registra_scritture() -> Iterator[set[str]]:
    """The tables that are written meanwhile."""
    scritte: set[str] = set()

    def guarda(esegui: Any, sql: Any, parametri: Any, molti: Any, contesto: Any) -> Any:
        if trovata := SCRITTURA.match(str(sql)):
            scritte.add(trovata[2])
        return esegui(sql, parametri, molti, contesto)

    with connection.execute_wrapper(guarda):
        yield scritte


@contextmanager
def in_silenzio() -> Iterator[None]:
    """Refusals are logged with their reasons: thousands of them would be all that there is to read."""
    cache.clear()
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        cache.clear()
