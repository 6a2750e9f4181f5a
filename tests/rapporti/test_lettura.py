"""What a report reads: as known at its instant, whatever happened since, in a constant number of queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventi.models import Finanziamento, Intervento, LegameDriver, LegameStrategia
from monitoraggio.models import Traguardo
from monitoraggio.scelte import TipoTraguardo
from monitoraggio.services.variazioni import decidi
from piani_integrati.models import PianoIntegrato
from piani_integrati.services.assegnazione import assegna
from psttm.models import Driver, Strategia
from rapporti.domanda import Domanda, Perimetro
from rapporti.errori import RapportoImpossibile
from rapporti.lettura import perimetro
from rapporti.lettura.leggi import leggi
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.models import Fonte
from registro.storia import elimina, salva
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.variazioni_di_prova import chiedi

AL = date(2024, 12, 31)
QUERY = 40


def domanda(quando: datetime | None = None, dove: Perimetro | None = None, **campi: object) -> Domanda:
    istante = quando or timezone.now()
    base = Domanda(TipoRapporto.AVANZAMENTO, dove or Perimetro(), AL, istante, date(2024, 11, 30), istante)
    return replace(base, **campi)  # type: ignore[arg-type]


def nel_piano(codice: str) -> Perimetro:
    return Perimetro(TipoPerimetro.PIANO, codice)


class LetturaTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.piano = PianoIntegrato.objects.get(codice="SPUGNA")
        assegna(piano_id=self.piano.pk, interventi_ids=[self.opera.pk], autore=self.coordinatore)

    def test_il_registro_e_quello_che_si_conosceva_allora(self) -> None:
        allora = timezone.now()
        self.opera.titolo, self.opera.finanziamento_totale = "Un altro titolo", Decimal("2.50")
        salva(self.opera, autore=self.coordinatore)
        salva(Finanziamento(intervento=self.opera, fonte="comune", importo=Decimal("0.01")), autore=self.coordinatore)
        prima, dopo = leggi(domanda(allora)).opere[0], leggi(domanda()).opere[0]
        assert prima.titolo.startswith("Opera monitorata")
        assert (prima.finanziamento, [uno.fonte for uno in prima.denari]) == (Decimal("1000000.00"), ["pnrr"])
        assert (dopo.titolo, dopo.finanziamento) == ("Un altro titolo", Decimal("2.50"))
        assert [(uno.fonte, uno.importo) for uno in dopo.denari] == [
            ("pnrr", Decimal("1000000.00")),
            ("comune", Decimal("0.01")),
        ]

    def test_un_intervento_tolto_dopo_resta_nel_rapporto_di_allora(self) -> None:
        altro = intervento()
        assegna(piano_id=self.piano.pk, interventi_ids=[altro.pk], autore=self.coordinatore)
        allora = timezone.now()
        elimina(altro.nel_piano, autore=self.coordinatore)
        assert len(leggi(domanda(allora)).opere) == 2
        assert [opera.pk for opera in leggi(domanda()).opere] == [self.opera.pk]

    def test_cio_che_si_approva_dopo_non_si_legge(self) -> None:
        self.approvato(NOVEMBRE)
        allora = timezone.now()
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="35"))
        assert leggi(domanda(allora)).opere[0].stato.percentuale == Decimal("10.00")
        assert leggi(domanda()).opere[0].stato.percentuale == Decimal("35.00")

    def test_si_leggono_i_mesi_fino_al_giorno_compreso(self) -> None:
        self.approvato(NOVEMBRE)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="35"))
        ultimo = leggi(domanda()).opere[0]
        penultimo = leggi(domanda(al=date(2024, 12, 30))).opere[0]
        assert [mese.percentuale for mese in ultimo.mesi] == [Decimal("10.00"), Decimal("35.00")]
        assert [mese.percentuale for mese in penultimo.mesi] == [Decimal("10.00")]

    def test_la_stessa_domanda_rilegge_le_stesse_cose_dopo_qualsiasi_cambiamento(self) -> None:
        self.approvato(NOVEMBRE)
        chiesta = domanda()
        prima = leggi(chiesta)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="35"))
        self.opera.titolo = "Un altro titolo"
        salva(self.opera, autore=self.coordinatore)
        self.piano.titolo = "Un altro piano"
        salva(self.piano, autore=self.coordinatore)
        dopo = leggi(chiesta)
        assert (dopo.opere, dopo.gruppi, dopo.scadenze) == (prima.opere, prima.gruppi, prima.scadenze)
        assert dopo.prima is not None
        assert prima.prima is not None
        assert dopo.prima.opere == prima.prima.opere

    def test_il_primo_piano_dei_lavori_resta_dopo_che_se_ne_dichiara_un_altro(self) -> None:
        self.approvato(NOVEMBRE)
        proroga = chiedi(self.opera, "proroga", self.responsabile, fase="00313", data_dopo=date(2026, 6, 30))
        decidi(variazione_id=proroga.pk, passaggio="accogli", autore=self.istruttore)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="35", fasi__00313__fine_prevista="2026-06-30"))
        opera = leggi(domanda()).opere[0]
        assert opera.base == (date(2024, 3, 1), date(2026, 3, 31))
        assert opera.stato.fine_prevista == date(2026, 6, 30)

    def test_senza_piano_dichiarato_valgono_le_date_di_regis(self) -> None:
        altro = intervento(inizio_previsto=date(2023, 1, 1), fine_prevista=date(2025, 1, 1))
        assegna(piano_id=self.piano.pk, interventi_ids=[altro.pk], autore=self.coordinatore)
        lette = {opera.pk: opera.base for opera in leggi(domanda()).opere}
        assert lette == {altro.pk: (date(2023, 1, 1), date(2025, 1, 1)), self.opera.pk: None}

    def test_un_traguardo_conseguito_dopo_il_giorno_non_e_ancora_conseguito(self) -> None:
        traguardo = Traguardo(
            intervento=self.opera,
            codice="AGG",
            titolo="Aggiudicazione",
            tipo=TipoTraguardo.MILESTONE,
            scadenza=date(2024, 12, 31),
            scadenza_iniziale=date(2024, 12, 31),
            conseguito_il=date(2025, 1, 1),
            valore_raggiunto=Decimal(3),
            evidenza="Determina",
            fonte=Fonte.objects.first(),
        )
        salva(traguardo, autore=self.coordinatore)
        [letto] = [una for una in leggi(domanda()).scadenze if una.intervento_id]
        assert (letto.conseguito_il, letto.previsione) == (None, date(2025, 1, 1))
        assert (letto.valore_raggiunto, letto.evidenza, letto.stato) == (None, "", "a_rischio")
        [poi] = [una for una in leggi(domanda(al=date(2025, 1, 1))).scadenze if una.intervento_id]
        assert (poi.conseguito_il, poi.evidenza, poi.stato) == (date(2025, 1, 1), "Determina", "concluso")

    def test_le_query_sono_le_stesse_per_uno_e_per_tanti_interventi(self) -> None:
        self.approvato(NOVEMBRE)
        chiesta = domanda()
        for dove in (Perimetro(), nel_piano("SPUGNA"), Perimetro(TipoPerimetro.COMUNE, "015182")):
            with CaptureQueriesContext(connection) as una:
                leggi(replace(chiesta, perimetro=dove))
            assert len(una) <= QUERY - 2  # the job has two of its own
            altri = [intervento().pk for _volta in range(7)]
            assegna(piano_id=self.piano.pk, interventi_ids=altri, autore=self.coordinatore)
            ora = timezone.now()
            with CaptureQueriesContext(connection) as tante:
                quadro = leggi(replace(chiesta, perimetro=dove, noto_al=ora, confronto_noto_al=ora))
            assert len(quadro.opere) > 7
            assert len(tante) == len(una)


class PerimetroTestCase(MonitoraggioTestCase):
    def test_ogni_perimetro_prende_i_suoi(self) -> None:
        bresso = intervento("Bresso")
        fuori = intervento("Bresso")
        for codice, opera in (("SPUGNA", self.opera), ("CAMBIO", bresso)):
            piano = PianoIntegrato.objects.get(codice=codice)
            assegna(piano_id=piano.pk, interventi_ids=[opera.pk], autore=self.coordinatore)
        attesi = {
            Perimetro(): {self.opera.pk, bresso.pk},
            nel_piano("SPUGNA"): {self.opera.pk},
            Perimetro(TipoPerimetro.COMUNE, "015032"): {bresso.pk},
            Perimetro(TipoPerimetro.ZONA, "2"): {self.opera.pk},
        }
        for dove, pk in attesi.items():
            quadro = leggi(domanda(dove=dove))
            assert {opera.pk for opera in quadro.opere} == pk, dove
        # The one in no piano, which nobody monitors, is only counted.
        assert leggi(domanda(dove=Perimetro(TipoPerimetro.COMUNE, "015032"))).fuori == 1
        assert Intervento.objects.filter(pk=fuori.pk).exists()

    def test_una_sttm_comprende_cio_che_serve_i_driver_che_sviluppa(self) -> None:
        """STTM 3 develops the Driver 6, and no other."""
        diretto, dal_driver, altro = intervento(), intervento(), intervento()
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        suoi = [diretto.pk, dal_driver.pk, altro.pk]
        assegna(piano_id=piano.pk, interventi_ids=suoi, autore=self.coordinatore)
        salva(LegameStrategia(intervento=diretto, strategia=Strategia.objects.get(numero=3)), autore=None)
        for opera, numero in ((dal_driver, 6), (diretto, 6), (altro, 5)):
            salva(LegameDriver(intervento=opera, driver=Driver.objects.get(numero=numero)), autore=None)
        letto = leggi(domanda(dove=Perimetro(TipoPerimetro.STTM, "3")))
        assert {opera.pk for opera in letto.opere} == {diretto.pk, dal_driver.pk}

    def test_cio_che_si_monitora_senza_piano_e_nel_programma(self) -> None:
        self.approvato(NOVEMBRE)
        assert [opera.piano_id for opera in leggi(domanda()).opere] == [None]

    def test_un_perimetro_si_scrive_come_viene(self) -> None:
        assert perimetro.scritto(TipoPerimetro.PIANO, " come in ") == nel_piano("COME IN")
        assert perimetro.scritto(TipoPerimetro.PIANO, "come-in") == nel_piano("COME IN")
        assert perimetro.scritto(TipoPerimetro.COMUNE, "rho") == Perimetro(TipoPerimetro.COMUNE, "015182")
        assert perimetro.scritto(TipoPerimetro.ZONA, "06") == Perimetro(TipoPerimetro.ZONA, "6")

    def test_un_perimetro_che_non_esiste_dice_quali_ci_sono(self) -> None:
        sbagliati = {
            (TipoPerimetro.PIANO, "COMEIN"): "i piani e i programmi sono",
            (TipoPerimetro.PIANO, ""): "i piani e i programmi sono",
            (TipoPerimetro.ZONA, "9"): "da 1 a 8",
            (TipoPerimetro.ZONA, "0"): "da 1 a 8",
            (TipoPerimetro.COMUNE, "Roma"): "133 Comuni",
            (TipoPerimetro.DRIVER, "11"): "da 1 a 10",
            (TipoPerimetro.STTM, "x"): "da 1 a 3",
            (TipoPerimetro.PROGRAMMA, "SPUGNA"): "toglila",
        }
        for (tipo, testo), come in sbagliati.items():
            with pytest.raises(RapportoImpossibile, match=come):
                perimetro.scritto(tipo, testo)

    def test_un_perimetro_vuoto_non_da_un_rapporto(self) -> None:
        with pytest.raises(RapportoImpossibile, match="nessun intervento del programma"):
            leggi(domanda())
        with pytest.raises(RapportoImpossibile, match="ne conosce 1, che"):
            leggi(domanda(dove=Perimetro(TipoPerimetro.COMUNE, "015182")))
        with pytest.raises(RapportoImpossibile, match="non aveva nessun intervento"):
            leggi(domanda(dove=Perimetro(TipoPerimetro.DRIVER, "3")))

    def test_prima_del_primo_dato_si_dice_qual_e(self) -> None:
        self.approvato(NOVEMBRE)
        with pytest.raises(RapportoImpossibile, match="il primo avanzamento approvato parla del 30/11/2024"):
            leggi(domanda(al=date(2024, 11, 29)))
        assert leggi(domanda(al=date(2024, 11, 30))).opere

    def test_prima_che_il_portale_sapesse_non_c_e_niente(self) -> None:
        self.approvato(NOVEMBRE)
        with pytest.raises(RapportoImpossibile, match="nessun intervento del programma"):
            leggi(domanda(timezone.now() - timedelta(days=1)))

    def test_un_perimetro_troppo_grande_chiede_di_dividerlo(self) -> None:
        altro = intervento()
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        assegna(piano_id=piano.pk, interventi_ids=[self.opera.pk, altro.pk], autore=self.coordinatore)
        with override_settings(RAPPORTO_INTERVENTI=2):
            assert len(leggi(domanda()).opere) == 2
        with (
            override_settings(RAPPORTO_INTERVENTI=1),
            pytest.raises(RapportoImpossibile, match="comprende 2 interventi e un rapporto ne tiene al massimo 1"),
        ):
            leggi(domanda())
