"""Filters of the lists of the territory, the same for pages and API."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Comune, UnioneComuni, ZonaOmogenea


class ComuneFilter(django_filters.FilterSet):
    """The Comuni by name or code, zona and unione."""

    q = django_filters.CharFilter(method="per_nome_o_codice", label=_("Nome o codice"))
    zona = django_filters.ModelChoiceFilter(
        queryset=ZonaOmogenea.objects.all(), to_field_name="numero", label=_("Zona omogenea"), empty_label=_("Tutte")
    )
    unione = django_filters.ModelChoiceFilter(
        queryset=UnioneComuni.objects.all(), label=_("Unione di Comuni"), empty_label=_("Tutte")
    )
    ordine = django_filters.OrderingFilter(
        fields={"nome": "nome", "zona__numero": "zona", "residenti": "residenti", "superficie_km2": "superficie"},
        field_labels={
            "nome": _("Nome"),
            "zona__numero": _("Zona"),
            "residenti": _("Residenti"),
            "superficie_km2": _("Superficie"),
        },
        label=_("Ordina per"),
        empty_label=_("Nome"),
    )

    class Meta:
        model = Comune
        fields: list[str] = []

    def per_nome_o_codice(self, queryset: QuerySet[Comune], name: str, value: str) -> QuerySet[Comune]:
        return queryset.filter(
            Q(nome__icontains=value) | Q(codice_istat__startswith=value) | Q(codice_catastale__iexact=value)
        )
