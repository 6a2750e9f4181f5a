"""What the tests of the monitoring start from: people of two Comuni, staff, and an intervento ready for its months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.test import TestCase

from enti.models import Appartenenza, Comune, Ente, Utente
from enti.ruoli import Ruolo
from interventi.models import (
    Classificazione,
    Finanziamento,
    Indicatore,
    Intervento,
    Localizzazione,
    Procedura,
    VoceQuadroEconomico,
)
from interventi.scelte import FonteFinanziamento, StatoCup, VoceDiSpesa
from monitoraggio.models import Avanzamento
from monitoraggio.services import bozze, passaggi
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import submisura

COSTO = "1000000.00"
DICEMBRE = date(2024, 12, 1)
NOVEMBRE = date(2024, 11, 1)
_numeri = count(1)


def persona(ruolo: Ruolo, comune: str = "Rho", nome: str = "") -> Utente:
    """Somebody with this role for this Comune."""
    chi = crea_persona(nome=nome or f"{ruolo.value}-{comune.lower()}-{next(_numeri)}")
    Appartenenza.objects.create(utente=chi, ente=Ente.objects.get(comune__nome=comune), ruolo=ruolo)
    return Utente.objects.get(pk=chi.pk)


def intervento(comune: str = "Rho", *, costo: str = COSTO, **campi: Any) -> Intervento:
    """A public work of a Comune, complete enough to be monitored; its quadro economico is its cost."""
    numero = next(_numeri)
    natura, _nuova = Classificazione.objects.get_or_create(natura="03")
    dati: dict[str, Any] = {
        "cup": f"B99M24{numero:05}0001",
        "clp": f"MON-{numero}",
        "submisura": submisura(),
        "titolo": f"Opera monitorata {numero}",
        "soggetto_attuatore": Ente.objects.get(comune__nome=comune),
        "stato_cup": StatoCup.ATTIVO,
        "classificazione": natura,
        "finanziamento_totale": Decimal(costo),
        "finanziamento_pubblico": Decimal(costo),
    }
    nuovo = Intervento.objects.create(**(dati | campi))
    luogo = Comune.objects.get(nome=comune, zona__isnull=False)
    Localizzazione.objects.create(
        intervento=nuovo, comune=luogo, codice_provincia="015", codice_comune=luogo.codice_istat[3:]
    )
    Finanziamento.objects.create(intervento=nuovo, fonte=FonteFinanziamento.PNRR, importo=Decimal(costo))
    VoceQuadroEconomico.objects.create(intervento=nuovo, voce=VoceDiSpesa.LAVORI, importo=Decimal(costo))
    Indicatore.objects.create(intervento=nuovo, codice="T0146", descrizione="Interventi completati", programmato=1)
    Procedura.objects.create(intervento=nuovo, cig="A000000001", codice_pda=f"PDA-{numero}")
    return nuovo


def celle_buone(costo: str = COSTO, **altre: str) -> dict[str, str]:
    """What, typed in a new draft of `intervento`, leaves no remark. Names of cells with _ _ in place of -."""
    celle = {
        "testa-0-percentuale": "10",
        "testa-0-senza_movimenti": "si",
        "fasi-00312-inizio_effettivo": "2024-01-10",
        "fasi-00312-fine_effettiva": "2024-02-10",
        "fasi-00313-inizio_previsto": "2024-03-01",
        "fasi-00313-fine_prevista": "2026-03-31",
        "fasi-00313-inizio_effettivo": "2024-03-04",
        "fasi-00313-fine_stimata": "2026-03-31",
        "costi-a2024-anno": "2024",
        "costi-a2024-realizzato": "0",
        "costi-a2024-da_realizzare": costo.replace(".", ","),
    }
    return celle | {nome.replace("__", "-"): testo for nome, testo in altre.items()}


class MonitoraggioTestCase(TestCase):
    """Reference data, an intervento of Rho, and the people of the round."""

    compilatore: Utente
    responsabile: Utente
    altra: Utente
    istruttore: Utente
    coordinatore: Utente
    opera: Intervento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.compilatore = persona(Ruolo.COMPILATORE)
        cls.responsabile = persona(Ruolo.RESPONSABILE)
        cls.altra = persona(Ruolo.RESPONSABILE, "Bresso")
        cls.istruttore = crea_persona(Ruolo.ISTRUTTORE)
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)
        cls.opera = intervento()

    def bozza(
        self, mese: date = DICEMBRE, celle: Mapping[str, str] | None = None, opera: Intervento | None = None
    ) -> Avanzamento:
        """A draft of a month with these cells typed in it (by default, those that leave no remark)."""
        avanzamento = bozze.apri(intervento_id=(opera or self.opera).pk, mese=mese, autore=self.compilatore)
        scritte = celle_buone() if celle is None else celle
        salvataggio = bozze.salva(
            avanzamento_id=avanzamento.pk, revisione=avanzamento.revisione, celle=scritte, autore=self.compilatore
        )
        return salvataggio.avanzamento

    def inviato(
        self, mese: date = DICEMBRE, celle: Mapping[str, str] | None = None, opera: Intervento | None = None
    ) -> Avanzamento:
        return passaggi.invia(avanzamento_id=self.bozza(mese, celle, opera).pk, autore=self.responsabile)

    def approvato(
        self, mese: date = DICEMBRE, celle: Mapping[str, str] | None = None, opera: Intervento | None = None
    ) -> Avanzamento:
        return passaggi.approva(avanzamento_id=self.inviato(mese, celle, opera).pk, autore=self.istruttore)
