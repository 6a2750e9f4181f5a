"""Filters of the list of events."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from registro.models import Evento


class EventoFilter(django_filters.FilterSet):
    """Events by object, person and days (in Italian time, both included)."""

    oggetto = django_filters.CharFilter(field_name="oggetto", lookup_expr="icontains", label=_("Su che cosa"))
    autore = django_filters.CharFilter(field_name="autore__email", lookup_expr="icontains", label=_("E-mail di chi"))
    dal = django_filters.DateFilter(
        field_name="quando",
        lookup_expr="date__gte",
        label=_("Dal"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    al = django_filters.DateFilter(
        field_name="quando",
        lookup_expr="date__lte",
        label=_("Al"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    azione = django_filters.UUIDFilter(label=_("Numero dell'azione"))

    class Meta:
        model = Evento
        fields: list[str] = []
