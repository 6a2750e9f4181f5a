"""However many beats are started, one alone schedules; when it dies another goes on. With real processes."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from campagne.impianto.parti import Parte
from campagne.impianto.serventi import Redis
from tests.attesa import attendi

CODA = "prove-di-beat"
ORIGINE = re.compile(r"gen(\d+)@")


@pytest.fixture
def pila() -> Iterator[ExitStack]:
    with ExitStack() as pila:
        yield pila


def _beat(nome: str, cartella: Path, pila: ExitStack, broker: str) -> Parte:
    """A beat as it is started in production, with a task every second."""
    ambiente = os.environ | {
        "VAR_DIR": str(cartella),
        "CELERY_BROKER_URL": broker,
        "CELERY_QUEUE": CODA,
        "LAVORO_RACCOLTA_SECONDI": "1",
    }
    comando = [sys.executable, "-m", "celery", "-A", "psttm", "beat", "--pidfile="]
    parte = Parte(nome, comando, ambiente, cartella / f"{nome}.log")
    pila.callback(parte.uccidi)
    parte.avvia()
    return parte


def _chi(messaggi: Sequence[bytes | str]) -> list[int]:
    """The processes that sent these messages."""
    trovati = [ORIGINE.search(json.loads(messaggio)["headers"]["origin"]) for messaggio in messaggi]
    return [int(trovato[1]) for trovato in trovati if trovato]


def _prova(primo: Parte, secondo: Parte, detto: str, mittenti: Callable[[], list[int]]) -> None:
    """`detto` is what the second writes once it is there."""
    attendi(lambda: mittenti().count(primo.pid) >= 4, 60, "il primo manda i messaggi")
    assert set(mittenti()) == {primo.pid}
    attendi(lambda: detto in secondo.diario.read_text(), 60, "il secondo è partito")
    prima = len(mittenti())
    attendi(lambda: len(mittenti()) >= prima + 8, 60, "passa del tempo, con due beat vivi")
    assert secondo.viva
    assert set(mittenti()) == {primo.pid}
    primo.uccidi()
    attendi(lambda: secondo.pid in mittenti(), 30, "il secondo prende il posto del primo")


def test_con_la_coda_di_file_uno_solo_dei_beat_manda_i_messaggi(tmp_path: Path, pila: ExitStack) -> None:
    def mittenti() -> list[int]:
        return _chi([file.read_bytes() for file in (tmp_path / "coda").glob(f"[!.]*.{CODA}.msg")])

    primo = _beat("primo", tmp_path, pila, "filesystem://localhost//")
    attendi(lambda: bool(mittenti()), 60, "il primo manda i messaggi")
    secondo = _beat("secondo", tmp_path, pila, "filesystem://localhost//")
    _prova(primo, secondo, "Un altro beat tiene già l'orario dei compiti", mittenti)


@pytest.mark.impianto
def test_con_redis_uno_solo_manda_i_messaggi_anche_se_redis_muore_e_torna_vuoto(
    tmp_path: Path, pila: ExitStack
) -> None:
    redis = Redis(tmp_path, "127.0.0.1", tmp_path / "redis.log")
    pila.callback(redis.parte.uccidi)
    redis.parte.avvia()
    attendi(redis.risponde, 20, "Redis risponde")
    cliente = redis.cliente()

    def mittenti() -> list[int]:
        try:
            return _chi(cliente.lrange(CODA, 0, -1))
        except RedisError:
            return []

    primo = _beat("primo", tmp_path, pila, redis.url(0))
    attendi(lambda: bool(mittenti()), 60, "il primo manda i messaggi")
    secondo = _beat("secondo", tmp_path, pila, redis.url(0))
    _prova(primo, secondo, "maxinterval", mittenti)
    redis.parte.uccidi()
    redis.parte.avvia()
    attendi(redis.risponde, 20, "Redis risponde")
    attendi(lambda: mittenti().count(secondo.pid) >= 3, 40, "l'orario riparte in un Redis che non ricorda nulla")
    assert secondo.viva
    assert set(mittenti()) == {secondo.pid}
