"""What the monitoring adds to the list of interventi: a filter, and columns for who asks for them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interventi.estensioni import Aggiunta, Colonna
from monitoraggio.selectors.elenco_situazione import PAROLE, con_situazione
from monitoraggio.tempo import Tempo


def per_stato(interventi: QuerySet[Any], _nome: str, stato: str) -> QuerySet[Any]:
    return interventi.filter(pk__in=con_stato(interventi.model._default_manager.all()).filter(stato=stato).values("pk"))


def con_stato(interventi: QuerySet[Any]) -> QuerySet[Any]:
    return con_situazione(interventi, Tempo(oggi=timezone.localdate()))


AGGIUNTA = Aggiunta(
    filtri={
        "monitoraggio": django_filters.ChoiceFilter(
            choices=list(PAROLE.items()), method=per_stato, label=_("Monitoraggio"), empty_label=_("Tutti")
        )
    },
    colonne=(
        Colonna("monitoraggio", str(_("Monitoraggio")), lambda i: str(PAROLE[i.stato]), prevista=False),
        Colonna(
            "avanzamento_fisico",
            str(_("Avanzamento fisico")),
            lambda i: i.s_percentuale,
            "percentuale",
            "situazione__percentuale",
            prevista=False,
        ),
        Colonna(
            "situazione_al",
            str(_("Situazione al")),
            lambda i: i.s_riferita_al,
            "data",
            "situazione__riferita_al",
            prevista=False,
        ),
    ),
    prepara=con_stato,
)
