"""Filters of the list of the situation."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interventi import selectors
from interventi.models import Intervento
from monitoraggio import mesi
from monitoraggio.filters.condivisi import per_ente, per_piano
from monitoraggio.filters.perimetro import ConPerimetro
from monitoraggio.selectors import stato_lavori
from monitoraggio.selectors.elenco_situazione import PAROLE
from psttm import formati

MESI_INDIETRO = 24
MAI = "mai"
CRITICITA = [("aperte", _("con criticità aperte")), ("gravi", _("con criticità gravi")), ("nessuna", _("senza"))]


def ultimi_mesi() -> list[tuple[str, str]]:
    """The months that one asks of, the latest first: 2024-12, "dicembre 2024"."""
    questo = mesi.primo(timezone.localdate())
    scelti = [mesi.avanti(questo, -indietro) for indietro in range(MESI_INDIETRO)]
    return [(f"{mese:%Y-%m}", formati.mese(mese)) for mese in scelti]


def mese_scritto(valore: str) -> date:
    """The first day of a month among `ultimi_mesi`."""
    anno, _trattino, mese = valore.partition("-")
    return date(int(anno), int(mese), 1)


def mesi_e_mai() -> list[tuple[str, Any]]:
    return [*ultimi_mesi(), (MAI, _("nessun mese"))]


class SituazioneFilter(ConPerimetro):
    """Interventi by words, what they belong to, body, mark, works, last month declared and criticality.

    They are read by `con_situazione`.
    """

    q = django_filters.CharFilter(method="per_testo", label=_("Parole, CUP o CIG"))
    stato = django_filters.ChoiceFilter(choices=list(PAROLE.items()), label=_("Stato"), empty_label=_("Tutti"))
    piano = per_piano("nel_piano__piano", method="per_piano", null_label=_("In nessun piano"))
    ente = per_ente("soggetto_attuatore")
    mese = django_filters.ChoiceFilter(
        choices=mesi_e_mai, method="per_mese", label=_("Ultimo mese approvato"), empty_label=_("Tutti")
    )
    criticita = django_filters.ChoiceFilter(
        choices=CRITICITA, method="per_criticita", label=_("Criticità"), empty_label=_("Tutte")
    )
    lavori = django_filters.ChoiceFilter(
        choices=list(stato_lavori.LAVORI.items()), method="per_lavori", label=_("Lavori"), empty_label=_("Tutti")
    )

    class Meta:
        model = Intervento
        fields: list[str] = []

    def per_piano(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return self.per_cosa(queryset, "piano", value)

    def per_lavori(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return stato_lavori.con_lavori(queryset, self.tempo).filter(lavori=value)

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return selectors.per_testo(queryset, value)

    def per_mese(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == MAI:
            return queryset.filter(s_riferita_al__isnull=True)
        return queryset.filter(s_riferita_al=mesi.ultimo(mese_scritto(value)))

    def per_criticita(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "gravi":
            return queryset.filter(s_criticita_gravi__gt=0)
        if value == "aperte":
            return queryset.filter(s_criticita_aperte__gt=0)
        return queryset.filter(s_criticita_aperte=0)
