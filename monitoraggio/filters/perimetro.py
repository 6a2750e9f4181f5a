"""The filters that the Cruscotto shares with the lists that its figures open."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Comune, ZonaOmogenea
from monitoraggio.filters.condivisi import ConTempo
from monitoraggio.selectors import programma
from piani_integrati.models import PianoIntegrato
from psttm.models import Driver, Strategia

SI = [("si", _("solo quelli del programma"))]


def _uno_di(queryset: QuerySet[Any], chiave: str, nome: Any, nessuno: Any, tutti: Any) -> Any:
    return django_filters.ModelChoiceFilter(
        queryset=queryset,
        to_field_name=chiave,
        method="per_cosa",
        label=nome,
        empty_label=tutti,
        null_label=nessuno,
        null_value=programma.NESSUNO,
    )


def chiave_di(cosa: Any) -> Any:
    """What `programma.di` calls a piano, a place, a Driver, a STTM, or none of them."""
    if isinstance(cosa, PianoIntegrato):
        return cosa.codice
    if isinstance(cosa, Comune):
        return cosa.codice_istat
    return cosa if cosa == programma.NESSUNO else cosa.numero


class ConPerimetro(ConTempo):
    """Interventi by what they belong to, at the day and instant that the page is read at (`programma`)."""

    programma = django_filters.ChoiceFilter(
        choices=SI, method="per_programma", label=_("Piani e monitoraggio"), empty_label=_("Tutti gli interventi")
    )
    zona = _uno_di(ZonaOmogenea.objects.all(), "numero", _("Zona omogenea"), _("Fuori da ogni zona"), _("Tutte"))
    comune = _uno_di(Comune.objects.metropolitani(), "codice_istat", _("Comune"), _("Senza Comune"), _("Tutti"))
    driver = _uno_di(Driver.objects.all(), "numero", _("Driver"), _("Di nessun Driver"), _("Tutti"))
    strategia = _uno_di(Strategia.objects.all(), "numero", _("STTM"), _("Di nessuna STTM"), _("Tutte"))

    def tenuti(self, queryset: QuerySet[Any], condizione: Q) -> QuerySet[Any]:
        """The rows whose intervento meets a condition of `monitoraggio.selectors.programma`."""
        return queryset.filter(condizione)

    def per_programma(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return self.tenuti(queryset, programma.nel_programma(self.tempo.noto_al))

    def per_cosa(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return self.tenuti(queryset, programma.di(name, chiave_di(value), self.tempo.noto_al))
