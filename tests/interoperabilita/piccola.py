"""A small programme for the tests that go over the whole API: something of everything, in every state."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import TestCase

from enti.models import Ente
from enti.ruoli import Ruolo
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from interventi.scelte import StatoCup
from monitoraggio.models import Avanzamento
from monitoraggio.services import bozze, passaggi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera
from tests.monitoraggio.base import celle_buone, intervento, persona

MESI = (date(2024, 11, 1), date(2024, 12, 1))


class ProgrammaTestCase(TestCase):
    """Interventi of two Comuni and of nobody, in a piano or not, with avanzamenti approved, sent and in draft."""

    ministero: Consumatore
    comune: Consumatore
    seguito: Intervento
    bozza: Avanzamento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        compilatore, responsabile = persona(Ruolo.COMPILATORE), persona(Ruolo.RESPONSABILE)
        istruttore = crea_persona(Ruolo.ISTRUTTORE)
        cls.seguito = intervento()
        for mese in MESI:
            inviato = _inviato(cls.seguito, mese, compilatore, responsabile)
            passaggi.approva(avanzamento_id=inviato.pk, autore=istruttore)
        cls.bozza = bozze.apri(intervento_id=cls.seguito.pk, mese=date(2025, 1, 1), autore=compilatore)
        _inviato(intervento(), MESI[0], compilatore, responsabile)
        intervento("Bresso", stato_cup=StatoCup.CHIUSO)
        opera("Opera di nessuno", comuni=["Milano"], driver=[2, 9], strategie=[1], pnrr="1000.50")
        InterventoNelPiano.objects.create(piano=PianoIntegrato.objects.earliest("pk"), intervento=cls.seguito)
        cls.ministero = consumatore()
        rho = Ente.objects.get(comune__nome="Rho", comune__zona__isnull=False)
        cls.comune = consumatore(rho, ruoli=(Ruolo.COMPILATORE, Ruolo.RESPONSABILE))
        pubblicazione.pubblica()


def _inviato(opera_: Intervento, mese: date, compilatore: Any, responsabile: Any) -> Avanzamento:
    bozza = bozze.apri(intervento_id=opera_.pk, mese=mese, autore=compilatore)
    bozze.salva(avanzamento_id=bozza.pk, revisione=bozza.revisione, celle=celle_buone(), autore=compilatore)
    return passaggi.invia(avanzamento_id=bozza.pk, autore=responsabile)
