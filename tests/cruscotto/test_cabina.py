"""What the Cabina di regia finds beside the figures: next meeting, last report, what is known since then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cruscotto.selectors.cabina import cabina, novita
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, Segnale
from monitoraggio.scelte import ChiAgisce
from rapporti.models import Riunione
from tests.monitoraggio.base import MonitoraggioTestCase, intervento
from tests.rapporti import archiviati
from tests.rapporti.documenti import documento


@pytest.fixture(autouse=True)
def senza_conti_tenuti() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class CabinaTestCase(MonitoraggioTestCase):
    def pagina(self) -> str:
        return render_to_string("cruscotto/cabina.html", {"cabina": cabina(oggi=timezone.localdate())})

    def test_senza_riunioni_ne_rapporti_si_dice_come_averne(self) -> None:
        pagina = self.pagina()
        assert "Nessuna riunione è in calendario" in pagina
        assert "Nessun rapporto è ancora pronto" in pagina

    def test_la_prossima_riunione_e_quella_di_oggi_o_la_prima_dopo(self) -> None:
        oggi = timezone.localdate()
        for giorni in (-1, 0, 5):
            Riunione.objects.create(
                giorno=oggi + timedelta(days=giorni), al=date(2024, 12, 31), richieste=[["sintesi", "programma", ""]]
            )
        letta = cabina(oggi=oggi)
        assert letta.riunione is not None
        assert letta.riunione.riunione.giorno == oggi
        assert cabina(oggi=oggi + timedelta(days=1)).riunione.riunione.giorno == oggi + timedelta(days=5)  # type: ignore[union-attr]

    def test_si_dice_che_cosa_e_cambiato_dopo_cio_che_il_rapporto_sapeva(self) -> None:
        rapporto = archiviati.pronto(documento(3))
        Avanzamento.objects.create(
            intervento=intervento(),
            mese=date(2024, 11, 1),
            riferito_al=date(2024, 11, 30),
            stato=StatoAvanzamento.APPROVATO,
            approvato_il=rapporto.noto_al,
        )
        assert novita(rapporto.noto_al) == []
        cache.clear()
        assert "Da allora non è cambiato nulla." in self.pagina()
        dopo = rapporto.noto_al + timedelta(seconds=1)
        for mese in (11, 12):
            Avanzamento.objects.create(
                intervento=self.opera,
                mese=date(2024, mese, 1),
                riferito_al=date(2024, mese, 30),
                stato=StatoAvanzamento.APPROVATO,
                approvato_il=dopo,
            )
        Segnale.objects.create(intervento=self.opera, codice="x", peso=9, motivo="Fermo", tocca=ChiAgisce.COMUNE)
        cache.clear()
        pagina = self.pagina()
        assert "un intervento con mesi approvati da allora" in pagina
        assert "un segnale nuovo" in pagina
        assert f"confronto={rapporto.codice}" in pagina

    def test_le_interrogazioni_sono_sei_al_massimo(self) -> None:
        archiviati.pronto(documento(3))
        Riunione.objects.create(
            giorno=timezone.localdate(), al=date(2024, 12, 31), richieste=[["sintesi", "programma", ""]]
        )
        with CaptureQueriesContext(connection) as catturate:
            self.pagina()
        assert len(catturate) <= 6
