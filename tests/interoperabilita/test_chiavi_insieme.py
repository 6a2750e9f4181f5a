"""Several people at once on the same key: one passes, and what happened is written once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from enti.ruoli import Ruolo
from interoperabilita.models import Ambito, ChiaveApi
from interoperabilita.services import chiavi as servizi
from interoperabilita.services.chiavi import ChiaveRifiutata
from registro.models import Evento
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import ministero

INSIEME = 6


def rifiutati(gesto: Callable[[], Any]) -> int:
    """Do it from six threads at the same moment; how many were refused."""
    rifiuti: list[ChiaveRifiutata] = []
    via = threading.Barrier(INSIEME, timeout=60)

    def uno() -> None:
        try:
            via.wait(30)
            gesto()
        except ChiaveRifiutata as rifiuto:
            rifiuti.append(rifiuto)
        finally:
            connection.close()

    fili = [threading.Thread(target=uno) for _ in range(INSIEME)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(60)
    return len(rifiuti)


@pytest.mark.django_db(transaction=True)
def test_di_sei_sostituzioni_insieme_ne_passa_una() -> None:
    ada = crea_persona(Ruolo.AMMINISTRATORE)
    chiave, _ = servizi.crea(ente_id=ministero().pk, nome="E", ambiti=[Ambito.CUP], autore=ada)
    assert rifiutati(lambda: servizi.sostituisci(chiave_id=chiave.pk, autore=ada)) == INSIEME - 1
    assert ChiaveApi.objects.count() == 2
    assert Evento.objects.filter(verbo="chiave sostituita").count() == 1


@pytest.mark.django_db(transaction=True)
def test_di_sei_revoche_insieme_ne_passa_una() -> None:
    ada = crea_persona(Ruolo.AMMINISTRATORE)
    chiave, _ = servizi.crea(ente_id=ministero().pk, nome="E", ambiti=[Ambito.CUP], autore=ada)
    assert rifiutati(lambda: servizi.revoca(chiave_id=chiave.pk, motivo="Persa", autore=ada)) == INSIEME - 1
    assert Evento.objects.filter(verbo="chiave revocata").count() == 1
