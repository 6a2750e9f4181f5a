"""Filters of the list of traguardi."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from interventi.selectors import codice_cercato
from monitoraggio.filters.condivisi import ConTempo
from monitoraggio.models import Traguardo
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.scelte import LivelloTraguardo, TipoTraguardo
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
