"""A worker and its Redis: one that goes while the worker is busy must be found again when it is back."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from campagne.impianto import Impianto, ProgrammaMancante, attendi

pytestmark = pytest.mark.impianto
SECONDI = 30


@pytest.fixture(scope="module")
def impianto() -> Iterator[Impianto]:
    try:
        with Impianto(web=0, worker=1, beat=False, dati="riferimenti", sorveglia=True) as parti:
            yield parti
    except ProgrammaMancante as manca:
        pytest.skip(str(manca))


def test_chi_era_occupato_mentre_redis_cadeva_e_tornava_lo_ascolta_di_nuovo(impianto: Impianto) -> None:
    """The worker wakes to connections that ended, with a Redis that answers: the first thing that it does on them."""
    lavoratore = psutil.Process(impianto.parti["worker-1"].pid)
    lavoratore.suspend()
    impianto.uccidi("redis")
    impianto.avvia("redis")
    attendi(impianto.redis.risponde, entro=SECONDI, che_cosa="Redis risponde")
    lavoratore.resume()
    impianto.attendi_pronto(entro=SECONDI)
