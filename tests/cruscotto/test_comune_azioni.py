"""What a Comune is told to do next: the order, case by case, on both sides of each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse

from cruscotto.selectors.comune_azioni import Azione, DatiMancanti, Genere, azioni, gruppi
from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, Criticita
from monitoraggio.scelte import GravitaCriticita, TipoCriticita
from monitoraggio.selectors.attese import DelComune, del_comune
from monitoraggio.services import messaggi
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, intervento

# Data of December 2024 are due on 20/01/2025, those of January 2025 on 20/02/2025.
TERMINE = date(2025, 1, 20)


def un_giorno(giorno: date) -> datetime:
    return datetime(giorno.year, giorno.month, giorno.day, 9, tzinfo=UTC)


class AzioniTestCase(MonitoraggioTestCase):
    """An intervento of Rho whose months until November are approved, so that December alone is expected."""

    def setUp(self) -> None:
        for mese in (date(2024, 9, 1), date(2024, 10, 1), NOVEMBRE):
            self._arrivato(self.opera, mese)

    def _arrivato(
        self, opera: Intervento, mese: date, stato: StatoAvanzamento = StatoAvanzamento.INVIATO
    ) -> Avanzamento:
        return Avanzamento.objects.create(
            intervento=opera, mese=mese, riferito_al=mese + timedelta(days=27), stato=stato, inviato_il=un_giorno(mese)
        )

    def _attese(self, oggi: date, chi: Utente | None = None) -> DelComune:
        return del_comune(chi or self.responsabile, {self.opera.soggetto_attuatore_id or 0}, oggi=oggi, risponde=True)

    def azioni(self, oggi: date, dati: list[DatiMancanti] | None = None, chi: Utente | None = None) -> list[Azione]:
        chi = chi or self.responsabile
        invia = {self.opera.soggetto_attuatore_id or 0} if chi == self.responsabile else set()
        return azioni(self._attese(oggi, chi), dati or [], oggi=oggi, invia=invia)

    def generi(self, oggi: date, dati: list[DatiMancanti] | None = None, chi: Utente | None = None) -> list[Genere]:
        return [azione.genere for azione in self.azioni(oggi, dati, chi)]

    def criticita(self, scadenza: date) -> Criticita:
        avanzamento = Avanzamento.objects.get(intervento=self.opera, mese=NOVEMBRE)
        return Criticita.objects.create(
            avanzamento=avanzamento,
            riga="n1",
            tipo=TipoCriticita.CANTIERE,
            gravita=GravitaCriticita.ALTA,
            descrizione="Scavi fermi",
            scadenza=scadenza,
        )

    def test_il_mese_e_in_ritardo_dal_giorno_dopo_il_termine(self) -> None:
        assert self.generi(TERMINE) == [Genere.IN_SCADENZA]
        assert self.generi(TERMINE + timedelta(days=1)) == [Genere.SCADUTO]

    def test_il_mese_preme_da_quando_cominciano_i_promemoria(self) -> None:
        assert self.generi(TERMINE - timedelta(days=11)) == [Genere.PROSSIMO]
        assert self.generi(TERMINE - timedelta(days=10)) == [Genere.IN_SCADENZA]

    def test_un_mese_lontano_con_la_bozza_quasi_pronta_si_propone_di_inviarlo(self) -> None:
        bozza = self.bozza(DICEMBRE)
        lontano = TERMINE - timedelta(days=15)
        for completezza, errori, genere in (
            (84, 0, Genere.PROSSIMO),
            (85, 0, Genere.PRONTA),
            (100, 0, Genere.PRONTA),
            (100, 1, Genere.PROSSIMO),
        ):
            Avanzamento.objects.filter(pk=bozza.pk).update(completezza=completezza, errori=errori)
            assert self.generi(lontano) == [genere], (completezza, errori)

    def test_chi_puo_inviare_invia_e_chi_compila_soltanto_ha_finito(self) -> None:
        bozza = self.bozza(DICEMBRE)
        Avanzamento.objects.filter(pk=bozza.pk).update(completezza=100, errori=0)
        tardi = TERMINE + timedelta(days=3)
        [sua] = self.azioni(tardi)
        assert (sua.bottone, sua.mia) == ("Rileggi e invia", True)
        [di_chi_compila] = self.azioni(tardi, chi=self.compilatore)
        assert (di_chi_compila.bottone, di_chi_compila.mia) == ("Rileggi", False)
        assert gruppi([di_chi_compila]) == []
        Avanzamento.objects.filter(pk=bozza.pk).update(completezza=99)
        [manca_poco] = self.azioni(tardi, chi=self.compilatore)
        assert (manca_poco.bottone, manca_poco.mia) == ("Continua", True)

    def test_una_bozza_con_errori_porta_al_loro_elenco(self) -> None:
        bozza = self.bozza(DICEMBRE)
        modulo = reverse("avanzamento-modifica", args=[bozza.pk])
        for errori, indirizzo, frase in (
            (0, modulo, "La bozza è completa al 50 %."),
            (1, f"{modulo}#lato", "e ha un errore da correggere."),
            (2, f"{modulo}#lato", "e ha 2 errori da correggere."),
        ):
            Avanzamento.objects.filter(pk=bozza.pk).update(completezza=50, errori=errori)
            [azione] = self.azioni(TERMINE)
            assert azione.indirizzo == indirizzo
            assert frase in azione.perche

    def test_si_comincia_dal_mese_piu_vecchio_e_si_dice_che_cosa_viene_dopo(self) -> None:
        Avanzamento.objects.filter(mese=NOVEMBRE).delete()
        [azione] = self.azioni(TERMINE)
        assert azione.che == "Invia i dati di novembre 2024"
        assert azione.apri == NOVEMBRE
        assert "Dopo c'è da inviare anche dicembre 2024." in azione.perche

    def test_l_ordine_e_quello_dichiarato(self) -> None:
        altra = intervento()
        for mese in (date(2024, 9, 1), date(2024, 10, 1), NOVEMBRE):
            self._arrivato(altra, mese)
        restituito = self._arrivato(altra, DICEMBRE, StatoAvanzamento.RESTITUITO)
        Avanzamento.objects.filter(pk=restituito.pk).update(motivo="Manca il SAL.", deciso_il=un_giorno(TERMINE))
        messaggi.scrivi(intervento_id=self.opera.pk, testo="A che punto siete?", autore=self.istruttore)
        self.criticita(date(2025, 1, 10))
        dati = [DatiMancanti(self.opera, "SPUGNA", ("il CUP",))]
        correzione = self._arrivato(altra, date(2024, 6, 1), StatoAvanzamento.BOZZA)
        Avanzamento.objects.filter(pk=correzione.pk).update(completezza=90)
        lasciata = self._arrivato(altra, date(2024, 5, 1), StatoAvanzamento.BOZZA)
        Avanzamento.objects.filter(pk=lasciata.pk).update(completezza=10)
        tutte = [
            Genere.RESTITUITO,
            Genere.SCADUTO,
            Genere.DOMANDA,
            Genere.CRITICITA,
            Genere.DATI,
            Genere.PRONTA,
            Genere.LASCIATA,
        ]
        tardi = TERMINE + timedelta(days=1)
        assert self.generi(tardi, dati) == tutte
        # One after the other, what was the next thing is done, and the following one takes its place.
        Avanzamento.objects.filter(pk=restituito.pk).update(stato=StatoAvanzamento.INVIATO)
        assert self.generi(tardi, dati) == tutte[1:]
        self._arrivato(self.opera, DICEMBRE)
        assert self.generi(tardi, dati) == [g for g in tutte[2:] if g is not Genere.CRITICITA]
        filo = self._attese(tardi).messaggi[0]
        messaggi.scrivi(intervento_id=self.opera.pk, testo="Bene.", autore=self.responsabile, risponde_a_id=filo.pk)
        assert self.generi(tardi, dati) == tutte[4:]
        assert self.generi(tardi) == tutte[5:]
        Avanzamento.objects.filter(pk=correzione.pk).delete()
        assert self.generi(tardi) == tutte[6:]
        Avanzamento.objects.filter(pk=lasciata.pk).delete()
        assert self.generi(tardi) == []

    def test_la_criticita_e_oltre_la_data_dal_giorno_dopo(self) -> None:
        self._arrivato(self.opera, DICEMBRE)
        Criticita.objects.all().delete()
        avanzamento = Avanzamento.objects.get(intervento=self.opera, mese=DICEMBRE)
        voce = self.criticita(date(2025, 1, 10))
        Criticita.objects.filter(pk=voce.pk).update(avanzamento=avanzamento)
        assert self.generi(date(2025, 1, 10)) == []
        assert self.generi(date(2025, 1, 11)) == [Genere.CRITICITA]

    def test_la_criticita_si_aggiorna_dove_si_scrive_il_mese(self) -> None:
        self.criticita(date(2025, 1, 2))
        _mese, azione = self.azioni(TERMINE)
        assert (azione.bottone, azione.apri) == ("Inizia dicembre 2024", DICEMBRE)
        bozza = self.bozza(DICEMBRE)
        _mese, azione = self.azioni(TERMINE)
        assert azione.indirizzo == f"{reverse('avanzamento-modifica', args=[bozza.pk])}#sezione-criticita"
        Avanzamento.objects.filter(pk=bozza.pk).update(stato=StatoAvanzamento.INVIATO)
        Criticita.objects.update(avanzamento=bozza)
        [azione] = self.azioni(TERMINE)
        assert azione.indirizzo == reverse("intervento-monitoraggio", args=[self.opera.pk])

    def test_fra_pari_viene_prima_chi_aspetta_da_piu_tempo(self) -> None:
        giorni = (date(2025, 1, 9), date(2025, 1, 3), date(2025, 1, 6))
        for giorno in giorni:
            opera = intervento()
            for mese in (date(2024, 9, 1), date(2024, 10, 1), NOVEMBRE):
                self._arrivato(opera, mese)
            uno = self._arrivato(opera, DICEMBRE, StatoAvanzamento.RESTITUITO)
            Avanzamento.objects.filter(pk=uno.pk).update(motivo=f"{giorno}", deciso_il=un_giorno(giorno))
        self._arrivato(self.opera, DICEMBRE)
        [gruppo] = gruppi(self.azioni(TERMINE))
        assert [azione.dal for azione in gruppo.azioni] == sorted(giorni)
        assert (gruppo.altre, gruppo.tutte) == (2, f"{reverse('attese')}#da-correggere")

    def test_i_dati_che_mancano_si_mandano_con_un_messaggio_gia_pronto(self) -> None:
        self._arrivato(self.opera, DICEMBRE)
        [azione] = self.azioni(TERMINE, [DatiMancanti(self.opera, "SPUGNA", ("il CUP", "il titolo"))])
        assert azione.che == "Manda 2 dati che mancano"
        self.client.force_login(self.compilatore)
        pagina = self.client.get(azione.indirizzo).content.decode()
        assert "Ecco i dati che mancano per le regole di SPUGNA.\n- il CUP: \n- il titolo: " in pagina
        assert "open" in pagina[pagina.index('id="scrivi"') :][:60]

    def test_cio_che_aspetta_un_altro_non_e_da_fare(self) -> None:
        [azione] = self.azioni(TERMINE)
        assert [gruppo.genere for gruppo in gruppi([azione])] == [Genere.IN_SCADENZA]
        assert gruppi([replace(azione, mia=False)]) == []
