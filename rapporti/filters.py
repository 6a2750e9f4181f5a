"""Filters of the archive of the reports, the same for the page and the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rapporti.domanda import codice_letto
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.selectors import anni


class RapportoFilter(django_filters.FilterSet):
    """Reports by kind, perimeter, words or code, and the year they speak of."""

    q = django_filters.CharFilter(method="per_testo", label=_("Parole o codice"))
    tipo = django_filters.ChoiceFilter(choices=TipoRapporto.choices, label=_("Tipo"), empty_label=_("Tutti"))
    perimetro = django_filters.ChoiceFilter(choices=TipoPerimetro.choices, label=_("Perimetro"), empty_label=_("Tutti"))
    anno = django_filters.ChoiceFilter(
        field_name="al",
        lookup_expr="year",
        choices=lambda: [(anno, str(anno)) for anno in anni()],
        label=_("Anno della situazione"),
        empty_label=_("Tutti"),
    )

    class Meta:
        model = Rapporto
        fields: list[str] = []

    def per_testo(self, righe: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word is somewhere in the name of its perimeter; or it is the code, however it was typed."""
        parole = Q()
        for parola in value.split():
            parole &= Q(nome_perimetro__icontains=parola)
        codice = codice_letto(value)
        return righe.filter(parole | Q(codice=codice)) if codice else righe.filter(parole)
