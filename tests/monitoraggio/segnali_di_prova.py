"""Warnings as the judging would have left them, for the tests of what is done with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from interventi.models import Intervento
from monitoraggio.models import Segnale
from monitoraggio.scelte import ChiAgisce


def segnale(intervento: Intervento | None, *, dal: datetime | None = None, **campi: Any) -> Segnale:
    """One that stands; by default the works are still, and the Comune must act."""
    dati: dict[str, Any] = {
        "codice": "lavori_fermi",
        "peso": 50,
        "motivo": "I lavori sono fermi al 38 % da 5 mesi.",
        "evidenza": [["Avanzamento fisico", "38,00 %"]],
        "tocca": ChiAgisce.COMUNE,
    }
    if dal is not None:
        dati["dal"] = dal
    return Segnale.objects.create(intervento=intervento, **(dati | campi))
