"""The pages of the register cost the same queries for one row and for many; each has its budget."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Finanziamento, Intervento, Operatore, Procedura, SoggettoCollegato
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.storia import salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import opera

TUTTE = "colonne=titolo,cup,comuni,piano,attuatore,submisura,stato,finanziamento,pnrr,natura,driver,strategie"


class BilanciTestCase(TestCase):
    persona: Utente
    intervento: Intervento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.COORDINATORE)
        cls.intervento = cls.nuovo()
        spugna = PianoIntegrato.objects.get(codice="SPUGNA")
        InterventoNelPiano.objects.create(piano=spugna, intervento=cls.intervento)

    @staticmethod
    def nuovo() -> Intervento:
        """An intervento with a row of each of its larger parts."""
        intervento = opera(
            "Piazza", comuni=["Rho"], driver=[9], strategie=[1], pnrr="5.00", finanziamento_totale="5.00"
        )
        BilanciTestCase.con_gara(intervento, 1)
        return intervento

    @staticmethod
    def con_gara(intervento: Intervento, numero: int) -> None:
        gara = Procedura(intervento=intervento, cig=f"{numero:010}", oggetto="Lavori")
        salva(gara, autore=None)
        salva(Operatore(procedura=gara, denominazione=f"Impresa {numero}"), autore=None)
        salva(SoggettoCollegato(intervento=intervento, ruolo="altro", denominazione=f"Ente {numero}"), autore=None)

    def conta(self) -> dict[str, int]:
        self.client.force_login(self.persona)
        elenco, scheda = reverse("interventi"), reverse("intervento", args=[self.intervento.pk])
        conti = {}
        for nome, indirizzo in {
            "elenco": elenco,
            "elenco con tutte le colonne": f"{elenco}?{TUTTE}",
            "elenco per Comune": f"{elenco}?comune=015182&q=piazza",
            "scheda": scheda,
            "storia": f"{scheda}storia/",
            "com'era": f"{scheda}storia/?quando=2099-12-31T10:00",
            "cerca": f"{reverse('cerca')}?q=rho",
            "csv": f"{reverse('interventi-esporta', args=['csv'])}?{TUTTE}",
            "Comune": reverse("comune", args=["015182"]),
        }.items():
            with CaptureQueriesContext(connection) as catturate:
                risposta = self.client.get(indirizzo)
                assert risposta.status_code == 200, indirizzo
                if risposta.streaming:
                    risposta.getvalue()
            conti[nome] = len(catturate)
        return conti

    def test_le_interrogazioni_non_crescono_con_le_righe_e_stanno_nel_bilancio(self) -> None:
        poche = self.conta()
        for numero in range(2, 40):
            self.nuovo()
            self.con_gara(self.intervento, numero)
            Finanziamento.objects.filter(intervento=self.intervento).update(importo=Decimal(numero))
            salva(self.intervento, autore=self.persona)
        molte = self.conta()
        assert molte == poche
        # Session, person and second factor are five. A page of an intervento reads each of its parts, and its history
        # the versions of each and the names that they point to: once, however many they are. In a piano its rules take
        # three more: the median of the day, the judgement, the waivers. Every page counts the allerte of the person;
        # the monitoring adds to the page of an intervento its situation, its segnali, its traguardi and its variazioni.
        bilanci = {
            "elenco": 20,
            "elenco con tutte le colonne": 22,
            "elenco per Comune": 21,
            "scheda": 27,
            "storia": 32,
            "com'era": 31,
            "cerca": 22,
            "csv": 15,
            "Comune": 15,
        }
        oltre = {nome: quante for nome, quante in molte.items() if quante > bilanci[nome]}
        assert not oltre
