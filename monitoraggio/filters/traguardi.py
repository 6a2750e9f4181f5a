"""Filters of the list of traguardi."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from interventi.models import Intervento
from interventi.selectors import codice_cercato
from monitoraggio.filters.condivisi import ConTempo, per_piano
from monitoraggio.filters.perimetro import ConPerimetro, chiave_di
from monitoraggio.models import Traguardo
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.scelte import LivelloTraguardo, TipoTraguardo
from monitoraggio.selectors import programma
from monitoraggio.selectors.traguardi import misure_con_traguardi
from monitoraggio.tempo import GIORNI
from piani_integrati.models import PianoIntegrato

DI_CHI = [("misura", _("delle misure")), ("piano", _("dei piani")), ("intervento", _("degli interventi"))]


class TraguardoFilter(ConTempo):
    """Traguardi by state, by whose they are, kind, level, words and day they are due by."""

    q = django_filters.CharFilter(method="per_testo", label=_("Codice o parole del titolo"))
    stato = django_filters.ChoiceFilter(choices=StatoTraguardo.choices, label=_("Stato"), empty_label=_("Tutti"))
    piano = django_filters.ModelChoiceFilter(
        method="per_piano",
        queryset=PianoIntegrato.objects.all(),
        to_field_name="codice",
        label=_("Piano e suoi interventi"),
        empty_label=_("Tutti"),
    )
    misura = django_filters.ModelChoiceFilter(
        queryset=lambda _richiesta: misure_con_traguardi(),
        to_field_name="codice",
        label=_("Misura"),
        empty_label=_("Tutte"),
    )
    di = django_filters.ChoiceFilter(choices=DI_CHI, method="per_chi", label=_("Di chi"), empty_label=_("Di tutti"))
    tipo = django_filters.ChoiceFilter(choices=TipoTraguardo.choices, label=_("Tipo"), empty_label=_("Tutti"))
    livello = django_filters.ChoiceFilter(choices=LivelloTraguardo.choices, label=_("Livello"), empty_label=_("Tutti"))
    entro = django_filters.DateFilter(
        field_name="scadenza_letta",
        lookup_expr="lte",
        label=_("In scadenza entro il"),
        input_formats=list(GIORNI),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    intervento = django_filters.CharFilter(method="per_intervento", label=_("CUP dell'intervento"))

    class Meta:
        model = Traguardo
        fields: list[str] = []

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(codice__icontains=value) | Q(titolo__icontains=value))

    def per_piano(self, queryset: QuerySet[Any], name: str, value: PianoIntegrato) -> QuerySet[Any]:
        return queryset.filter(Q(piano=value) | Q(intervento__nel_piano__piano=value))

    def per_intervento(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        codice = codice_cercato(value)
        return queryset.filter(Q(intervento__cup=codice) | Q(intervento__clp=value.strip()))

    def per_chi(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{value}__isnull": False})


class ElencoTraguardiFilter(TraguardoFilter, ConPerimetro):
    """Those of the page: also by what the intervento belongs to, as the register was then."""

    piano = per_piano("piano", method="per_piano", null_label=_("In nessun piano"))

    def tenuti(self, queryset: QuerySet[Any], condizione: Q) -> QuerySet[Any]:
        return queryset.filter(_di(condizione))

    def per_programma(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Of its interventi, of the piani that have any, and of the measures."""
        noto_al = self.tempo.noto_al
        dei_piani = Q(piano__in=programma.piani(noto_al))
        return queryset.filter(_di(programma.nel_programma(noto_al)) | dei_piani | Q(misura__isnull=False))

    def per_piano(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Of its interventi, and of the piano itself."""
        suoi = _di(programma.di("piano", chiave_di(value), self.tempo.noto_al))
        return queryset.filter(suoi if value == programma.NESSUNO else suoi | Q(piano=value))


def _di(condizione: Q) -> Q:
    """Of an intervento that meets a condition."""
    return Q(intervento__in=Intervento.objects.filter(condizione).order_by().values("pk"))
