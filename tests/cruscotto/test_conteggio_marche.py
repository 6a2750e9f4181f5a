"""Nothing that changes is forgotten, whoever is counting meanwhile; days come and go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import TestCase, override_settings
from django.utils import timezone

from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import DaRicontare, Fotografia, TipoFotografia
from cruscotto.selectors import figure
from cruscotto.services import fotografie, marche
from interventi.models import Intervento
from registro.esecutori import Avanzatore
from registro.models import Lavoro
from registro.storia import salva
from tests import riferimenti
from tests.cruscotto.cambiamenti import ADESSO, conta_tutto, contato
from tests.rapporti import scena


class NienteSiPerdeTestCase(TestCase):
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()
        conta_tutto()

    def _cambia(self) -> None:
        opera = Intervento.objects.get(pk=self.opere[0].pk)
        opera.finanziamento_totale = (opera.finanziamento_totale or Decimal(0)) + 1
        salva(opera, autore=None)

    def test_quel_che_cambia_mentre_si_conta_tutto_si_riconta_dopo(self) -> None:
        cambia = self._cambia

        class CheCambia(Avanzatore):
            def avanza(self, quanti: int = 1) -> None:
                super().avanza(quanti)
                cambia()

        fotografie.conta_tutto(Giorno(), CheCambia())
        assert DaRicontare.objects.count() == 1
        fotografie.riconta()
        ricontato = contato()
        conta_tutto()
        assert ricontato == contato()

    def test_quel_che_cambia_mentre_si_riconta_si_riconta_ancora(self) -> None:
        """As another transaction would, in the middle of the reading."""
        fatto: list[bool] = []

        def a_meta(esegui: Callable[..., Any], sql: str, parametri: Any, molti: bool, contesto: Any) -> Any:
            if not fatto and "monitoraggio_faseavanzamento" in sql and sql.startswith("SELECT"):
                fatto.append(True)
                self._cambia()
            return esegui(sql, parametri, molti, contesto)

        salva(self.opere[1], autore=None)
        with connection.execute_wrapper(a_meta):
            fotografie.riconta()
        assert fatto
        assert list(DaRicontare.objects.values_list("intervento", flat=True)) == [self.opere[0].pk]
        fotografie.riconta()
        ricontato = contato()
        conta_tutto()
        assert ricontato == contato()

    def test_mentre_si_conta_tutto_nessun_altro_riconta(self) -> None:
        fotografie.chiedi(Giorno(), autore=None)
        salva(self.opere[0], autore=None)
        assert fotografie.riconta() == 0
        assert DaRicontare.objects.exists()
        Lavoro.objects.update(stato="riuscito")
        assert fotografie.riconta() == 1

    def test_con_il_giorno_nuovo_si_riconta_tutto(self) -> None:
        assert not marche.in_attesa()
        Fotografia.objects.update(al=timezone.localdate() - timedelta(days=1))
        assert marche.in_attesa()
        assert fotografie.riconta() == 0
        lavoro = Lavoro.objects.get(tipo="conteggio")
        assert (lavoro.chiave, lavoro.parametri) == ("corrente", {"al": None, "noto_al": None})

    def test_senza_fotografia_la_fa_il_primo_che_passa(self) -> None:
        Fotografia.objects.all().delete()
        assert marche.in_attesa()
        fotografie.riconta()
        assert Lavoro.objects.filter(tipo="conteggio", chiave="corrente").count() == 1
        assert figure.istantanea(ADESSO) is None

    def test_una_marca_senza_messaggio_si_ritrova(self) -> None:
        salva(self.opere[0], autore=None)
        assert not marche.in_attesa()
        DaRicontare.objects.update(quando=timezone.now() - timedelta(seconds=marche.ATTESA_SECONDI + 1))
        assert marche.in_attesa()

    def test_quando_cambia_troppo_si_riconta_tutto(self) -> None:
        with override_settings(CRUSCOTTO_RICONTA_AL_MASSIMO=2):
            for opera in self.opere[:2]:
                salva(opera, autore=None)
            assert fotografie.riconta() == 2
            for opera in self.opere[:3]:
                salva(opera, autore=None)
            assert fotografie.riconta() == 0
        assert Lavoro.objects.filter(tipo="conteggio").count() == 1
        assert DaRicontare.objects.count() == 3

    def test_i_giorni_passati_oltre_quelli_conservati_si_dimenticano(self) -> None:
        oggi = timezone.localdate()
        for giorni in (40, 30, 20):
            fotografie.conta_tutto(Giorno(oggi - timedelta(days=giorni)), Avanzatore())
        with override_settings(CRUSCOTTO_GIORNI_CONSERVATI=2):
            assert fotografie.dimentica() == 1
        rimaste = Fotografia.objects.filter(tipo=TipoFotografia.GIORNO).values_list("al", flat=True)
        assert set(rimaste) == {oggi - timedelta(days=30), oggi - timedelta(days=20)}
        assert figure.istantanea(ADESSO) is not None

    def test_la_notte_si_contano_oggi_e_gli_ultimi_fini_di_mese(self) -> None:
        chiesti = [lavoro.chiave for lavoro in fotografie.chiedi_la_notte()]
        assert chiesti[0] == "corrente"
        giorni = [date.fromisoformat(chiave) for chiave in chiesti[1:]]
        assert len(giorni) == settings.CRUSCOTTO_FINI_MESE
        assert all((giorno + timedelta(days=1)).day == 1 and giorno < timezone.localdate() for giorno in giorni)
        Lavoro.objects.all().delete()
        with override_settings(CRUSCOTTO_INTERVENTI_FINI_MESE=len(self.opere) - 1):
            assert [lavoro.chiave for lavoro in fotografie.chiedi_la_notte()] == ["corrente"]
