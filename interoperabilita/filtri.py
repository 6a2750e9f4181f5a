"""Filters of the lists of the API whose page has none, or has some that the API says in another way."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enti.filters import ComuneFilter
from monitoraggio.filters.traguardi import TraguardoFilter
from monitoraggio.models import Avanzamento
from piani_integrati.filters import PianoFilter
from piani_integrati.flusso import StatoPiano
from psttm.models import Driver, Missione, Strategia


class PianiFilter(PianoFilter):
    """The filters of the page of the verification, with words and the state of the piano."""

    q = django_filters.CharFilter(method="per_testo", label=_("Codice o parole del titolo"))
    stato = django_filters.ChoiceFilter(choices=StatoPiano.choices, label=_("Stato"), empty_label=_("Tutti"))

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(codice__icontains=value) | Q(slug__icontains=value) | Q(titolo__icontains=value))

    def per_esito(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the outcome that the rows say, which may be that of another day (`risorse.piani`)."""
        return queryset.filter(esito_letto=value)


class TraguardiFilter(TraguardoFilter):
    """Those of the page. The day is asked of every list in the same way, and what is known is what is published."""

    al = None
    noto_al = None


class ComuniFilter(ComuneFilter):
    """Those of the page; every list is sorted in the same way, with `sort`."""

    ordine = None


class MissioneFilter(django_filters.FilterSet):
    """Missioni by words of theirs or of their objectives, and by what takes up an objective of theirs."""

    q = django_filters.CharFilter(method="per_testo", label=_("Parole della Missione o dei suoi obiettivi"))
    driver = django_filters.ModelChoiceFilter(
        field_name="obiettivi__driver",
        queryset=Driver.objects.all(),
        to_field_name="numero",
        label=_("Driver"),
        distinct=True,
    )

    class Meta:
        model = Missione
        fields: list[str] = []

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        parole = Q(titolo__icontains=value) | Q(descrizione__icontains=value) | Q(obiettivi__testo__icontains=value)
        return queryset.filter(parole).distinct()


class DriverFilter(django_filters.FilterSet):
    """Driver by words, by STTM and by Missione."""

    q = django_filters.CharFilter(method="per_testo", label=_("Parole del titolo o della descrizione"))
    strategia = django_filters.ModelChoiceFilter(
        field_name="strategie", queryset=Strategia.objects.all(), to_field_name="numero", label=_("STTM"), distinct=True
    )
    missione = django_filters.ModelChoiceFilter(
        field_name="obiettivi__missione",
        queryset=Missione.objects.all(),
        to_field_name="numero",
        label=_("Missione"),
        distinct=True,
    )

    class Meta:
        model = Driver
        fields: list[str] = []

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(
            Q(titolo__icontains=value) | Q(sottotitolo__icontains=value) | Q(descrizione__icontains=value)
        )


class StrategiaFilter(django_filters.FilterSet):
    """STTM by words and by Driver."""

    q = django_filters.CharFilter(method="per_testo", label=_("Parole del titolo o della descrizione"))
    driver = django_filters.ModelChoiceFilter(
        queryset=Driver.objects.all(), to_field_name="numero", label=_("Driver"), distinct=True
    )

    class Meta:
        model = Strategia
        fields: list[str] = []

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(titolo__icontains=value) | Q(descrizione__icontains=value))


class FiltroMese(django_filters.Filter):
    """A month, written 2026-10."""

    field_class = forms.DateField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m"], **kwargs)


SUPERATI = [
    ("inclusi", _("anche le versioni superate")),
    ("esclusi", _("solo le versioni in vigore")),
    ("soli", _("solo le versioni superate")),
]


class AvanzamentiFilter(django_filters.FilterSet):
    """Avanzamenti by month, and by whether a later version of theirs was approved."""

    mese_da = FiltroMese(field_name="mese", lookup_expr="gte", label=_("Dal mese"))
    mese_a = FiltroMese(field_name="mese", lookup_expr="lte", label=_("Fino al mese"))
    superati = django_filters.ChoiceFilter(choices=SUPERATI, method="per_superati", label=_("Versioni"))

    class Meta:
        model = Avanzamento
        fields: list[str] = []

    def per_superati(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "inclusi":
            return queryset
        dopo = Avanzamento.objects.approvati().filter(
            intervento=OuterRef("intervento"), mese=OuterRef("mese"), versione__gt=OuterRef("versione")
        )
        return queryset.filter(Exists(dopo) if value == "soli" else ~Exists(dopo))
