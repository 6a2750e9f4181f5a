"""Which interventi a list of the programme, of a piano, of a place, of a Driver or of a STTM holds: conditions in SQL.

The same interventi that the reports (`rapporti.lettura.perimetro`) and the Cruscotto count: as the register is now, or
as it was known at an instant (`noto_al`). Each condition is said of a row of Intervento.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from interventi.models import LegameDriver, LegameStrategia, Localizzazione
from monitoraggio.models import Avanzamento
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro import storia

# What stands for "none" in an address: in no piano, of no Driver.
NESSUNO = "null"


def nel_programma(noto_al: datetime | None) -> Q:
    """In a piano or programme, or ever monitored: a register may hold many more, which only ReGiS tells of.

    What was invented for a demonstration is in it while it is in a piano.
    """
    monitorati = Avanzamento.objects.approvati(noto_al).filter(intervento=OuterRef("pk")).order_by()
    return Q(Exists(_suoi(InterventoNelPiano, noto_al))) | Q(Exists(monitorati), dimostrativo=False)


def piani(noto_al: datetime | None) -> QuerySet[Any]:
    """The keys of the piani that have interventi: asked of each piano, which are few."""
    suoi = storia.noto_al(InterventoNelPiano, noto_al).filter(piano_id=OuterRef("pk")).order_by()
    return PianoIntegrato.objects.filter(Exists(suoi)).order_by().values("pk")


def di(che: str, valore: Any, noto_al: datetime | None) -> Q:
    """Of the piano with this code, of the Comune with this ISTAT code, of the zona, Driver or STTM with this number.

    NESSUNO is of none of them. Of a STTM is what is tied to it, or to a Driver that it develops.
    """
    if che == "strategia":
        diretti = _legati(LegameStrategia, noto_al, "strategia__numero", valore)
        per_driver = _legati(LegameDriver, noto_al, "driver__legami_strategie__strategia__numero", valore)
        return diretti & per_driver if valore == NESSUNO else diretti | per_driver
    modello, campo = LEGAMI[che]
    return _legati(modello, noto_al, campo, valore)


LEGAMI: dict[str, tuple[type[Model], str]] = {
    "piano": (InterventoNelPiano, "piano__codice"),
    "driver": (LegameDriver, "driver__numero"),
    "zona": (Localizzazione, "comune__zona__numero"),
    "comune": (Localizzazione, "comune__codice_istat"),
}


def _suoi(modello: type[Model], noto_al: datetime | None) -> QuerySet[Any]:
    """The rows of an intervento, or the versions of them that were known."""
    return storia.noto_al(modello, noto_al).filter(intervento_id=OuterRef("pk")).order_by()


def _legati(modello: type[Model], noto_al: datetime | None, campo: str, valore: Any) -> Q:
    """Tied to this one; with NESSUNO, to none."""
    if valore == NESSUNO:
        return ~Q(Exists(_suoi(modello, noto_al).filter(**{f"{campo}__isnull": False})))
    return Q(Exists(_suoi(modello, noto_al).filter(**{campo: valore})))
