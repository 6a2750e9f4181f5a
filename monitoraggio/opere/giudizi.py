"""Traguardi on the day, and what the rules said of the piani at the instant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from monitoraggio.models import Traguardo
from monitoraggio.opere.tipi import DerogaConcessa, Giudizio, Scadenza
from monitoraggio.selectors.traguardi import giudicati
from piani_integrati.esiti import Esito
from piani_integrati.models import Deroga, EsitoRegola
from registro.fra import fra
from registro.storia import noto_al as versioni_al

CAMPI = (
    "id", "codice", "titolo", "tipo", "livello", "misura__codice", "piano_id", "intervento_id", "scadenza_letta",
    "scadenza_iniziale", "previsione", "conseguito_il", "valore_obiettivo", "valore_raggiunto", "unita", "evidenza",
    "stato", "fonte__titolo",
)  # fmt: skip


def scadenze(
    interventi: Collection[int], piani: Collection[int], al: date, noto_al: datetime | None, *, misure: bool
) -> list[Scadenza]:
    """The traguardi of these interventi and piani, and those of the measures if asked: one query."""
    quali = fra("intervento_id", interventi) | fra("piano_id", piani)
    if misure:
        quali |= Q(misura__isnull=False)
    righe = giudicati(versioni_al(Traguardo, noto_al).filter(quali), al=al, noto_al=noto_al).values_list(*CAMPI)
    return [_al_giorno(Scadenza(*_senza_vuoti(riga)), al) for riga in righe]


def _senza_vuoti(riga: tuple[Any, ...]) -> list[Any]:
    """A missing name is an empty text."""
    nomi = {"misura__codice", "fonte__titolo"}
    return ["" if valore is None and campo in nomi else valore for campo, valore in zip(CAMPI, riga, strict=True)]


def _al_giorno(scadenza: Scadenza, al: date) -> Scadenza:
    """What was met after the day is not met yet: what was reached and what proves it are of later too."""
    if scadenza.conseguito_il is None or scadenza.conseguito_il <= al:
        return scadenza
    return replace(scadenza, previsione=scadenza.conseguito_il, conseguito_il=None, valore_raggiunto=None, evidenza="")


def giudizi(piani: Collection[int], prima: datetime, dopo: datetime) -> tuple[list[Giudizio], list[Giudizio]]:
    """The outcomes in force at two instants, the first not after the second: one query."""
    righe = EsitoRegola.objects.filter(piano__in=piani, passaggio__isnull=True, dal__lte=dopo)
    righe = righe.filter(Q(al__isnull=True) | Q(al__gt=prima)).order_by("piano_id", "regola", "dal", "pk")
    allora, ora = [], []
    for riga in righe:
        giudizio = _giudizio(riga)
        if riga.dal <= prima:
            allora.append(giudizio)
        if riga.al is None or riga.al > dopo:
            ora.append(giudizio)
    return allora, ora


def _giudizio(riga: EsitoRegola) -> Giudizio:
    return Giudizio(
        piano_id=riga.piano_id,
        regola=riga.regola,
        esito=Esito(riga.esito),
        misura=riga.misura_esatta,
        soglia=riga.soglia_esatta,
        conformi=riga.conformi,
        non_conformi=riga.non_conformi,
        non_determinabili=riga.non_determinabili,
        non_applicabili=riga.non_applicabili,
        cause=tuple(riga.evidenza),
        dal=riga.dal,
    )


def deroghe(piani: Collection[int], al: date, noto_al: datetime) -> list[DerogaConcessa]:
    """Those granted by an act of the day at the latest, recorded by the instant, not withdrawn by it: one query."""
    righe = Deroga.objects.filter(piano__in=piani, data__lte=al, quando__lte=noto_al).filter(
        Q(ritirata_il__isnull=True) | Q(ritirata_il__gt=noto_al)
    )
    campi = ("piano_id", "regola", "intervento_id", "atto", "data", "motivo")
    return [DerogaConcessa(*riga) for riga in righe.order_by("data", "atto", "pk").values_list(*campi)]
