"""The earned schedule of one intervento: when its works end, if they go on at the pace held so far."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from monitoraggio.calcolo import guadagnato as calcolo
from monitoraggio.calcolo.curva import Lavoro, guadagnato
from monitoraggio.calcolo.guadagnato import Motivo, Stima
from monitoraggio.calcolo.passi import mesi_completi, serie, somma
from monitoraggio.calcolo.tempo import fini_di_mese
from monitoraggio.opere.tipi import Opera

# The pace of a single intervento does not depend on its cost: a million units, so that the percents stay exact.
VALORE = Decimal("10000.00")


def stima(opera: Opera, al: date) -> Stima | None:
    """The forecast by the months approved until a day; None where there is nothing to reckon it from.

    It speaks of the last month declared: the months after it are not taken for months without progress.
    """
    if opera.base is None or not opera.mesi:
        return None
    detti = tuple((mese.riferito_al, mese.percentuale) for mese in opera.mesi)
    lavoro = Lavoro(VALORE, *opera.base, detti)
    fino = detti[-1][0]
    mesi = list(fini_di_mese(lavoro.inizio, lavoro.fine))
    passi = somma([lavoro])
    piano = calcolo.piano(lavoro.inizio, lavoro.fine, mesi, serie(passi, mesi)[0])
    completi = [(mese, guadagnato(lavoro, mese)) for mese in mesi_completi(passi, fino)]
    trovata = calcolo.stima(piano, fino, guadagnato(lavoro, fino), completi, non_prima=al)
    return trovata if trovata.spi is not None and trovata.motivo in {None, Motivo.TROPPO_LONTANA} else None
