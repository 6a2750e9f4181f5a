"""What the tests of the piani start from: the reference data, a coordinator, and interventi made as each test says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import TestCase

from enti.models import Comune, Ente, Utente
from enti.ruoli import Ruolo
from enti.services import assegna_ruolo
from interventi.models import (
    Finanziamento,
    Intervento,
    Localizzazione,
    Procedura,
    Requisiti,
    Submisura,
    ValutazioneDnsh,
)
from interventi.scelte import FonteFinanziamento, GiudizioDnsh, LivelloProgettuale, ObiettivoDnsh, StatoCup
from piani_integrati.models import PianoIntegrato
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona


class PianiTestCase(TestCase):
    coordinatore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)

    def setUp(self) -> None:
        self.client.force_login(self.coordinatore)

    def piano(self, codice: str) -> PianoIntegrato:
        return PianoIntegrato.objects.get(codice=codice)

    def bozza(self, codice: str = "NUOVO", **campi: Any) -> PianoIntegrato:
        """A piano in draft, of ours."""
        return PianoIntegrato.objects.create(
            codice=codice,
            slug=codice.lower(),
            titolo=f"Piano {codice}",
            fonte=Fonte.objects.get(codice="portale"),
            **campi,
        )


def cup(numero: int) -> str:
    """A well-formed code that no real project has."""
    return f"B99Z25{numero:05}0001"


def crea_intervento(
    numero: int, *, comuni: tuple[str, ...] = ("Rho",), pnrr: str | None = None, pagati: str | None = None, **campi: Any
) -> Intervento:
    """An intervento with its places and its share of PNRR money."""
    submisura = Submisura.objects.get(codice="M5C2I2.02.03")
    dati = {"cup": cup(numero), "submisura": submisura, "titolo": f"Opera {numero}", **campi}
    if pagati is not None:
        dati["pagamenti_totali"] = Decimal(pagati)
    intervento = Intervento.objects.create(**dati)
    for nome in comuni:
        comune = Comune.objects.get(nome=nome, zona__isnull=False)
        Localizzazione.objects.create(
            intervento=intervento, comune=comune, codice_provincia="015", codice_comune=comune.codice_istat[3:]
        )
    if pnrr is not None:
        Finanziamento.objects.create(intervento=intervento, fonte=FonteFinanziamento.PNRR, importo=Decimal(pnrr))
    return intervento


def completa(intervento: Intervento, *, edificio: bool = False) -> None:
    """Give an intervento every datum that a proposal asks for."""
    for campo, valore in {
        "stato_cup": StatoCup.ATTIVO,
        "livello_progettuale": LivelloProgettuale.PFTE,
        "attuatore_denominazione": "Comune di prova",
        "finanziamento_totale": Decimal("1000.00"),
        "inizio_previsto": date(2026, 1, 1),
        "fine_prevista": date(2027, 1, 1),
    }.items():
        setattr(intervento, campo, valore)
    intervento.save()
    superfici = dict.fromkeys(("edificato_prima", "edificato_dopo", "verde_prima", "verde_dopo"), Decimal("10.00"))
    classi = {"classe_prima": "E", "classe_dopo": "B"} if edificio else {}
    Requisiti.objects.create(
        intervento=intervento, edificio=edificio, mq_beneficiari=Decimal("500.00"), **superfici, **classi
    )
    ValutazioneDnsh.objects.create(
        intervento=intervento,
        regime=2,
        checklist_ex_ante=date(2025, 1, 1),
        evidenza_ex_ante="prot. 1/2025",
        **dict.fromkeys(ObiettivoDnsh.values, GiudizioDnsh.POSITIVO),
    )


def dichiara_tutto(piano: PianoIntegrato) -> None:
    """Write in a piano all that a proposal asks for."""
    for campo, valore in {
        "descrizione": "Che cosa si fa.",
        "proponente": Ente.objects.get(denominazione="Città metropolitana di Milano"),
        "importo_richiesto": Decimal("50000000.00"),
        "decreto_in_vigore": date(2025, 1, 1),
        "inizio": date(2026, 1, 1),
        "fine": date(2028, 1, 1),
        "inclusione": "Senza barriere.",
        "dichiara_dnsh": True,
        "dichiara_suolo": True,
        "dichiara_cup": True,
    }.items():
        setattr(piano, campo, valore)
    piano.save()


def gara(intervento: Intervento, oggetto: str, cig: str = "") -> Procedura:
    return Procedura.objects.create(
        intervento=intervento, oggetto=oggetto, cig=cig, codice_pda=f"PDA{intervento.pk}-{len(oggetto)}"
    )


def persona_del_comune(nome: str) -> Utente:
    """Somebody who acts for a Comune, and sees what is of that Comune."""
    utente = crea_persona(None, nome=f"di-{nome.lower()}")
    ente = Ente.objects.get(comune__nome=nome, comune__zona__isnull=False)
    assegna_ruolo(utente_id=utente.pk, ente_id=ente.pk, ruolo=Ruolo.COMPILATORE, autore=None)
    return Utente.objects.get(pk=utente.pk)
