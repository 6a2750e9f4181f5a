"""`kill -9` of the worker while it applies an import; other people at work while one is rehearsed."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import connection
from pytest_django import Settings

from interventi.importazione import applicazione
from interventi.models import Importazione, Intervento, Submisura
from interventi.models.importazioni import StatoImportazione
from interventi.services import importazioni
from registro import lavori
from registro.esecutori import Avanzatore
from registro.esecuzione import esegui
from registro.models import Lavoro, StatoLavoro
from tests import riferimenti
from tests.attesa import attendi
from tests.interventi.estratti import localizzazioni, progetti, ricevi
from tests.interventi.integrita import registro, verifica_storia
from tests.registro.processi import lavoratore, uccidi

BATTITO = 4
# Enough that the worker is still writing when it is killed.
RIGHE = 20_000
SUBMISURA = "M9C9I9.99.99"


def _sta_scrivendo(lavoro: Lavoro) -> bool:
    """Whether the worker is inside the transaction of the import: told by its progress, or by the lock on SQLite."""
    lavoro.refresh_from_db()
    if lavoro.stato != StatoLavoro.IN_CORSO:
        return False
    if connection.vendor == "postgresql":
        return lavoro.fatti > 0
    return all(_occupata() for _ in range(20))


def _occupata() -> bool:
    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=0.01, isolation_level=None)) as altra:
        try:
            altra.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        altra.execute("ROLLBACK")
        return False


@pytest.mark.django_db(transaction=True)
def test_chi_applicava_e_ucciso_a_meta_il_registro_resta_com_era_e_l_importazione_finisce_dopo(
    settings: Settings,
) -> None:
    settings.LAVORO_BATTITO_SECONDI = BATTITO
    riferimenti.carica()
    righe = [{"CUP": f"B41B21{numero:05d}0001", "Titolo Progetto": f"Opera {numero}"} for numero in range(RIGHE)]
    nome, byte = progetti(*righe)
    file: list[tuple[str, File[bytes]]] = [(nome, ContentFile(byte, name=nome))]
    importazione = importazioni.carica_file(file=file, perimetro="tutto", autore=None)
    assert importazione.lavoro is not None
    esegui(importazione.lavoro.pk)
    prima = registro()
    importazione = importazioni.conferma(importazione_id=importazione.pk, autore=None)
    lavoro = importazione.lavoro
    assert lavoro is not None
    with lavoratore("primo-importatore", battito_secondi=BATTITO) as processo:
        attendi(lambda: _sta_scrivendo(lavoro), 60, "l'importazione scrive")
        uccidi(processo)
    importazione.refresh_from_db()
    assert importazione.stato == StatoImportazione.IN_APPLICAZIONE
    assert registro() == prima
    attendi(lambda: lavoro.pk in lavori.raccogli_persi(), 3 * BATTITO, "il lavoro è raccolto")
    with lavoratore("secondo-importatore", battito_secondi=60):
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, stato=StatoLavoro.RIUSCITO).exists(), 90, "finisce")
    assert Importazione.objects.get(pk=importazione.pk).stato == StatoImportazione.APPLICATA
    assert Intervento.objects.count() == RIGHE
    verifica_storia()


class AltriScrivono(Avanzatore):
    """At every step of the rehearsal somebody else writes, on a connection of their own."""

    def passo(self, testo: str) -> None:
        super().passo(testo)
        filo = threading.Thread(target=self._scrive)
        filo.start()
        filo.join()

    def _scrive(self) -> None:
        try:
            Submisura.objects.filter(codice=SUBMISURA).update(amministrazione=self.fase[:200])
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_durante_la_prova_gli_altri_scrivono_e_nulla_va_perso() -> None:
    riferimenti.carica()
    Submisura.objects.create(codice=SUBMISURA)
    importazione = ricevi(progetti(), localizzazioni())
    applicazione.prova(importazione, AltriScrivono())
    assert importazione.conteggi["nuove"] == 2
    assert not Intervento.objects.exists()
    assert Submisura.objects.get(codice=SUBMISURA).amministrazione == "Registrazione degli esiti"
