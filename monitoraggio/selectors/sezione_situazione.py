"""How an intervento, or those of a piano, stand today: for the pages of the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi.models import Intervento
from monitoraggio.selectors import elenco_situazione as elenco
from monitoraggio.selectors.situazione import ZERO
from monitoraggio.tempo import Tempo
from piani_integrati.models import PianoIntegrato


def _legge(utente: AbstractBaseUser | AnonymousUser) -> bool:
    return isinstance(utente, Utente) and consente(Permesso.LEGGERE_MONITORAGGIO, utente.ruoli)


def sezione_intervento(intervento: Intervento, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """One query."""
    if not _legge(utente):
        return None
    tempo = Tempo(oggi=timezone.localdate())
    return {"intervento": intervento, "riga": elenco.riga(intervento, tempo), "tempo": tempo}


@dataclass(frozen=True)
class DelPiano:
    """What the interventi of a piano that a person sees add up to."""

    conti: elenco.Conti
    # Weighted by funding, of those whose percent and funding are known.
    percentuale: Decimal | None


def sezione_piano(piano: PianoIntegrato, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """Two queries, however many interventi; left out where the person sees none of them."""
    if not isinstance(utente, Utente) or not _legge(utente):
        return None
    tempo = Tempo(oggi=timezone.localdate())
    visibili = Intervento.objects.visibili_a(utente).filter(nel_piano__piano=piano)
    righe = elenco.con_situazione(visibili, tempo)
    conti = elenco.conti(righe, tempo)
    if not conti.totale:
        return None
    pesi = righe.filter(s_percentuale__isnull=False, finanziamento_totale__gt=0).order_by()
    return {
        "piano": piano,
        "del_piano": DelPiano(conti, media_pesata(pesi.values_list("s_percentuale", "finanziamento_totale"))),
        "tempo": tempo,
        "elenco": reverse("monitoraggio", query={"piano": piano.codice}),
        "parziale": not utente.vede_tutto,
    }


def media_pesata(coppie: Any) -> Decimal | None:
    """Of percents with their weights in EUR, exact; None without any."""
    somma, pesi = ZERO, ZERO
    for percentuale, peso in coppie:
        somma += percentuale * peso
        pesi += peso
    return somma / pesi if pesi else None
