"""What the tests of the variazioni start from: two Comuni, an intervento of the first, and people of both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import TestCase

from enti.models import Ente, Utente
from enti.ruoli import Ruolo
from enti.services import assegna_ruolo
from interventi.models import Intervento, VoceQuadroEconomico
from monitoraggio.models import FasePianificata, Traguardo, Variazione
from monitoraggio.services import variazioni as servizi
from monitoraggio.services.variazioni import Chiesto
from registro.models import Fonte
from registro.storia import salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import opera

SCADENZA = date(2025, 6, 30)
FINE = date(2025, 12, 31)


def ente(nome: str) -> Ente:
    return Ente.objects.get(comune__nome=nome, comune__zona__isnull=False)


def del_comune(nome: str, ruolo: Ruolo = Ruolo.RESPONSABILE) -> Utente:
    chi = crea_persona(None, nome=f"{ruolo.value}-di-{nome.lower()}")
    assegna_ruolo(utente_id=chi.pk, ente_id=ente(nome).pk, ruolo=ruolo, autore=None)
    return Utente.objects.get(pk=chi.pk)


def di_rho(**campi: Any) -> Intervento:
    """An intervento that Rho carries out: 900 EUR in two items, a traguardo, a planned phase."""
    nato = opera("Palestra", soggetto_attuatore=ente("Rho"), finanziamento_totale="1000.00", **campi)
    for voce, importo in (("lavori", "800.00"), ("imprevisti", "100.00")):
        salva(VoceQuadroEconomico(intervento=nato, voce=voce, importo=Decimal(importo)), autore=None)
    fonte = Fonte.objects.get(codice="portale")
    salva(
        Traguardo(
            intervento=nato,
            codice="FINE",
            titolo="Fine dei lavori",
            tipo="milestone",
            scadenza_iniziale=SCADENZA,
            scadenza=SCADENZA,
            fonte=fonte,
        ),
        autore=None,
    )
    fase = FasePianificata(intervento=nato, fase="00313", fine_iniziale=FINE, fine_prevista=FINE)
    salva(fase, autore=None)
    return nato


def chiedi(
    intervento: Intervento, tipo: str, autore: Utente, *, atto: str = "Determina n. 1", **chiesto: Any
) -> Variazione:
    return servizi.chiedi(
        intervento_id=intervento.pk,
        tipo=tipo,
        chiesto=Chiesto(**chiesto),
        atto=atto,
        data_atto=date(2025, 1, 15),
        motivo="Serve più tempo.",
        autore=autore,
    )


class VariazioniTestCase(TestCase):
    intervento: Intervento
    responsabile: Utente
    altro_comune: Utente
    istruttore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.intervento = di_rho()
        cls.responsabile = del_comune("Rho")
        cls.altro_comune = del_comune("Bresso")
        cls.istruttore = crea_persona(Ruolo.ISTRUTTORE)

    def chiedi(self, tipo: str, **chiesto: Any) -> Variazione:
        return chiedi(self.intervento, tipo, chiesto.pop("autore", self.responsabile), **chiesto)

    def proroga(self, giorno: date = date(2025, 9, 30), **altro: Any) -> Variazione:
        traguardo = Traguardo.objects.get(intervento=self.intervento)
        return self.chiedi("proroga", traguardo_id=traguardo.pk, data_dopo=giorno, **altro)

    def decidi(
        self, variazione: Variazione, passaggio: str, autore: Utente | None = None, motivo: str = ""
    ) -> Variazione:
        return servizi.decidi(
            variazione_id=variazione.pk, passaggio=passaggio, autore=autore or self.istruttore, motivo=motivo
        )
