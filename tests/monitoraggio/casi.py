"""Cases made up in memory, and what the warnings say of them: most of the catalogue needs no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from monitoraggio import mesi
from monitoraggio.allerte import soglie
from monitoraggio.allerte.giudizio import giudica, giudica_piano
from monitoraggio.allerte.tipi import Caso, CasoPiano, Contesto, Trovato
from monitoraggio.models import TermineInvio
from monitoraggio.opere.tipi import Mese, Opera
from monitoraggio.selectors.elenco_situazione import segno_di
from monitoraggio.selectors.situazione import SENZA_DATI, Stato
from tests.rapporti.quadri import AL, GRUPPO, NOTO_AL, in_corso, opera

TERMINI = (TermineInvio(dal=date(2022, 1, 1), giorni=20),)


def contesto(al: date = AL, **altre: str) -> Contesto:
    """The thresholds of that day, some of them otherwise."""
    valori = soglie.al(al) | {nome: Decimal(valore) for nome, valore in altre.items()}
    return Contesto(al, NOTO_AL, valori, TERMINI)


def caso(situazione: Stato | None = None, *, al: date = AL, **campi: Any) -> Caso:
    """An intervento of a piano in progress; `campi` are of the intervento where it has them, else of the case."""
    stato = in_corso(fine_prevista=None) if situazione is None else situazione
    suoi = {nome: campi.pop(nome) for nome in list(campi) if nome in Opera.__dataclass_fields__ and nome != "piano"}
    sua = opera(1, stato, **suoi)
    return Caso(**{"opera": replace(sua, segno=suoi.get("segno", segno_di(stato, al))), "piano": GRUPPO, **campi})


def trovati(di: Caso, codice: str, nel: Contesto | None = None) -> list[Trovato]:
    """What one warning of the catalogue finds."""
    return [trovato for allarme, trovato in giudica(di, nel or contesto()) if allarme.codice == codice]


def uno(di: Caso, codice: str, nel: Contesto | None = None) -> Trovato:
    (trovato,) = trovati(di, codice, nel)
    return trovato


def motivo(di: Caso, codice: str) -> str:
    """The reason of the one warning there is, with plain spaces."""
    return uno(di, codice).motivo.replace("\N{NO-BREAK SPACE}", " ")


def del_piano(codice: str, nel: Contesto | None = None, **campi: Any) -> list[Trovato]:
    """What one warning finds of a piano as a whole."""
    di = CasoPiano(**{"piano": GRUPPO, **campi})
    return [trovato for allarme, trovato in giudica_piano(di, nel or contesto()) if allarme.codice == codice]


def mesi_dichiarati(dal: date, *percenti: str) -> list[Mese]:
    """Months one after the other, each with its percent."""
    fini = [mesi.ultimo(mesi.avanti(dal, posto)) for posto in range(len(percenti))]
    return [Mese(fine, Decimal(detto), Decimal(0), Decimal(0)) for fine, detto in zip(fini, percenti, strict=True)]


def a_ritmo(percenti: tuple[str, ...], fine: date, **campi: Any) -> Caso:
    """Works planned from January 2024 to `fine`, with the percent of each month from then on."""
    detti = mesi_dichiarati(date(2024, 1, 1), *percenti)
    stato = in_corso(percentuale=detti[-1].percentuale, riferita_al=detti[-1].riferito_al, fine_prevista=fine)
    return caso(stato, mesi=detti, base=(date(2024, 1, 1), fine), **campi)


__all__ = [
    "AL",
    "SENZA_DATI",
    "a_ritmo",
    "caso",
    "contesto",
    "del_piano",
    "mesi_dichiarati",
    "motivo",
    "trovati",
    "uno",
]
