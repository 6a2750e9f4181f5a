"""What goes wrong on purpose in the demonstration, so that every early warning is seen, whatever day it is.

The rest of them come of the stories by themselves: late ends, grave problems, months never sent, ReGiS that is behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from interventi.models import Intervento, Procedura
from interventi.scelte import StatoCup
from registro.storia import salva

# Its works have stopped, most of the advance is spent, its planned end is near, and it says nothing any more.
BLOCCATO = "DEMO-SPUGNA-067"
FERMO_AL, ANTICIPATO = Decimal(12), Decimal("0.7")
MANCA_ALLA_FINE = timedelta(days=15)
# Awarded in 2024, and its works have not begun yet.
MAI_APERTO = "DEMO-SPUGNA-017"
DA_APRIRE_IL, APRE_FRA = date(2025, 9, 1), timedelta(days=45)
# It ends in a few days, without the check-list DNSH ex post.
QUASI_FINITO = "DEMO-PINQUA-012"
FINISCE_FRA = timedelta(days=5)
# A tender published long ago, and a CUP that was closed too early.
GARA_FERMA, CUP_CHIUSO = "DEMO-CAMBIO-005", "DEMO-BANDO-PERIFERIE-043"
PUBBLICATA_DA = timedelta(days=170)


def crea(interventi: Mapping[str, Intervento], oggi: date) -> int:
    """The tender and the state of the CUP, which are of the register; how many of them."""
    fatti = 0
    if GARA_FERMA in interventi:
        pubblicata = oggi - PUBBLICATA_DA
        gara = Procedura(
            intervento=interventi[GARA_FERMA],
            cig=_cig(),
            codice_pda="DEMO-PDA-COMPLEMENTARE",
            oggetto="Segnaletica, illuminazione e arredo della linea ciclabile",
            pubblicata=pubblicata,
            importo=Decimal("418000.00"),
        )
        salva(gara, autore=None)
        fatti += 1
    if CUP_CHIUSO in interventi:
        intervento = interventi[CUP_CHIUSO]
        intervento.stato_cup = StatoCup.CHIUSO
        salva(intervento, autore=None, campi=["stato_cup"])
        fatti += 1
    return fatti


def _cig() -> str:
    """A smart CIG that begins with Z, as all those of the demonstration."""
    numero = 0xDE305
    return f"Z{numero * 211 % 251:02X}{numero:07X}"
