"""Fixtures for the jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from registro.esecutori import ESECUTORI, Funzione, esecutore
from registro.models import Evento, Lavoro

Dichiara = Callable[[Funzione], str]


TIPO_DELLA_PROVA = "di-questa-prova"


@pytest.fixture
def dichiara() -> Iterator[Dichiara]:
    """Declare, for one test, a kind of job with this code; gives the name of the kind."""

    def _dichiara(funzione: Funzione) -> str:
        esecutore(TIPO_DELLA_PROVA, titolo="Lavoro di questa prova")(funzione)
        return TIPO_DELLA_PROVA

    yield _dichiara
    ESECUTORI.pop(TIPO_DELLA_PROVA, None)


@pytest.fixture
def passaggi() -> Callable[[Lavoro], list[str]]:
    """The passages of a job in the registro, in order."""

    def _passaggi(lavoro: Lavoro) -> list[str]:
        eventi = Evento.objects.filter(tipo_oggetto="registro.lavoro", id_oggetto=str(lavoro.pk))
        return list(eventi.order_by("pk").values_list("verbo", flat=True))

    return _passaggi
