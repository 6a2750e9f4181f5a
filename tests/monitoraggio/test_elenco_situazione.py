"""The list of the situation gives, in SQL, the same marks and sums as the situation of each intervento."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from interventi.models import Intervento
from monitoraggio.models import Variazione
from monitoraggio.scelte import TipoVariazione
from monitoraggio.selectors import elenco_situazione as elenco
from monitoraggio.services.situazione import ricalcola
from monitoraggio.tempo import Tempo, leggi
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.test_giro import MOVIMENTI


class ElencoSituazioneTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.senza_dati = intervento("Bresso")
        self.revocata = intervento()
        self.approvato(NOVEMBRE)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="30") | MOVIMENTI)
        self.approvato(NOVEMBRE, opera=self.revocata)
        Variazione.objects.create(
            intervento=self.revocata,
            tipo=TipoVariazione.REVOCA,
            stato="accolta",
            atto="DM 1",
            data_atto=date(2024, 12, 5),
            motivo="Revoca",
            data_dopo=date(2024, 12, 10),
            decisa_il=timezone.now(),
        )
        ricalcola(interventi=[self.revocata.pk])

    def segni(self, **parametri: str) -> dict[int, str]:
        return self.segni_a(leggi(parametri))

    def segni_a(self, tempo: Tempo) -> dict[int, str]:
        """By the SQL of the list, which must agree with the row of each, read alone."""
        righe = elenco.con_situazione(Intervento.objects.all(), tempo)
        segni = dict(righe.values_list("pk", "stato"))
        assert segni == {opera.pk: elenco.riga(opera, tempo).segno for opera in Intervento.objects.all()}
        conti = elenco.conti(righe, tempo)
        assert conti.totale == len(segni)
        assert conti.per_stato == {stato: list(segni.values()).count(stato) for stato in elenco.PAROLE}
        stati = elenco.stati(list(segni), tempo).values()
        assert conti.pagato == sum(stato.pagato for stato in stati)
        assert conti.impegnato == sum(stato.impegnato for stato in stati)
        return segni

    def test_oggi_e_un_giorno_passato_danno_gli_stessi_segni_della_scheda(self) -> None:
        assert self.segni_a(Tempo(oggi=date(2025, 2, 1))) == {
            self.opera.pk: "in_linea",
            self.senza_dati.pk: "non_determinabile",
            self.revocata.pk: "annullato",
        }
        assert self.segni(al="2024-12-31")[self.opera.pk] == "in_linea"
        assert self.segni(al="2024-12-09")[self.revocata.pk] == "in_linea"
        assert self.segni(al="2024-12-10")[self.revocata.pk] == "annullato"
        assert self.segni(al="2024-11-29")[self.opera.pk] == "non_determinabile"
        assert set(self.segni(al="2024-12-31", noto_al="2024-12-31").values()) == {"non_determinabile"}

    def test_il_ritardo_comincia_il_giorno_dopo_la_fine_prevista(self) -> None:
        assert self.segni(al="2026-03-31")[self.opera.pk] == "in_linea"
        assert self.segni(al="2026-04-01")[self.opera.pk] == "in_ritardo"

    def test_si_ordina_anche_in_un_giorno_passato(self) -> None:
        for parametri in ({}, {"al": "2024-12-31"}):
            tempo = leggi(parametri)
            righe = elenco.con_situazione(Intervento.objects.all(), tempo)
            for chiave in elenco.ORDINI:
                for verso in ("", "-"):
                    assert len(elenco.ordina(righe, f"{verso}{chiave}", tempo)) == 3
            prima = elenco.ordina(righe, "-pagato", tempo)[0]
            assert prima.pk == self.opera.pk
            assert elenco.riga(prima, tempo).stato.pagato == Decimal("120000.10")
