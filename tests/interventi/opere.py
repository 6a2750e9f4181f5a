"""Interventi for the tests of the pages that read: each test says only what matters to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from enti.models import Appartenenza, Comune, Ente, Utente
from enti.ruoli import Ruolo
from interventi import ricerca
from interventi.models import Finanziamento, Intervento, LegameDriver, LegameStrategia, Localizzazione, Submisura
from psttm.models import Driver, Strategia
from registro.storia import salva
from tests.enti.persone import crea_persona

PUI = "M5C2I2.02.03"
_numeri = count(1)


def submisura(codice: str = PUI) -> Submisura:
    return Submisura.objects.get_or_create(codice=codice, defaults={"descrizione": "Piani urbani integrati"})[0]


def opera(
    titolo: str = "",
    *,
    comuni: Sequence[str] = (),
    driver: Sequence[int] = (),
    strategie: Sequence[int] = (),
    pnrr: str = "",
    autore: Utente | None = None,
    **campi: Any,
) -> Intervento:
    """An intervento with its history, in these Comuni (by name), for these Driver and STTM (by number)."""
    numero = next(_numeri)
    for importo in ("finanziamento_totale", "pagamenti_totali"):
        if isinstance(campi.get(importo), str):
            campi[importo] = Decimal(campi[importo])
    campi = {"cup": f"B41J22{numero:05}0001", "clp": f"CLP-{numero}", "submisura": submisura(), **campi}
    nuovo = Intervento(titolo=titolo, **campi)
    salva(nuovo, autore=autore)
    for nome in comuni:
        comune = Comune.objects.metropolitani().get(nome=nome)
        istat = comune.codice_istat
        luogo = Localizzazione(
            intervento=nuovo,
            comune=comune,
            codice_regione="003",
            codice_provincia=istat[:3],
            codice_comune=istat[3:],
        )
        salva(luogo, autore=autore)
    for quale in driver:
        salva(LegameDriver(intervento=nuovo, driver=Driver.objects.get(numero=quale)), autore=autore)
    for quale in strategie:
        salva(LegameStrategia(intervento=nuovo, strategia=Strategia.objects.get(numero=quale)), autore=autore)
    if pnrr:
        salva(Finanziamento(intervento=nuovo, fonte="pnrr", importo=Decimal(pnrr)), autore=autore)
    ricerca.aggiorna([nuovo.pk])
    return Intervento.objects.get(pk=nuovo.pk)


def di_rho() -> Utente:
    """A compilatore of the Comune of Rho."""
    chi = crea_persona(nome="compilatore-di-rho")
    Appartenenza.objects.create(utente=chi, ente=Ente.objects.get(comune__nome="Rho"), ruolo=Ruolo.COMPILATORE)
    return Utente.objects.get(pk=chi.pk)
