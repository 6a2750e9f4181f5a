"""Writes on the strategic plan: lock, check, change, record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max

from enti.models import Utente
from psttm.models import Destinatario, Missione, Obiettivo
from registro.models import Fonte
from registro.services import annota


class ObiettivoDellaFonte(Exception):
    """The objective is in the official text: it is not changed here."""


def _istantanea(obiettivo: Obiettivo) -> dict[str, Any]:
    return {
        "missione": obiettivo.missione.codice,
        "numero": obiettivo.numero,
        "testo": obiettivo.testo,
        "destinatari": [str(destinatario.label) for destinatario in obiettivo.destinatari],
        "fonte": obiettivo.fonte.codice,
        "luogo": obiettivo.luogo,
    }


def _scrivi(obiettivo: Obiettivo, testo: str, destinatari: Collection[str], fonte: Fonte, luogo: str) -> None:
    obiettivo.testo = testo
    obiettivo.fonte = fonte
    obiettivo.luogo = luogo
    for destinatario in Destinatario:
        setattr(obiettivo, f"per_{destinatario.value}", destinatario.value in destinatari)
    obiettivo.save()


def _numero_libero(missione: Missione) -> int:
    """Next number in a Missione; the lock on the Missione keeps two people from taking the same."""
    Missione.objects.select_for_update().get(pk=missione.pk)
    return (missione.obiettivi.aggregate(ultimo=Max("numero"))["ultimo"] or 0) + 1


@transaction.atomic
def aggiungi_obiettivo(
    *, missione: Missione, testo: str, destinatari: Collection[str], fonte: Fonte, luogo: str, autore: Utente | None
) -> Obiettivo:
    """Add an objective that the source at hand does not list; it takes the next number of its Missione."""
    obiettivo = Obiettivo(missione=missione, numero=_numero_libero(missione), aggiunto_dal_personale=True)
    _scrivi(obiettivo, testo, destinatari, fonte, luogo)
    annota(obiettivo, "aggiunto", autore=autore, dopo=_istantanea(obiettivo))
    return obiettivo


@transaction.atomic
def correggi_obiettivo(
    *,
    obiettivo_id: int,
    missione: Missione,
    testo: str,
    destinatari: Collection[str],
    fonte: Fonte,
    luogo: str,
    autore: Utente,
) -> Obiettivo:
    """Correct an objective added by the staff. Raises ObiettivoDellaFonte for those of the official text."""
    obiettivo = _del_personale(obiettivo_id)
    prima = _istantanea(obiettivo)
    if obiettivo.missione_id != missione.pk:
        obiettivo.numero = _numero_libero(missione)
        obiettivo.missione = missione
    _scrivi(obiettivo, testo, destinatari, fonte, luogo)
    annota(obiettivo, "corretto", autore=autore, prima=prima, dopo=_istantanea(obiettivo))
    return obiettivo


@transaction.atomic
def togli_obiettivo(*, obiettivo_id: int, autore: Utente) -> None:
    """Take away an objective added by the staff; what it said stays in the registro."""
    obiettivo = _del_personale(obiettivo_id)
    annota(obiettivo, "tolto", autore=autore, prima=_istantanea(obiettivo))
    obiettivo.delete()


def _del_personale(obiettivo_id: int) -> Obiettivo:
    obiettivo = (
        Obiettivo.objects.select_for_update(of=("self",)).select_related("missione", "fonte").get(pk=obiettivo_id)
    )
    if not obiettivo.aggiunto_dal_personale:
        raise ObiettivoDellaFonte(str(obiettivo))
    return obiettivo
