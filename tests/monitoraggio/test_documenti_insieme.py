"""Several hands on one upload at the same moment: what is doubled on the way is not doubled on arrival."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from pytest_django import Settings

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.documenti import pezzi
from monitoraggio.models import CaricamentoDocumento, Documento, VersioneDocumento
from monitoraggio.services import accettazione
from monitoraggio.services import caricamenti as servizi
from registro.models import Evento
from tests import riferimenti
from tests.monitoraggio import base, carte
from tests.monitoraggio.test_documenti_caricamento import file_in_deposito

pytestmark = pytest.mark.django_db(transaction=True)

Esito = TypeVar("Esito")
QUANTI = 6


def insieme(fai: Callable[[], Esito]) -> list[Esito]:
    """The same thing done by six at once, each with its own connection; what each got."""
    via = threading.Barrier(QUANTI, timeout=60)

    def uno(_numero: int) -> Esito:
        try:
            via.wait(timeout=20)
            return fai()
        finally:
            connection.close()

    with ThreadPoolExecutor(QUANTI) as fili:
        return list(fili.map(uno, range(QUANTI)))


@pytest.fixture
def scena(settings: Settings, tmp_path: Path) -> tuple[Intervento, Utente]:
    settings.MEDIA_ROOT = str(tmp_path / "qui")
    riferimenti.carica()
    return base.intervento(), Utente.objects.get(pk=base.persona(Ruolo.COMPILATORE).pk)


def test_sei_volte_insieme_lo_stesso_file_e_un_documento_solo(scena: tuple[Intervento, Utente]) -> None:
    opera, autore = scena
    byte = carte.pdf(300_000)

    def inizia() -> CaricamentoDocumento:
        return servizi.inizia_caricamento(
            intervento_id=opera.pk,
            autore=Utente.objects.get(pk=autore.pk),
            nome="a.pdf",
            dimensione=len(byte),
            dati=carte.DETERMINA,
            impronta="300000-1-ab",
        )

    (chiave,) = {caricamento.chiave for caricamento in insieme(inizia)}

    def manda() -> int:
        chi = Utente.objects.get(pk=autore.pk)
        return servizi.aggiungi_pezzo(chiave=chiave, autore=chi, inizio=0, pezzo=byte).ricevuti

    assert insieme(manda) == [len(byte)] * QUANTI
    assert pezzi.leggi(chiave, 0, len(byte)) == byte

    def concludi() -> VersioneDocumento:
        return accettazione.concludi(chiave=chiave, autore=Utente.objects.get(pk=autore.pk))

    (versione,) = set(insieme(concludi))
    assert Documento.objects.get().versioni.get() == versione
    assert Evento.objects.filter(verbo="documento caricato").count() == 1
    assert [file.read_bytes() for file in file_in_deposito()] == [byte]
    assert pezzi.presenti(chiave) == 0


def test_chi_conclude_mentre_un_altro_sta_esaminando_riceve_la_stessa_versione(
    scena: tuple[Intervento, Utente], settings: Settings
) -> None:
    opera, autore = scena
    byte = carte.pdf(3000)
    caricamento = servizi.inizia_caricamento(
        intervento_id=opera.pk, autore=autore, nome="a.pdf", dimensione=len(byte), dati=carte.DETERMINA
    )
    chiave = caricamento.chiave
    servizi.aggiungi_pezzo(chiave=chiave, autore=autore, inizio=0, pezzo=byte)
    altrui: list[VersioneDocumento] = []

    def un_altro() -> None:
        try:
            altrui.append(accettazione.concludi(chiave=chiave, autore=Utente.objects.get(pk=autore.pk)))
        finally:
            connection.close()

    with carte.clamd(durante=un_altro) as indirizzo:
        settings.CLAMAV = indirizzo
        mia = accettazione.concludi(chiave=chiave, autore=autore)
    assert [mia] == altrui
    assert Documento.objects.get().versioni.get() == mia
    assert not CaricamentoDocumento.objects.get().errore
    assert len(file_in_deposito()) == 1
