"""Where the money of an intervento in the portal does not agree with ReGiS, or with itself. Amounts in EUR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitoraggio.opere.tipi import Opera

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Scarto:
    """An amount of the portal beside that of ReGiS, both on a day; `mesi_al` is the last month that ours adds up."""

    nostro: Decimal
    regis: Decimal
    al: date
    mesi_al: date | None


def fonti(opera: Opera) -> Decimal | None:
    """What the sources that are known give, where it is not the total funding; None where it is, or is not known."""
    noti = [denaro.importo for denaro in opera.denari if denaro.importo is not None]
    somma = sum(noti, ZERO)
    return somma if opera.finanziamento and noti and somma != opera.finanziamento else None


def pagamenti(opera: Opera, al: date) -> Scarto | None:
    """The payments of the months until the day ReGiS was read for them, where ReGiS says otherwise.

    None where ReGiS was read after `al`, or one of the two says nothing.
    """
    if opera.pagamenti_regis is None or opera.pagamenti_al is None or opera.pagamenti_al > al or not opera.mesi:
        return None
    mesi = [mese for mese in opera.mesi if mese.riferito_al <= opera.pagamenti_al]
    nostri = sum((mese.pagato for mese in mesi), ZERO)
    if nostri == opera.pagamenti_regis:
        return None
    return Scarto(nostri, opera.pagamenti_regis, opera.pagamenti_al, mesi[-1].riferito_al if mesi else None)
