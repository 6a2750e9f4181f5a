"""The thresholds, each from the day its act came into force. A change of the norm is one more line, never an edit.

Amounts in EUR, shares in percent, surfaces in m², classes and days in number.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from interventi.scelte import LivelloProgettuale
from piani_integrati.regole.tipi import Soglia, SogliaDatata

# DL 152/2021 came into force the day after its publication (Gazzetta Ufficiale n. 265 of 06/11/2021).
IN_VIGORE = date(2021, 11, 7)
DL_152 = _("art. 21 DL 152/2021")


def _dal_decreto(valore: str) -> Soglia:
    return Soglia((SogliaDatata(IN_VIGORE, Decimal(valore), DL_152),))


COSTO_MINIMO = _dal_decreto("50000000.00")
QUOTA_PRIVATA = _dal_decreto("25.00")
CLASSI_ENERGETICHE = _dal_decreto("2")
OBIETTIVI_DANNEGGIATI = _dal_decreto("0")
LIVELLO_PROGETTUALE = _dal_decreto(str(LivelloProgettuale.PRELIMINARE.value))
AREA_TARGET = _dal_decreto("0.00")
SUOLO_CONSUMATO = _dal_decreto("0.00")
IVSM = _dal_decreto("99")
TERMINE = _dal_decreto("120")
ALMENO_UNO = _dal_decreto("1")
