"""Whoever asked for a report is told in her inbox that it is ready: once, and nobody else."""

from __future__ import annotations

from django.test import TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio.models import Allerta
from monitoraggio.scelte import TipoAllerta
from rapporti.models import Rapporto
from rapporti.services import archivio
from rapporti.services.richieste import registra
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import scena

PRODOTTO = archivio.Prodotto(
    pdf=b"%PDF-1.7", dati=b"{}", foglio=b"x", pagine=3, interventi=12, sintesi=("12 interventi.", "Altro.")
)


class AvvisiTestCase(TestCase):
    autore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.autore = crea_persona(Ruolo.CABINA)
        crea_persona(Ruolo.COORDINATORE)

    def pronto(self, autore: Utente | None) -> Rapporto:
        rapporto = registra(domanda=scena.domanda(), autore=autore)
        return archivio.archivia(rapporto_id=rapporto.pk, prodotto=PRODOTTO)

    def test_chi_l_ha_chiesto_lo_trova_fra_le_allerte(self) -> None:
        rapporto = self.pronto(self.autore)
        detta = Allerta.objects.get()
        assert (detta.utente, detta.tipo) == (self.autore, TipoAllerta.RAPPORTO)
        assert detta.titolo.startswith("Rapporto pronto: ")
        assert detta.titolo.endswith(", tutto il programma, al 31/12/2024")
        assert detta.testo == "12 interventi."
        assert detta.indirizzo == reverse("rapporto", args=[rapporto.codice])

    def test_si_dice_una_volta_sola(self) -> None:
        self.pronto(self.autore)
        self.pronto(self.autore)
        assert Allerta.objects.count() == 1

    def test_di_quelli_di_una_riunione_che_nessuno_ha_chiesto_non_si_dice_nulla(self) -> None:
        self.pronto(None)
        assert not Allerta.objects.exists()
