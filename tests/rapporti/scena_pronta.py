"""Reports of the scene, asked for and made, and the settings that keep their files apart."""

from __future__ import annotations

import shutil

from django.core.files.storage import default_storage
from django.test import TestCase

from enti.models import Utente
from enti.ruoli import Ruolo
from rapporti.domanda import Domanda, Perimetro
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.services import richieste
from rapporti.services.archivio import CARTELLA
from registro.esecuzione import esegui
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import scena

SPUGNA = Perimetro(TipoPerimetro.PIANO, "SPUGNA")


def vuota_archivio() -> None:
    """The files of other tests: the scene has the same questions, and so the same names, in each."""
    shutil.rmtree(default_storage.path(CARTELLA), ignore_errors=True)


def sintesi() -> Domanda:
    """The shortest report of the scene."""
    return scena.domanda(SPUGNA, TipoRapporto.SINTESI)


def fatto(domanda: Domanda, autore: Utente | None = None) -> Rapporto:
    """Asked for and made, as a worker does."""
    rapporto = richieste.richiedi(domanda=domanda, autore=autore)
    if rapporto.lavoro is not None and rapporto.lavoro.aperto:
        esegui(rapporto.lavoro.pk)
    return Rapporto.objects.select_related("lavoro").get(pk=rapporto.pk)


class ScenaTestCase(TestCase):
    """The scene and the people who read and ask for reports."""

    cabina: Utente
    istruttrice: Utente
    coordinatrice: Utente

    def setUp(self) -> None:
        vuota_archivio()

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()
        cls.cabina = crea_persona(Ruolo.CABINA)
        cls.istruttrice = crea_persona(Ruolo.ISTRUTTORE)
        cls.coordinatrice = crea_persona(Ruolo.COORDINATORE)
