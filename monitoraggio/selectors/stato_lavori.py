"""How far the works are, for a list of interventi: the states of `rapporti.capitoli.lavori`, in SQL."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from monitoraggio import fasi
from monitoraggio.models import Avanzamento, FaseAvanzamento
from monitoraggio.selectors.elenco_situazione import REVOCATO
from monitoraggio.tempo import Tempo

# By the value of the filter. Ended works wait for their testing before the intervento is concluded.
LAVORI: dict[str, Any] = {
    "concluso": _("conclusi"),
    "in-collaudo": _("finiti, in collaudo"),
    "in-corso": _("in corso"),
    "da-avviare": _("da avviare"),
    "revocato": _("revocati"),
    "senza-dati": _("senza dati"),
}


def con_lavori(interventi: QuerySet[Any], tempo: Tempo) -> QuerySet[Any]:
    """Adds `lavori`, a key of LAVORI, to interventi read by `con_situazione`."""
    giorno = tempo.giorno
    interventi = interventi.annotate(s_avanzamento=_ultimo("pk", tempo), s_inizio=_ultimo("inizio_lavori", tempo))
    esecuzioni = FaseAvanzamento.objects.filter(avanzamento=OuterRef("s_avanzamento"), fase__in=fasi.ESECUZIONE)
    aperte = esecuzioni.filter(Q(fine_effettiva__isnull=True) | Q(fine_effettiva__gt=giorno))
    return interventi.annotate(
        lavori=Case(
            When(stato=REVOCATO, then=Value("revocato")),
            When(stato="concluso", then=Value("concluso")),
            When(s_avanzamento__isnull=True, then=Value("senza-dati")),
            When(Exists(esecuzioni) & ~Exists(aperte), then=Value("in-collaudo")),
            When(s_inizio__lte=giorno, then=Value("in-corso")),
            default=Value("da-avviare"),
            output_field=CharField(),
        )
    )


def _ultimo(campo: str, tempo: Tempo) -> Any:
    """Of the last avanzamento known: what Situazione says today, what was approved for any other day."""
    if tempo.attuale:
        return F("situazione__avanzamento" if campo == "pk" else f"situazione__{campo}")
    noti = Avanzamento.objects.approvati(tempo.noto_al).filter(intervento=OuterRef("pk"))
    if tempo.al is not None:
        noti = noti.filter(riferito_al__lte=tempo.al)
    return Subquery(noti.order_by("-riferito_al", "-versione").values(campo)[:1])
