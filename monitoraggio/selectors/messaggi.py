"""The threads of messages as pages read them. Every function costs a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Appartenenza, Utente
from enti.permessi import CHI_PUO, Permesso
from enti.ruoli import VEDE_TUTTO
from interventi.models import Intervento
from monitoraggio.models import Messaggio
from monitoraggio.poteri import puo
from registro.models import Evento

# How many open threads stand on the page of something else.
NEL_RIQUADRO = 3
# What the registro says of a thread when it is closed and opened again.
CHIUSA, RIAPERTA = "conversazione chiusa", "conversazione riaperta"


@dataclass(frozen=True)
class Voce:
    """A message and who wrote it: in which role, for which body, on the day it was written."""

    messaggio: Messaggio
    ruolo: str
    ente: str


@dataclass(frozen=True)
class Filo:
    """A thread: its first message and the answers, oldest first."""

    voci: list[Voce]

    @property
    def primo(self) -> Messaggio:
        return self.voci[0].messaggio

    @property
    def ultimo(self) -> Messaggio:
        return self.voci[-1].messaggio

    @property
    def risposte(self) -> int:
        return len(self.voci) - 1

    @property
    def aperto(self) -> bool:
        return self.primo.chiuso_il is None


def monitorati(utente: Utente | AnonymousUser) -> QuerySet[Intervento]:
    """The interventi whose monitoring the person reads: all for the staff, those it carries out for a body."""
    if isinstance(utente, AnonymousUser):
        return Intervento.objects.none()
    if utente.vede_tutto:
        return Intervento.objects.all()
    return Intervento.objects.filter(soggetto_attuatore__in=utente.enti)


def fili(intervento: Intervento, istante: datetime | None = None) -> tuple[list[Filo], list[Filo]]:
    """The open threads and the closed ones, those that moved last first. Two queries, however many they are.

    At an `istante`: what was written by then, open or closed as it was then; one query more.
    """
    appartenenze = Prefetch("autore__appartenenze", queryset=Appartenenza.objects.select_related("ente"))
    righe = (
        Messaggio.objects.filter(intervento=intervento)
        .select_related("autore", "chiuso_da", "avanzamento")
        .defer("avanzamento__bozza")
        .prefetch_related(appartenenze)
    )
    if istante is not None:
        righe = righe.filter(quando__lte=istante)
        _come_erano(list(righe), istante)
    per_filo: dict[int, list[Voce]] = {}
    for messaggio in righe:
        per_filo.setdefault(messaggio.risponde_a_id or messaggio.pk, []).append(_voce(messaggio, intervento))
    tutti = [Filo(sorted(voci, key=lambda voce: voce.messaggio.risponde_a_id or 0)) for voci in per_filo.values()]
    tutti.sort(key=lambda filo: (filo.ultimo.quando, filo.ultimo.pk), reverse=True)
    return [filo for filo in tutti if filo.aperto], [filo for filo in tutti if not filo.aperto]


def _come_erano(messaggi: Sequence[Messaggio], istante: datetime) -> None:
    """Close and open the threads as they were, only to be read: an answer of later opened again what was closed."""
    mossi = {uno.pk: uno for uno in messaggi if uno.chiuso_il is None or uno.chiuso_il > istante}
    for uno in mossi.values():
        uno.chiuso_il, uno.chiuso_da = None, None
    eventi = Evento.objects.filter(
        tipo_oggetto=Messaggio._meta.label_lower,
        id_oggetto__in=[str(pk) for pk in mossi],
        verbo__in=[CHIUSA, RIAPERTA],
        quando__lte=istante,
    )
    for evento in eventi.select_related("autore").order_by("quando", "pk"):
        uno = mossi[int(evento.id_oggetto)]
        chiusa = evento.verbo == CHIUSA
        uno.chiuso_il, uno.chiuso_da = (evento.quando, evento.autore) if chiusa else (None, None)


def _voce(messaggio: Messaggio, intervento: Intervento) -> Voce:
    giorno = timezone.localdate(messaggio.quando)
    sue = [
        appartenenza
        for appartenenza in messaggio.autore.appartenenze.all()
        if appartenenza.dal <= giorno
        and (appartenenza.al is None or appartenenza.al >= giorno)
        and appartenenza.ruolo in CHI_PUO[Permesso.SCRIVERE_MESSAGGI]
        and (appartenenza.ruolo not in VEDE_TUTTO) is messaggio.dal_comune
    ]
    # Of several memberships on the same side, the one of the body that carries it out.
    sue.sort(key=lambda appartenenza: appartenenza.ente_id != intervento.soggetto_attuatore_id)
    if sue:
        return Voce(messaggio, sue[0].get_ruolo_display(), str(sue[0].ente))
    return Voce(messaggio, "", _("Soggetto attuatore") if messaggio.dal_comune else _("Città metropolitana"))


def aperti(utente: Utente | AnonymousUser) -> QuerySet[Any]:
    """The first messages of the open threads, with how many answers, and the last message: when and whose."""
    risposte = Messaggio.objects.filter(risponde_a=OuterRef("pk")).order_by("-quando", "-pk")
    return (
        Messaggio.objects.visibili_a(utente)
        .filter(risponde_a__isnull=True, chiuso_il__isnull=True)
        .annotate(
            quante=Count("risposte"),
            ultimo_dal_comune=Coalesce(Subquery(risposte.values("dal_comune")[:1]), "dal_comune"),
            ultimo_testo=Coalesce(Subquery(risposte.values("testo")[:1]), "testo"),
            ultimo_quando=Coalesce(Subquery(risposte.values("quando")[:1]), "quando"),
        )
        .select_related("intervento__soggetto_attuatore", "autore")
    )


def senza_risposta(utente: Utente, *, dal_comune: bool) -> QuerySet[Any]:
    """Open threads whose last word is of the Comune (or of the staff): the other side should answer. Oldest first."""
    return aperti(utente).filter(ultimo_dal_comune=dal_comune).order_by("ultimo_quando", "pk")


def riquadro(intervento: Intervento, utente: Utente) -> dict[str, Any]:
    """What `monitoraggio/messaggi/riquadro.html` shows on the page of an avanzamento: the open threads in short."""
    trovati = list(aperti(utente).filter(intervento=intervento).order_by("-ultimo_quando", "-pk"))
    return {
        "intervento": intervento,
        "fili": trovati[:NEL_RIQUADRO],
        "altri": max(len(trovati) - NEL_RIQUADRO, 0),
        "quanti": len(trovati),
        "puo_scrivere": puo(utente, Permesso.SCRIVERE_MESSAGGI, intervento),
    }
