"""What the Cabina di regia finds: its next meeting, the last report, what is known since then. Six queries at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, QuerySet, Value
from django.utils.translation import ngettext

from cruscotto.selectors.coda import CONTO_VALE
from monitoraggio.flusso import StatoAvanzamento, StatoVariazione
from monitoraggio.models import Avanzamento, Segnale, Traguardo, Variazione
from piani_integrati.models import EsitoRegola
from psttm import formati
from rapporti.models import Rapporto
from rapporti.presentazione_riunioni import Riga, riga
from rapporti.selectors import ultimo_pronto
from rapporti.selectors_riunioni import prossime
from registro.memoria import ricorda


@dataclass(frozen=True)
class Novita:
    """Something that was written after the last report knew what it tells."""

    testo: str
    rotta: str


@dataclass(frozen=True)
class Cabina:
    riunione: Riga | None
    rapporto: Rapporto | None
    novita: list[Novita] = field(default_factory=list)


def cabina(*, oggi: date) -> Cabina:
    riunione = prossime(oggi).first()
    rapporto = ultimo_pronto()
    return Cabina(
        riunione=riga(riunione) if riunione is not None else None,
        rapporto=rapporto,
        novita=novita(rapporto.noto_al) if rapporto is not None else [],
    )


def novita(da: datetime) -> list[Novita]:
    """What has changed since an instant, the most telling first: one query over all there is, kept some minutes."""
    chiave = f"cruscotto:novita:{da.isoformat()}"
    conti = ricorda(chiave, CONTO_VALE.total_seconds(), lambda: _contate(da))
    return [Novita(_testo(che, conti[che]), rotta) for che, rotta in ROTTE.items() if conti.get(che)]


def _contate(da: datetime) -> dict[str, int]:
    prima, *altre = _conti(da)
    return dict(prima.union(*altre, all=True))


# Where each kind is read.
ROTTE = {
    "avanzamenti": "monitoraggio",
    "traguardi": "traguardi",
    "variazioni": "variazioni",
    "esiti": "verifica",
    "segnali": "segnali",
}


def _conti(da: datetime) -> Iterator[QuerySet]:
    approvati = Avanzamento.objects.filter(stato=StatoAvanzamento.APPROVATO, approvato_il__gt=da)
    yield _conto("avanzamenti", approvati, "intervento")
    # Not the first version of each: a traguardo that was written since is no change of it.
    versioni = Traguardo.storico.filter(history_date__gt=da, history_type="~")
    yield _conto("traguardi", versioni, "id")
    accolte = Variazione.objects.filter(stato=StatoVariazione.ACCOLTA, decisa_il__gt=da)
    yield _conto("variazioni", accolte, "pk")
    yield _conto("esiti", EsitoRegola.objects.filter(passaggio__isnull=True, dal__gt=da), "piano")
    yield _conto("segnali", Segnale.objects.attivi().filter(dal__gt=da), "pk")


def _conto(che: str, quali: QuerySet, distinti: str) -> QuerySet:
    contati = quali.order_by().annotate(che=Value(che)).values("che")
    return contati.annotate(quanti=Count(distinti, distinct=True)).values_list("che", "quanti")


def _testo(che: str, n: int) -> str:
    testi = {
        "avanzamenti": ngettext(
            "un intervento con mesi approvati da allora", "%(n)s interventi con mesi approvati da allora", n
        ),
        "traguardi": ngettext("un traguardo aggiornato", "%(n)s traguardi aggiornati", n),
        "variazioni": ngettext("una variazione accolta", "%(n)s variazioni accolte", n),
        "esiti": ngettext("un piano con esiti cambiati", "%(n)s piani con esiti cambiati", n),
        "segnali": ngettext("un segnale nuovo", "%(n)s segnali nuovi", n),
    }
    return testi[che] % {"n": formati.numero(n)}
