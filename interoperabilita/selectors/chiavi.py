"""The keys as their pages show them: how each stands, when it was last used, how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from interoperabilita.models import AccessoApi, Ambito, ChiaveApi
from psttm import formati

# A key that ends within so many days asks to be replaced.
IN_SCADENZA = timedelta(days=30)
GIORNI_CONTATI = 14
ULTIMI_ACCESSI = 10


class Stato(Enum):
    """How a key stands: the mark it is shown with, and the word, for a «chiave» and for a «token»."""

    VALIDA = ("conforme", pigro("valida"), pigro("valido"))
    IN_SOSTITUZIONE = ("in_corso", pigro("in sostituzione"), pigro("in sostituzione"))
    IN_SCADENZA = ("a_rischio", pigro("in scadenza"), pigro("in scadenza"))
    SCADUTA = ("in_ritardo", pigro("scaduta"), pigro("scaduto"))
    REVOCATA = ("annullato", pigro("revocata"), pigro("revocato"))

    @property
    def segno(self) -> str:
        return self.value[0]


# What is still good comes first.
BUONI = frozenset({Stato.VALIDA, Stato.IN_SOSTITUZIONE, Stato.IN_SCADENZA})


@dataclass(frozen=True)
class Riga:
    """A key with how it stands now, and in words what comes of it."""

    chiave: ChiaveApi
    stato: Stato
    ultimo_uso: datetime | None

    @property
    def ambiti(self) -> list[str]:
        return [str(Ambito(ambito).label) for ambito in self.chiave.ambiti]

    @property
    def parola(self) -> str:
        return str(self.stato.value[2 if self.chiave.personale else 1])

    @property
    def buona(self) -> bool:
        return self.stato in BUONI

    @property
    def fine(self) -> str:
        """Until when, in words."""
        match self.stato:
            case Stato.REVOCATA:
                return _("dal %(quando)s") % {"quando": formati.data_ora(self.chiave.revocata_il)}
            case Stato.SCADUTA:
                return _("dal %(quando)s") % {"quando": formati.data_ora(self.chiave.scade_il)}
        return _("fino al %(quando)s") % {"quando": formati.data_ora(self.chiave.scade_il)}


def stato(chiave: ChiaveApi, adesso: datetime, *, sostituita: bool) -> Stato:
    """How a key stands at an instant; `sostituita` says whether another has taken its place."""
    if chiave.revocata_il is not None:
        return Stato.REVOCATA
    if not chiave.valida(adesso):
        return Stato.SCADUTA
    if sostituita:
        return Stato.IN_SOSTITUZIONE
    return Stato.IN_SCADENZA if chiave.scade_il - adesso <= IN_SCADENZA else Stato.VALIDA


def chiavi(adesso: datetime) -> QuerySet[ChiaveApi]:
    """All the keys, those still good first, with `ultimo_uso` and `nuova` (the one in its place)."""
    usi = AccessoApi.objects.filter(chiave=OuterRef("pk")).order_by("-quando").values("quando")[:1]
    return (
        ChiaveApi.objects.select_related("ente", "utente", "creata_da", "revocata_da", "sostituisce")
        .annotate(
            ultimo_uso=Subquery(usi), nuova=F("sostituita_da"), buona=Q(revocata_il__isnull=True, scade_il__gt=adesso)
        )
        .order_by("-buona", "ente__denominazione", "-creata_il", "-pk")
    )


@dataclass(frozen=True)
class Conti:
    """How many keys there are, how many are good, and how many of these end soon with nothing in their place."""

    totale: int
    buone: int
    in_scadenza: int


def conti(adesso: datetime) -> Conti:
    buona = Q(revocata_il__isnull=True, scade_il__gt=adesso)
    return Conti(
        **ChiaveApi.objects.aggregate(
            totale=Count("pk"),
            buone=Count("pk", filter=buona),
            in_scadenza=Count("pk", filter=buona & Q(scade_il__lte=adesso + IN_SCADENZA, sostituita_da__isnull=True)),
        )
    )


def in_scadenza(adesso: datetime) -> list[ChiaveApi]:
    """The good keys that end soon with nothing in their place, the next to end first: one query."""
    vicine = ChiaveApi.objects.filter(revocata_il__isnull=True, scade_il__gt=adesso, scade_il__lte=adesso + IN_SCADENZA)
    return list(vicine.filter(sostituita_da__isnull=True).select_related("ente").order_by("scade_il", "pk"))


def righe(trovate: Iterable[Any], adesso: datetime) -> list[Riga]:
    """Keys of `chiavi`, each with how it stands."""
    return [
        Riga(chiave, stato(chiave, adesso, sostituita=chiave.nuova is not None), chiave.ultimo_uso)
        for chiave in trovate
    ]


def personali(utente: Utente, adesso: datetime) -> list[Riga]:
    return righe(chiavi(adesso).filter(utente=utente, personale=True), adesso)


@dataclass(frozen=True)
class Giorno:
    """How many requests came on a day, and how many of them were refused or failed."""

    giorno: date
    riuscite: int = 0
    rifiutate: int = 0
    guasti: int = 0

    @property
    def totale(self) -> int:
        return self.riuscite + self.rifiutate + self.guasti


def per_giorno(chiave: ChiaveApi, adesso: datetime) -> list[Giorno]:
    """The last days, today first, those without requests too. One query."""
    oggi = timezone.localdate(adesso)
    primo = oggi - timedelta(days=GIORNI_CONTATI - 1)
    contati = {
        riga["giorno"]: Giorno(riga["giorno"], riga["riuscite"], riga["rifiutate"], riga["guasti"])
        for riga in AccessoApi.objects.filter(chiave=chiave, quando__gte=adesso - timedelta(days=GIORNI_CONTATI))
        .order_by()
        .annotate(giorno=TruncDate("quando"))
        .values("giorno")
        .annotate(
            riuscite=Count("pk", filter=Q(esito__lt=400)),
            rifiutate=Count("pk", filter=Q(esito__gte=400, esito__lt=500)),
            guasti=Count("pk", filter=Q(esito__gte=500)),
        )
    }
    giorni = [oggi - timedelta(days=indietro) for indietro in range((oggi - primo).days + 1)]
    return [contati.get(giorno, Giorno(giorno)) for giorno in giorni]


def ultimi_accessi(chiave: ChiaveApi) -> list[AccessoApi]:
    return list(AccessoApi.objects.filter(chiave=chiave)[:ULTIMI_ACCESSI])
