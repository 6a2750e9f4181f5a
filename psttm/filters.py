"""Filters of the lists of the strategic plan, the same for pages and API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psttm.models import Destinatario, Driver, Missione, Obiettivo, Strategia


class ObiettivoFilter(django_filters.FilterSet):
    """Objectives by Missione, Driver, STTM, addressee and words."""

    q = django_filters.CharFilter(field_name="testo", lookup_expr="icontains", label=_("Parole nel testo"))
    missione = django_filters.ModelChoiceFilter(
        queryset=Missione.objects.all(), to_field_name="numero", label=_("Missione"), empty_label=_("Tutte")
    )
    driver = django_filters.ModelChoiceFilter(
        queryset=Driver.objects.all(), to_field_name="numero", label=_("Driver"), empty_label=_("Tutti"), distinct=True
    )
    strategia = django_filters.ModelChoiceFilter(
        field_name="driver__strategie",
        queryset=Strategia.objects.all(),
        to_field_name="numero",
        label=_("STTM"),
        empty_label=_("Tutte"),
        distinct=True,
    )
    destinatario = django_filters.ChoiceFilter(
        choices=Destinatario.choices, method="per_destinatario", label=_("Rivolto a"), empty_label=_("Chiunque")
    )

    class Meta:
        model = Obiettivo
        fields: list[str] = []

    def per_destinatario(self, queryset: QuerySet[Obiettivo], name: str, value: str) -> QuerySet[Obiettivo]:
        return queryset.filter(**{f"per_{value}": True})
