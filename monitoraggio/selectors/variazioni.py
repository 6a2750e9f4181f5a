"""What the pages read of the variazioni."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import fasi
from monitoraggio.flusso import CHI_VARIAZIONE, VARIAZIONE, StatoVariazione, Transizione
from monitoraggio.models import Variazione
from monitoraggio.poteri import puo
from monitoraggio.scelte import TipoVariazione
from psttm import formati

# On the page of an intervento; the others are in the list.
IN_SEZIONE = 10


def elenco(utente: Utente, istante: datetime | None = None) -> QuerySet[Any]:
    """Those a person may see: first those to be decided, from the oldest; then the others, from the latest.

    By an `istante`: those asked for by then. The state that each was in is `stato_allora`; its other fields are as
    they are now (see `come_era`).
    """
    da_decidere = Case(
        When(stato_allora=StatoVariazione.RICHIESTA, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    attesa = Case(When(stato_allora=StatoVariazione.RICHIESTA, then=F("richiesta_il")))
    visibili = Variazione.objects.visibili_a(utente)
    allora: Any = F("stato")
    if istante is not None:
        visibili = visibili.filter(richiesta_il__lte=istante)
        decisa_dopo = When(decisa_il__gt=istante, then=Value(StatoVariazione.RICHIESTA.value))
        allora = Case(decisa_dopo, default=F("stato"), output_field=CharField())
    return (
        visibili.annotate(stato_allora=allora)
        .select_related(
            "intervento__soggetto_attuatore",
            "traguardo",
            "attuatore_prima",
            "attuatore_dopo",
            "richiesta_da",
            "decisa_da",
            "documento",
        )
        .defer("intervento__testo_ricerca", "intervento__sintesi")
        .order_by(da_decidere, attesa, "-decisa_il", "-pk")
    )


def come_era(variazione: Variazione, istante: datetime | None) -> Variazione:
    """One of `elenco` as it was at an instant, only to be read: what was decided later was still to be decided."""
    if istante is not None and variazione.decisa_il is not None and variazione.decisa_il > istante:
        variazione.stato, variazione.motivo_decisione = StatoVariazione.RICHIESTA, ""
        variazione.decisa_da, variazione.decisa_il = None, None
    return variazione


@dataclass(frozen=True)
class Conti:
    totale: int
    da_decidere: int
    accolte: int


def conti(variazioni: QuerySet[Any]) -> Conti:
    return Conti(
        **variazioni.order_by().aggregate(
            totale=Count("pk"),
            da_decidere=Count("pk", filter=Q(stato_allora=StatoVariazione.RICHIESTA)),
            accolte=Count("pk", filter=Q(stato_allora=StatoVariazione.ACCOLTA)),
        )
    )


def effetto(variazione: Variazione) -> str:
    """What it changes, from what to what, in words."""
    return _PAROLE[variazione.tipo](variazione)


def oggetto_proroga(variazione: Variazione) -> str:
    if variazione.traguardo is not None:
        return f"«{variazione.traguardo.titolo}»"
    return f"«{fasi.nome(variazione.fase)}»"


def _proroga(variazione: Variazione) -> str:
    return _("%(oggetto)s dal %(prima)s al %(dopo)s") % {
        "oggetto": oggetto_proroga(variazione),
        "prima": formati.data_breve(variazione.data_prima),
        "dopo": formati.data_breve(variazione.data_dopo),
    }


def _variante(variazione: Variazione) -> str:
    return _("Quadro economico da %(prima)s a %(dopo)s") % {
        "prima": formati.euro(variazione.importo_prima),
        "dopo": formati.euro(variazione.importo_dopo),
    }


def _economia(variazione: Variazione) -> str:
    return _("Economia di %(importo)s") % {"importo": formati.euro(variazione.importo_dopo)}


def _revoca(variazione: Variazione) -> str:
    return _("Revoca dal %(giorno)s") % {"giorno": formati.data_breve(variazione.data_dopo)}


def _attuatore(variazione: Variazione) -> str:
    return _("Da %(prima)s a %(dopo)s") % {
        "prima": variazione.attuatore_prima or _("nessun soggetto attuatore"),
        "dopo": variazione.attuatore_dopo,
    }


_PAROLE: dict[str, Callable[[Variazione], str]] = {
    TipoVariazione.PROROGA: _proroga,
    TipoVariazione.VARIANTE: _variante,
    TipoVariazione.ECONOMIA: _economia,
    TipoVariazione.REVOCA: _revoca,
    TipoVariazione.ATTUATORE: _attuatore,
}


@dataclass(frozen=True)
class Riga:
    variazione: Variazione
    effetto: str


def righe(variazioni: Any, istante: datetime | None = None) -> list[Riga]:
    """Rows of `elenco`, as they were at its instant."""
    return [Riga(come_era(variazione, istante), effetto(variazione)) for variazione in variazioni]


def passaggi_possibili(variazione: Variazione, utente: Utente) -> dict[str, Transizione]:
    """What this person may do to it now."""
    return {
        nome: transizione
        for nome, transizione in VARIAZIONE.items()
        if variazione.stato in transizione.da
        and puo(utente, CHI_VARIAZIONE[nome], variazione.intervento)
        and not (transizione.da_altri and variazione.richiesta_da_id == utente.pk)
    }


def sezione_intervento(intervento: Intervento, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The variazioni of an intervento, for who may see them; left out where there is nothing to see or to ask."""
    if not isinstance(utente, Utente):
        return None
    puo_chiedere = puo(utente, Permesso.CHIEDERE_VARIAZIONI, intervento)
    trovate = righe(elenco(utente).filter(intervento=intervento)[: IN_SEZIONE + 1])
    if not trovate and not puo_chiedere:
        return None
    return {
        "intervento": intervento,
        "righe": trovate[:IN_SEZIONE],
        "altre": len(trovate) > IN_SEZIONE,
        "puo_chiedere": puo_chiedere,
    }
