"""Several people at once, on connections of their own: one passes, and what happened is written once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from enti.ruoli import Ruolo
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.models import Avanzamento, PassoBozza
from monitoraggio.services import bozze, passaggi
from registro.models import Evento
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, celle_buone, intervento, persona

INSIEME = 6


@pytest.fixture
def pronto(transactional_db: None) -> dict[str, Any]:
    """A draft of Rho that can be sent, in a database where transactions are really committed."""
    riferimenti.carica()
    chi = persona(Ruolo.RESPONSABILE)
    avanzamento = bozze.apri(intervento_id=intervento().pk, mese=DICEMBRE, autore=chi)
    bozze.salva(avanzamento_id=avanzamento.pk, revisione=0, celle=celle_buone(), autore=chi)
    return {"avanzamento": avanzamento, "responsabile": chi, "istruttore": crea_persona(Ruolo.ISTRUTTORE)}


def tutti_insieme(gesto: Callable[[int], Any]) -> list[Any]:
    """Do it from six threads at the same moment; what each got, or the refusal."""
    esiti: list[Any] = [None] * INSIEME
    via = threading.Barrier(INSIEME, timeout=60)

    def uno(numero: int) -> None:
        try:
            via.wait(30)
            esiti[numero] = gesto(numero)
        except TransizioneNonPermessa as rifiuto:
            esiti[numero] = rifiuto
        finally:
            connection.close()

    fili = [threading.Thread(target=uno, args=(numero,)) for numero in range(INSIEME)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(60)
    return esiti


def eventi(avanzamento: Avanzamento, verbo: str) -> int:
    return Evento.objects.filter(
        tipo_oggetto="monitoraggio.avanzamento", id_oggetto=str(avanzamento.pk), verbo=verbo
    ).count()


def riusciti(esiti: list[Any]) -> int:
    return sum(isinstance(esito, Avanzamento) for esito in esiti)


def rifiutati(esiti: list[Any]) -> int:
    return sum(isinstance(esito, TransizioneNonPermessa) for esito in esiti)


def test_sei_invii_insieme_ne_passa_uno(pronto: dict[str, Any]) -> None:
    avanzamento, chi = pronto["avanzamento"], pronto["responsabile"]
    esiti = tutti_insieme(lambda _n: passaggi.invia(avanzamento_id=avanzamento.pk, autore=chi))
    assert (riusciti(esiti), rifiutati(esiti)) == (1, INSIEME - 1)
    assert eventi(avanzamento, "inviato") == 1
    assert avanzamento.fasi.count() == 2


def test_sei_approvazioni_insieme_ne_passa_una(pronto: dict[str, Any]) -> None:
    avanzamento = pronto["avanzamento"]
    passaggi.invia(avanzamento_id=avanzamento.pk, autore=pronto["responsabile"])
    esiti = tutti_insieme(lambda _n: passaggi.approva(avanzamento_id=avanzamento.pk, autore=pronto["istruttore"]))
    assert (riusciti(esiti), rifiutati(esiti)) == (1, INSIEME - 1)
    assert eventi(avanzamento, "approvato") == 1


def test_sei_aperture_dello_stesso_mese_fanno_una_bozza(pronto: dict[str, Any]) -> None:
    opera = intervento()
    chi = pronto["responsabile"]
    esiti = tutti_insieme(lambda _n: bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=chi))
    assert riusciti(esiti) == INSIEME
    (bozza,) = Avanzamento.objects.filter(intervento=opera)
    assert {esito.pk for esito in esiti} == {bozza.pk}
    assert PassoBozza.objects.filter(avanzamento=bozza).count() == 1


def test_sei_che_salvano_celle_diverse_non_si_perdono_nulla(pronto: dict[str, Any]) -> None:
    avanzamento, chi = pronto["avanzamento"], pronto["responsabile"]

    def salva(numero: int) -> Any:
        celle = {f"impegni-n{numero}-codice": str(numero), "testa-0-note": "la stessa"}
        return bozze.salva(avanzamento_id=avanzamento.pk, revisione=1, celle=celle, autore=chi)

    esiti = tutti_insieme(salva)
    assert not [esito for esito in esiti if esito is None or esito.unione.scontri]
    avanzamento.refresh_from_db()
    assert [avanzamento.bozza[f"impegni-n{n}-codice"] for n in range(INSIEME)] == [str(n) for n in range(INSIEME)]
    assert avanzamento.revisione == 1 + INSIEME
