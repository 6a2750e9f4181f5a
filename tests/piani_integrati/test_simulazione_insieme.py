"""Simulations beside other connections: really rolled back, never in the way of who writes, told when to wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from piani_integrati import services
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole import Contesto, Esito, Giudizio
from piani_integrati.simulazione import Modifiche, SimulazioneOccupata, simula
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import crea_intervento as nuovo_intervento
from tests.piani_integrati.scenari_di_prova import fotografia, metti

GIORNO = date(2025, 6, 30)


def messaggi() -> list[str]:
    return sorted(str(file) for file in Path(settings.VAR_DIR, "coda").rglob("*") if file.is_file())


@pytest.fixture
def in_piano(transactional_db: None) -> Intervento:
    """An intervento of SPUGNA, in a database where transactions are really committed."""
    riferimenti.carica()
    coordinatore = crea_persona(Ruolo.COORDINATORE)
    intervento = nuovo_intervento(1, finanziamento_totale=Decimal("1000.00"))
    metti(PianoIntegrato.objects.get(codice="SPUGNA"), [intervento], coordinatore)
    services.verifica.verifica_piano(piano_id=PianoIntegrato.objects.get(codice="SPUGNA").pk)
    return intervento


@contextmanager
def qualcuno_salva(intervento: Intervento) -> Iterator[None]:
    """Somebody else, on another connection, half way through writing this intervento, until one is refused for it."""
    scritto, basta = threading.Event(), threading.Event()

    def scrive() -> None:
        try:
            with transaction.atomic():
                Intervento.objects.filter(pk=intervento.pk).update(titolo="Sto salvando")
                scritto.set()
                basta.wait(30)
        finally:
            connection.close()

    def poi_finisce(esegui: Callable[..., Any], *argomenti: Any) -> Any:
        try:
            return esegui(*argomenti)
        except OperationalError:
            basta.set()
            raise

    filo = threading.Thread(target=scrive)
    filo.start()
    try:
        assert scritto.wait(30)
        with pazienza(1000), connection.execute_wrapper(poi_finisce):
            yield
    finally:
        basta.set()
        filo.join(30)


@contextmanager
def pazienza(millisecondi: int) -> Iterator[None]:
    """SQLite waits twenty seconds for a lock, which is long for a test; PostgreSQL as the simulation says."""
    if connection.vendor == "postgresql":
        yield
        return
    with connection.cursor() as cursore:
        cursore.execute(f"PRAGMA busy_timeout = {millisecondi}")
        yield
        cursore.execute("PRAGMA busy_timeout = 20000")


def prova(intervento: Intervento) -> list[Giudizio]:
    modifiche = Modifiche(interventi={intervento.pk: {"finanziamento_totale": Decimal("50000000.00")}})
    piano = PianoIntegrato.objects.get(codice="SPUGNA")
    return simula(piano, modifiche, Contesto.al_giorno(GIORNO))


def test_nulla_resta_e_nulla_parte_anche_fuori_da_un_altra_transazione(in_piano: Intervento) -> None:
    prima, coda = fotografia(), messaggi()
    assert next(g for g in prova(in_piano) if g.regola.codice == "costo_minimo").esito == Esito.CONFORME
    assert fotografia() == prima
    assert messaggi() == coda
    assert not connection.in_atomic_block


def test_mentre_qualcuno_salva_la_simulazione_lo_dice_e_poi_riesce(in_piano: Intervento) -> None:
    with qualcuno_salva(in_piano), pytest.raises(SimulazioneOccupata, match="aspetta un momento e ricalcola"):
        prova(in_piano)
    assert next(g for g in prova(in_piano) if g.regola.codice == "costo_minimo").esito == Esito.CONFORME
    in_piano.refresh_from_db()
    assert (in_piano.titolo, in_piano.finanziamento_totale) == ("Sto salvando", Decimal("1000.00"))


def test_molti_insieme_simulano_sullo_stesso_piano_senza_disturbarsi(in_piano: Intervento) -> None:
    esiti: list[Any] = []

    def una() -> None:
        try:
            esiti.append(prova(in_piano))
        except SimulazioneOccupata as occupata:
            esiti.append(occupata)
        finally:
            connection.close()

    fili = [threading.Thread(target=una) for _ in range(4)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(60)
    assert len(esiti) == 4
    assert all(esito == esiti[0] for esito in esiti)
    assert not isinstance(esiti[0], SimulazioneOccupata)


def test_la_pagina_tiene_il_modulo_mentre_qualcuno_salva(in_piano: Intervento, client: Client) -> None:
    client.force_login(Utente.objects.get(email="coordinatore@example.org"))
    nuovo = reverse("scenario-nuovo", args=["spugna"])
    pagina = client.get(nuovo)
    campo = f"i{in_piano.pk}-finanziamento_totale"
    dati = {"stato": pagina.context["tabella"].stato, campo: "50 000 000", "nome": "Più costi", "ricalcola": "1"}
    for indirizzo in (nuovo, reverse("scenario-esiti", args=["spugna"])):
        with qualcuno_salva(in_piano):
            occupata = client.post(indirizzo, dati)
        assert occupata.status_code == 200
        testo = occupata.content.decode()
        assert "Qualcuno sta salvando proprio questi interventi: aspetta un momento e ricalcola." in testo
        assert "data-riprova" in testo, "lo script chiede ancora, da sé"
        if indirizzo == nuovo:
            assert 'value="50.000.000,00"' in testo
            assert 'value="Più costi"' in testo
