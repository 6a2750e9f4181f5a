"""What the tests of the rules start from: a PUI in draft, its interventi as each test says, and one rule judged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from enti.models import Comune, IndiceVulnerabilita, MedianaVulnerabilita
from interventi.models import Finanziamento, Intervento, Requisiti, ValutazioneDnsh
from piani_integrati import regole
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import PER_CODICE, Contesto, Esito, Giudizio
from registro.models import Fonte
from tests.piani_integrati.base import PianiTestCase, crea_intervento

OGGI = date(2026, 6, 30)


class RegoleTestCase(PianiTestCase):
    prova: PianoIntegrato

    def setUp(self) -> None:
        super().setUp()
        self.prova = self.bozza("PROVA")

    def nel_piano(self, numero: int, **campi: Any) -> Intervento:
        """An intervento of the piano; `requisiti`, `dnsh` and `privato` go to their own tables."""
        requisiti, dnsh, privato = (campi.pop(nome, None) for nome in ("requisiti", "dnsh", "privato"))
        if isinstance(campi.get("finanziamento_totale"), str):
            campi["finanziamento_totale"] = Decimal(campi["finanziamento_totale"])
        intervento = crea_intervento(numero, **campi)
        InterventoNelPiano.objects.create(piano=self.prova, intervento=intervento)
        if requisiti is not None:
            Requisiti.objects.create(intervento=intervento, **requisiti)
        if dnsh is not None:
            ValutazioneDnsh.objects.create(intervento=intervento, **dnsh)
        if privato is not None:
            Finanziamento.objects.create(intervento=intervento, fonte="privato", importo=Decimal(privato))
        return intervento

    def giudizio(self, codice: str, al: date = OGGI) -> Giudizio:
        contesto = Contesto.al_giorno(al)
        tutti = {giudizio.regola.codice: giudizio for giudizio in regole.valuta(self.prova, contesto)}
        da_solo = regole.valuta_molti([self.prova.pk], contesto, [PER_CODICE[codice]])[self.prova.pk]
        assert da_solo == [tutti[codice]]
        return tutti[codice]

    def esito(self, codice: str, al: date = OGGI) -> Esito:
        return self.giudizio(codice, al).esito


def indice(nome: str, valore: str, anno: int = 2018) -> None:
    IndiceVulnerabilita.objects.create(
        comune=Comune.objects.get(nome=nome, zona__isnull=False),
        anno=anno,
        valore=Decimal(valore),
        fonte=Fonte.objects.get(codice="portale"),
    )


def mediana(valore: str, anno: int = 2018) -> None:
    MedianaVulnerabilita.objects.create(
        territorio="215", anno=anno, valore=Decimal(valore), fonte=Fonte.objects.get(codice="portale")
    )


def oggi() -> Contesto:
    return Contesto.al_giorno(timezone.localdate())
