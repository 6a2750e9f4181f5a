"""The Cruscotto of a Comune: the one next thing, the others, the interventi as cards, on any day."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cruscotto.selectors import comune
from cruscotto.selectors.comune import Chiesto, Cruscotto, Mostra
from cruscotto.selectors.comune_azioni import Genere
from cruscotto.selectors.comune_regole import giudicati
from enti.models import Appartenenza, Ente, Utente
from enti.ruoli import Ruolo
from interventi import ricerca
from interventi.models import Intervento, Requisiti
from interventi.scelte import StatoCup
from monitoraggio import tempo as tempi
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.mesi import avanti, primo, ultimo
from monitoraggio.models import Avanzamento, Segnale, Situazione, TermineInvio, Traguardo
from monitoraggio.scelte import ChiAgisce
from monitoraggio.services import messaggi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.models import Fonte
from tests.monitoraggio.base import MonitoraggioTestCase, intervento

BUDGET = 22


class ComuneTestCase(MonitoraggioTestCase):
    """Everything is told as of today: the months are counted back from it, and the last one is past its term."""

    oggi: date
    mese: date

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.oggi = timezone.localdate()
        # Months are due the day after they end: the last one is late unless today is that very day.
        TermineInvio.objects.update(giorni=0)
        cls.mese = avanti(primo(cls.oggi), -1)

    def in_pari(self, *opere: Intervento) -> None:
        """Nothing is expected of these: every month in play was sent."""
        for opera in opere:
            for indietro in range(6):
                self.avanzamento(opera, avanti(self.mese, -indietro), StatoAvanzamento.INVIATO)

    def avanzamento(self, opera: Intervento, mese: date, stato: StatoAvanzamento, **campi: Any) -> Avanzamento:
        dati = {"riferito_al": ultimo(mese), "stato": stato, "inviato_il": timezone.now(), **campi}
        return Avanzamento.objects.create(intervento=opera, mese=mese, **dati)

    def leggi(self, chi: Utente | None = None, al: str = "", **chiesto: Any) -> Cruscotto:
        return comune.leggi(self.chi(chi), tempi.leggi({"al": al}), Chiesto(**chiesto))

    def chi(self, chi: Utente | None) -> Utente:
        return Utente.objects.get(pk=(chi or self.responsabile).pk)

    def pagina(self, chi: Utente | None = None, **parametri: str) -> str:
        self.client.force_login(chi or self.responsabile)
        risposta = self.client.get(reverse("cruscotto", query=parametri))
        assert risposta.status_code == 200
        return re.sub(r"\s+", " ", html.unescape(risposta.content.decode()))

    def nel_piano(self, opera: Intervento, codice: str = "SPUGNA") -> PianoIntegrato:
        piano = PianoIntegrato.objects.get(codice=codice)
        InterventoNelPiano.objects.create(piano=piano, intervento=opera)
        return piano


class ChiVedeCheCosaTest(ComuneTestCase):
    def test_si_vedono_soltanto_gli_interventi_che_il_proprio_ente_attua(self) -> None:
        altrui = intervento("Bresso", titolo="Parco di Bresso")
        messaggi.scrivi(intervento_id=altrui.pk, testo="Segreto di Bresso", autore=self.istruttore)
        Segnale.objects.create(
            intervento=altrui, codice="x", peso=9, motivo="Segnale di Bresso", tocca=ChiAgisce.COMUNE
        )
        self.nel_piano(altrui)
        ricerca.aggiorna([altrui.pk])
        for parametri in ({}, {"mostra": "da-fare"}, {"mostra": "conclusi"}, {"q": "Bresso"}, {"q": altrui.cup}):
            pagina = self.pagina(None, **parametri)
            for testo in (
                "Parco di Bresso",
                "Segreto di Bresso",
                "Segnale di Bresso",
                reverse("intervento", args=[altrui.pk]),
            ):
                assert testo not in pagina.replace(f'value="{parametri.get("q")}"', ""), (parametri, testo)
        assert "Parco di Bresso" in self.pagina(self.altra)
        assert self.opera.titolo not in self.pagina(self.altra)

    def test_chi_e_di_due_enti_vede_gli_interventi_di_entrambi_con_il_nome_di_chi_li_attua(self) -> None:
        intervento("Bresso", titolo="Parco di Bresso")
        Appartenenza.objects.create(
            utente=self.altra, ente=Ente.objects.get(comune__nome="Rho"), ruolo=Ruolo.COMPILATORE
        )
        pagina = self.pagina(self.altra)
        assert "<h1>Comune di Bresso e Comune di Rho</h1>" in pagina
        for testo in ("Parco di Bresso", self.opera.titolo, "· Comune di Bresso", "· Comune di Rho"):
            assert testo in pagina

    def test_chi_non_ha_interventi_legge_che_cosa_ci_sara(self) -> None:
        pagina = self.pagina(self.altra)
        assert "Nessun intervento da seguire" in pagina
        assert "Da fare adesso" not in pagina
        assert "Sei in pari" not in pagina

    def test_chi_vede_il_programma_non_trova_questa_pagina(self) -> None:
        for chi in (self.istruttore, self.coordinatore):
            assert self.chi(chi).vede_tutto


class ProssimaTest(ComuneTestCase):
    def test_la_prima_cosa_da_fare_e_una_e_dice_che_cosa_perche_ed_entro_quando(self) -> None:
        pagina = self.pagina()
        assert pagina.count("Da fare adesso") == 1
        prima = pagina[pagina.index("Da fare adesso") : pagina.index("I miei interventi")]
        assert "Invia i dati di" in prima
        assert "Il termine era il" in prima
        assert "in ritardo" in prima
        assert prima.count("btn-primary") == 1

    def test_il_bottone_apre_il_modulo_del_mese(self) -> None:
        azione = self.leggi().da_fare.prossima  # type: ignore[union-attr]
        assert azione is not None
        assert azione.bottone == "Inizia"
        self.client.force_login(self.compilatore)
        risposta = self.client.post(
            azione.indirizzo, {"intervento": azione.intervento.pk, "mese": str(azione.apri)}, follow=True
        )
        assert risposta.status_code == 200
        nuovo = Avanzamento.objects.get()
        assert (nuovo.intervento, nuovo.mese) == (self.opera, azione.apri)
        assert risposta.redirect_chain[-1][0] == reverse("avanzamento-modifica", args=[nuovo.pk])
        azione = self.leggi().da_fare.prossima  # type: ignore[union-attr]
        assert azione is not None
        assert azione.bottone == "Continua"
        assert self.client.get(azione.indirizzo).status_code == 200

    def test_ogni_bottone_si_apre_a_chi_lo_vede(self) -> None:
        self.in_pari(self.opera)
        restituita = intervento()
        self.in_pari(restituita)
        Avanzamento.objects.filter(intervento=restituita, mese=self.mese).update(
            stato=StatoAvanzamento.RESTITUITO, motivo="Manca il SAL.", deciso_il=timezone.now()
        )
        messaggi.scrivi(intervento_id=self.opera.pk, testo="Quando finite?", autore=self.istruttore)
        self.nel_piano(self.opera)
        letto = self.leggi()
        assert letto.da_fare is not None
        assert letto.da_fare.prossima is not None
        assert letto.da_fare.prossima.genere is Genere.RESTITUITO
        generi = [gruppo.genere for gruppo in letto.da_fare.altre]
        assert generi == [Genere.DOMANDA, Genere.DATI]
        self.client.force_login(self.compilatore)
        for azione in [letto.da_fare.prossima, *(gruppo.prima for gruppo in letto.da_fare.altre)]:
            assert self.client.get(azione.indirizzo.partition("#")[0]).status_code == 200, azione
        for gruppo in letto.da_fare.altre:
            assert self.client.get(gruppo.tutte.partition("#")[0]).status_code == 200, gruppo

    def test_in_pari_si_dice_il_prossimo_termine(self) -> None:
        self.in_pari(self.opera)
        termine = ultimo(primo(self.oggi))
        assert f"Sei in pari: il prossimo termine è il {termine:%d/%m/%Y}" in self.pagina()

    def test_un_mese_dal_termine_lontano_non_toglie_di_essere_in_pari(self) -> None:
        TermineInvio.objects.update(giorni=90)
        self.in_pari(self.opera)
        Avanzamento.objects.filter(mese=self.mese).delete()
        da_fare = self.leggi().da_fare
        assert da_fare is not None
        assert da_fare.pari
        assert [gruppo.genere for gruppo in da_fare.altre] == [Genere.PROSSIMO]
        assert da_fare.termine is not None
        assert da_fare.termine > self.oggi + timedelta(days=10)

    def test_a_chi_compila_si_dice_che_cosa_aspetta_il_responsabile(self) -> None:
        self.in_pari(self.opera)
        Avanzamento.objects.filter(mese=self.mese).update(
            stato=StatoAvanzamento.BOZZA, completezza=100, inviato_il=None
        )
        pagina = self.pagina(self.compilatore)
        assert "Una bozza è completa e aspetta che il responsabile del Comune (RUP) la invii" in pagina
        assert "Sei in pari" in pagina
        assert "Quello che toccava a te è fatto." in pagina
        assert "Da fare adesso" in self.pagina(self.responsabile)


class SchedeTest(ComuneTestCase):
    def test_la_scheda_dice_avanzamento_denaro_traguardo_messaggio_e_segnali(self) -> None:
        self.in_pari(self.opera)
        approvato = self.avanzamento(
            self.opera, avanti(self.mese, -7), StatoAvanzamento.APPROVATO, approvato_il=timezone.now(), percentuale=42
        )
        Situazione.objects.update_or_create(
            intervento=self.opera,
            defaults={
                "avanzamento": approvato,
                "riferita_al": approvato.riferito_al,
                "percentuale": Decimal("42.00"),
                "pagato": Decimal("250000.00"),
            },
        )
        fonte = Fonte.objects.all()[0]
        for codice, giorni in (("T2", 40), ("T1", 20)):
            scadenza = self.oggi + timedelta(days=giorni)
            Traguardo.objects.create(
                intervento=self.opera, codice=codice, titolo=f"Traguardo {codice}", tipo="milestone",
                livello="programma", scadenza=scadenza, scadenza_iniziale=scadenza, fonte=fonte,
            )  # fmt: skip
        messaggi.scrivi(intervento_id=self.opera.pk, testo="Tutto bene.", autore=self.compilatore)
        Segnale.objects.create(
            intervento=self.opera, codice="x", peso=60, motivo="La spesa è ferma.", tocca=ChiAgisce.COMUNE
        )
        [scheda] = self.leggi().schede
        assert scheda.riga.stato.percentuale == 42
        assert scheda.riga.pagato_percento == 25
        assert scheda.scadenza is not None
        assert (scheda.scadenza.traguardo.codice, scheda.scadenza.distanza) == ("T1", "mancano 20 giorni")
        assert scheda.messaggio is not None
        assert scheda.messaggio.testo == "Tutto bene."
        assert [segnale.motivo for segnale in scheda.segnali] == ["La spesa è ferma."]

    def test_vengono_prima_quelli_con_la_cosa_piu_urgente_e_per_ultimi_i_conclusi(self) -> None:
        conclusa, in_pari, restituita = (intervento(titolo=titolo) for titolo in ("A", "B", "Z"))
        self.in_pari(conclusa, in_pari, restituita)
        Situazione.objects.create(
            intervento=conclusa,
            avanzamento=Avanzamento.objects.filter(intervento=conclusa).first(),
            riferita_al=self.oggi,
            fine_effettiva=self.oggi - timedelta(days=90),
        )
        Avanzamento.objects.filter(intervento=restituita, mese=self.mese).update(stato=StatoAvanzamento.RESTITUITO)
        assert [s.intervento for s in self.leggi().schede] == [restituita, self.opera, in_pari, conclusa]
        assert [s.intervento for s in self.leggi(mostra=Mostra.DA_FARE).schede] == [restituita, self.opera]
        assert [s.intervento for s in self.leggi(mostra=Mostra.CONCLUSI).schede] == [conclusa]

    def test_si_cerca_per_parole_e_per_cup(self) -> None:
        altra = intervento(titolo="Biblioteca comunale")
        ricerca.aggiorna([altra.pk, self.opera.pk])
        for parole in ("biblioteca", altra.cup, f"{altra.cup[:3]} {altra.cup[3:]}"):
            assert [s.intervento for s in self.leggi(q=parole).schede] == [altra]
        assert "Nessun intervento corrisponde" in self.pagina(q="zzzz")

    def test_un_elenco_sconosciuto_si_dice(self) -> None:
        assert "«boh» non è fra gli elenchi" in self.pagina(mostra="boh")
        assert "«da-fare» non è fra gli elenchi di un giorno passato" in self.pagina(mostra="da-fare", al="2024-12-31")

    def test_le_regole_non_rispettate_e_i_dati_che_mancano_portano_dove_si_rimedia(self) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(stato_cup=StatoCup.REVOCATO)
        piano = self.nel_piano(self.opera)
        [giudicato] = giudicati(self.chi(None).enti, self.oggi).values()
        assert [regola.codice for regola in giudicato.non_conformi] == ["cup"]
        assert {dato.codice for dato in giudicato.dati} >= {"mq_beneficiari", "edificio", "dnsh_regime"}
        assert {dato.codice for dato in giudicato.dell_ufficio} <= {"ivsm", "mediana_ivsm"}
        pagina = self.pagina(self.compilatore)
        for indirizzo in (
            reverse("piano-integrato-regola", args=[piano.slug, "cup"]),
            f"{reverse('intervento', args=[self.opera.pk])}#titolo-regole",
        ):
            assert indirizzo in pagina
            assert self.client.get(indirizzo.partition("#")[0]).status_code == 200
        Requisiti.objects.update_or_create(intervento=self.opera, defaults={"mq_beneficiari": Decimal(10)})
        [giudicato] = giudicati(self.chi(None).enti, self.oggi).values()
        assert "mq_beneficiari" not in {dato.codice for dato in giudicato.dati}

    def test_chi_non_e_in_un_piano_non_e_giudicato(self) -> None:
        assert giudicati(self.chi(None).enti, self.oggi) == {}


class GiornoPassatoTest(ComuneTestCase):
    def test_a_un_giorno_passato_si_legge_com_era_e_non_si_offre_nulla(self) -> None:
        approvato = self.avanzamento(
            self.opera,
            date(2024, 12, 1),
            StatoAvanzamento.APPROVATO,
            approvato_il=timezone.now(),
            percentuale=30,
        )
        assert approvato.riferito_al == date(2024, 12, 31)
        pagina = self.pagina(al="2024-12-31")
        assert "situazione al 31/12/2024" in pagina
        assert "Qui si legge com'era" in pagina
        for testo in ("Da fare adesso", 'id="titolo-altre"', 'action="/monitoraggio/avanzamenti/apri/"'):
            assert testo not in pagina
        [scheda] = self.leggi(al="2024-12-31").schede
        assert scheda.riga.stato.percentuale == 30
        assert not scheda.azioni
        [scheda] = self.leggi(al="2024-12-30").schede
        assert scheda.riga.stato.percentuale is None

    def test_un_giorno_illeggibile_si_dice_e_si_mostra_oggi(self) -> None:
        pagina = self.pagina(al="ieri")
        assert "«ieri» non è un giorno" in pagina
        assert "Da fare adesso" in pagina


class InterrogazioniTest(ComuneTestCase):
    def test_le_interrogazioni_sono_le_stesse_per_tre_e_per_sessanta_interventi(self) -> None:
        def aggiungi(quanti: int) -> None:
            for numero in range(quanti):
                opera = intervento()
                self.nel_piano(opera)
                stato = StatoAvanzamento.RESTITUITO if numero % 2 else StatoAvanzamento.BOZZA
                self.avanzamento(opera, self.mese, stato, motivo="Manca il SAL.")
                messaggi.scrivi(intervento_id=opera.pk, testo="Quando?", autore=self.istruttore)
                Segnale.objects.create(intervento=opera, codice="x", peso=9, motivo="Fermo", tocca=ChiAgisce.COMUNE)

        aggiungi(2)
        conti = [self._conta()]
        aggiungi(57)
        conti.append(self._conta())
        assert self.leggi().suoi == 60
        assert conti[0] == conti[1], conti
        assert max(conti[1].values()) <= BUDGET, conti

    def _conta(self) -> dict[str, int]:
        self.client.force_login(self.responsabile)
        conti = {}
        for coda in ("", "?mostra=da-fare", "?q=opera", "?al=2024-12-31"):
            indirizzo = f"{reverse('cruscotto')}{coda}"
            self.client.get(indirizzo)
            with CaptureQueriesContext(connection) as catturate:
                assert self.client.get(indirizzo).status_code == 200
            conti[coda] = len(catturate)
        return conti

    def test_oltre_ventiquattro_le_schede_vanno_su_piu_pagine(self) -> None:
        for _numero in range(25):
            intervento()
        assert len(self.leggi().schede) == 24
        assert len(self.leggi(pagina=2).schede) == 2
        assert "Pagina 1 di 2" in self.pagina()
