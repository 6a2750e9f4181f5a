"""Who has not sent a month: by body, for the page that reminds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio.models import Avanzamento
from monitoraggio.scadenze import Mese, in_gioco
from monitoraggio.selectors import destinatari
from monitoraggio.selectors.attesi import da_inviare


@dataclass
class EnteInRitardo:
    """What a body has not sent of a month; `persone` is how many of it can be told."""

    ente: Any
    persone: int
    interventi: list[Intervento] = field(default_factory=list)
    bozze: int = 0

    def gettoni(self, mese: date) -> list[str]:
        return [f"{uno.pk}.{mese:%Y-%m}" for uno in self.interventi]


def mesi(oggi: date) -> list[Mese]:
    """The months that one can ask for, the latest first."""
    return in_gioco(oggi)[::-1]


def mancanti(mese: date, utente: Utente) -> list[EnteInRitardo]:
    """The bodies with something to send, those with most of it first. A constant number of queries."""
    oggi = timezone.localdate()
    persone = destinatari.per_ente(Permesso.COMPILARE_AVANZAMENTI, oggi=oggi)
    visibili = Intervento.objects.visibili_a(utente).values("pk")
    attesi = da_inviare(mese).filter(pk__in=visibili).select_related("soggetto_attuatore")
    interventi = list(attesi.defer("testo_ricerca", "sintesi").order_by("cup", "clp", "pk"))
    con_bozza = set(Avanzamento.objects.filter(mese=mese, stato="bozza").values_list("intervento", flat=True))
    enti: dict[int, EnteInRitardo] = {}
    for intervento in interventi:
        ente = intervento.soggetto_attuatore
        assert ente is not None  # noqa: S101 `attesi` has only those that somebody carries out
        gruppo = enti.setdefault(ente.pk, EnteInRitardo(ente, len(persone.get(ente.pk, ()))))
        gruppo.interventi.append(intervento)
        gruppo.bozze += intervento.pk in con_bozza
    return sorted(enti.values(), key=lambda uno: (-len(uno.interventi), str(uno.ente)))
