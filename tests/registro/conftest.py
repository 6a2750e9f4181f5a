"""Fixtures for the jobs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registro.esecutori import ESECUTORI, Esecutore, Funzione
from registro.models import Evento, Lavoro

Dichiara = Callable[[Funzione], str]


@pytest.fixture
def dichiara(monkeypatch: pytest.MonkeyPatch) -> Dichiara:
    """Declare, for one test, a kind of job with this code; returns the name of the kind."""

    def _dichiara(funzione: Funzione) -> str:
        monkeypatch.setitem(ESECUTORI, "di-questa-prova", Esecutore(titolo="Lavoro finto", funzione=funzione))
        return "di-questa-prova"

    return _dichiara


@pytest.fixture
def passaggi() -> Callable[[Lavoro], list[str]]:
    """The passages of a job in the registro, in order."""

    def _passaggi(lavoro: Lavoro) -> list[str]:
        eventi = Evento.objects.filter(tipo_oggetto="registro.lavoro", id_oggetto=str(lavoro.pk))
        return list(eventi.order_by("pk").values_list("verbo", flat=True))

    return _passaggi
