"""The life of a warning: it opens, is brought up to date and ceases, on change and at night alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from interventi.models import Intervento, Procedura
from monitoraggio.models import Segnale, SegnaliDaRivedere, Traguardo
from monitoraggio.services import passaggi, segnali
from monitoraggio.tasks import rivedi_tutti_i_segnali
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.services import assegna
from registro.esecutori import Avanzatore
from registro.models import Evento, Fonte
from registro.osservatori import osserva
from registro.storia import elimina, salva
from tests import riferimenti
from tests.monitoraggio.base import MonitoraggioTestCase, intervento
from tests.monitoraggio.test_insieme import tutti_insieme

IERI = timezone.localdate() - timedelta(days=1)


def traguardo(di: Intervento | None = None, scadenza: date = IERI, **campi: Any) -> Traguardo:
    valori = {"codice": "FINE", "titolo": "Ultimazione", "tipo": "milestone", "scadenza_iniziale": scadenza}
    fonte = Fonte.objects.get(codice="portale")
    nuovo = Traguardo(intervento=di, scadenza=scadenza, fonte=fonte, **{**valori, **campi})
    salva(nuovo, autore=None)
    return nuovo


class TestSegnali(MonitoraggioTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        salva(cls.opera, autore=None)
        assegna(piano_id=PianoIntegrato.objects.get(codice="SPUGNA").pk, interventi_ids=[cls.opera.pk], autore=None)
        segnali.rivedi_in_attesa()

    def aperti(self, codice: str = "traguardo_scaduto") -> list[Segnale]:
        return list(Segnale.objects.aperti().filter(intervento=self.opera, codice=codice))

    def di_notte(self) -> dict[str, Any]:
        return rivedi_tutti_i_segnali(Avanzatore()) or {}

    def righe(self) -> list[tuple[Any, ...]]:
        campi = ("intervento", "piano", "codice", "riga", "peso", "motivo", "evidenza", "tocca", "entro")
        return sorted(Segnale.objects.aperti().values_list(*campi), key=str)

    def test_una_modifica_segna_l_intervento_nella_sua_transazione(self) -> None:
        traguardo(self.opera)
        assert set(SegnaliDaRivedere.objects.values_list("intervento", flat=True)) == {self.opera.pk}
        assert segnali.rivedi_in_attesa().aperti == 1
        assert not SegnaliDaRivedere.objects.exists()
        (aperto,) = self.aperti()
        assert (aperto.riga, aperto.entro, aperto.tocca) == ("FINE", IERI, "comune")
        assert ["Scadenza", f"{IERI:%d/%m/%Y}"] in aperto.evidenza

    def test_cio_che_non_e_del_programma_non_si_segna(self) -> None:
        fuori = intervento("Bresso")
        SegnaliDaRivedere.objects.all().delete()
        salva(fuori, autore=None)
        assert not SegnaliDaRivedere.objects.exists()

    def test_un_segnale_che_sta_si_aggiorna_e_tiene_il_suo_inizio(self) -> None:
        promesso = traguardo(self.opera)
        segnali.rivedi_in_attesa()
        (prima,) = self.aperti()
        promesso.scadenza = IERI - timedelta(days=300)
        salva(promesso, autore=None)
        conto = segnali.rivedi_in_attesa()
        assert (conto.aperti, conto.aggiornati, conto.cessati) == (0, 1, 0)
        (dopo,) = self.aperti()
        assert (dopo.pk, dopo.dal) == (prima.pk, prima.dal)
        assert dopo.peso > prima.peso
        assert dopo.motivo != prima.motivo
        assert dopo.visto_il > prima.visto_il

    def test_un_segnale_la_cui_causa_non_c_e_piu_cessa_e_se_torna_e_un_altro(self) -> None:
        promesso = traguardo(self.opera)
        segnali.rivedi_in_attesa()
        (primo,) = self.aperti()
        promesso.conseguito_il = IERI
        salva(promesso, autore=None)
        assert segnali.rivedi_in_attesa().cessati == 1
        primo.refresh_from_db()
        assert primo.cessato_il is not None
        promesso.conseguito_il = None
        salva(promesso, autore=None)
        segnali.rivedi_in_attesa()
        (secondo,) = self.aperti()
        assert secondo.pk != primo.pk
        assert secondo.dal > primo.cessato_il

    def test_guardare_di_nuovo_non_cambia_nulla(self) -> None:
        traguardo(self.opera)
        segnali.rivedi_in_attesa()
        prima, eventi = self.righe(), Evento.objects.count()
        for _volta in range(2):
            conto = segnali.rivedi(interventi=[self.opera.pk])
            assert conto.cambiati == 0
        assert segnali.rivedi_in_attesa().cambiati == 0
        assert self.righe() == prima
        assert Evento.objects.count() == eventi

    def test_la_notte_da_gli_stessi_segnali_della_modifica(self) -> None:
        self.di_notte()
        traguardo(self.opera)
        gara = Procedura(intervento=self.opera, cig="B012345678", pubblicata=IERI - timedelta(days=200))
        salva(gara, autore=None)
        segnali.rivedi_in_attesa()
        della_modifica = self.righe()
        self.di_notte()
        assert self.righe() == della_modifica
        Segnale.objects.all().delete()
        assert self.di_notte()["segnali aperti"] == len(della_modifica)
        assert self.righe() == della_modifica

    def test_la_notte_fa_cessare_quelli_di_chi_e_uscito_dal_programma(self) -> None:
        traguardo(self.opera)
        segnali.rivedi_in_attesa()
        elimina(InterventoNelPiano.objects.get(intervento=self.opera), autore=None)
        SegnaliDaRivedere.objects.all().delete()
        self.di_notte()
        assert not self.aperti()

    def test_uscire_dal_piano_fa_cessare_anche_subito(self) -> None:
        traguardo(self.opera)
        segnali.rivedi_in_attesa()
        elimina(InterventoNelPiano.objects.get(intervento=self.opera), autore=None)
        assert segnali.rivedi_in_attesa().cessati >= 1
        assert not self.aperti()

    def test_un_traguardo_del_piano_segnala_il_piano(self) -> None:
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        traguardo(None, piano=piano, codice="NUOVO")
        assert SegnaliDaRivedere.objects.count() == 1
        segnali.rivedi_in_attesa()
        assert Segnale.objects.aperti().filter(piano=piano, riga="NUOVO", intervento=None).exists()

    def test_inviare_e_approvare_fanno_rivedere_l_intervento(self) -> None:
        inviato = self.inviato()
        assert SegnaliDaRivedere.objects.filter(intervento=self.opera.pk).exists()
        segnali.rivedi_in_attesa()
        passaggi.approva(avanzamento_id=inviato.pk, autore=self.istruttore)
        assert SegnaliDaRivedere.objects.filter(intervento=self.opera.pk).exists()
        segnali.rivedi_in_attesa()
        # The demonstration month is of December 2024: since then nothing was sent.
        (silenzio,) = self.aperti("senza_aggiornamenti")
        assert "dicembre 2024" in silenzio.motivo

    def test_si_cancellano_solo_le_marche_viste(self) -> None:
        traguardo(self.opera)
        nuove: list[int] = []

        def intanto(modello: Any, pks: Any) -> None:
            """Somebody changes it again while it is being looked at."""
            if not nuove:
                nuove.append(SegnaliDaRivedere.objects.create(intervento=self.opera.pk).pk)

        osserva(Segnale, intanto)
        try:
            segnali._prossimo_blocco()
        finally:
            nuove.append(0)
        assert list(SegnaliDaRivedere.objects.values_list("pk", flat=True)) == nuove[:1]

    def test_il_registro_racconta_ogni_giro_che_ha_cambiato_qualcosa(self) -> None:
        traguardo(self.opera)
        prima = Evento.objects.filter(verbo="segnali rivisti").count()
        segnali.rivedi_in_attesa()
        ultimo = Evento.objects.filter(verbo="segnali rivisti").latest("pk")
        assert Evento.objects.filter(verbo="segnali rivisti").count() == prima + 1
        assert ultimo.dopo == {"aperti": 1, "aggiornati": 0, "cessati": 0}

    def test_le_query_di_un_giro_non_dipendono_da_quanti_sono(self) -> None:
        altri = [intervento("Bresso") for _numero in range(6)]
        for uno in altri:
            salva(uno, autore=None)
            traguardo(uno)
        assegna(
            piano_id=PianoIntegrato.objects.get(codice="SPUGNA").pk,
            interventi_ids=[uno.pk for uno in altri],
            autore=None,
        )

        def quante(quali: list[int]) -> int:
            prima = len(connection.queries_log)
            segnali.rivedi(interventi=quali)
            return len(connection.queries_log) - prima

        connection.force_debug_cursor = True
        try:
            assert quante([altri[0].pk]) == quante([uno.pk for uno in altri[1:]])
        finally:
            connection.force_debug_cursor = False

    def test_chi_non_ha_avuto_il_messaggio_si_sveglia_dopo_un_po(self) -> None:
        SegnaliDaRivedere.objects.create(intervento=self.opera.pk)
        assert segnali.sveglia() is False
        SegnaliDaRivedere.objects.update(quando=timezone.now() - timedelta(seconds=segnali.ATTESA_SECONDI + 1))
        assert segnali.sveglia() is True


@pytest.mark.django_db(transaction=True)
def test_sei_che_guardano_insieme_aprono_un_segnale_solo() -> None:
    riferimenti.carica()
    opera = intervento()
    salva(opera, autore=None)
    assegna(piano_id=PianoIntegrato.objects.get(codice="SPUGNA").pk, interventi_ids=[opera.pk], autore=None)
    traguardo(opera)
    conti = tutti_insieme(lambda _numero: segnali.rivedi(interventi=[opera.pk]))
    assert sum(conto.aperti for conto in conti) == Segnale.objects.filter(intervento=opera).count()
    assert Segnale.objects.aperti().filter(intervento=opera, codice="traguardo_scaduto").count() == 1
