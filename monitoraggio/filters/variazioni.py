"""Filters of the list of variazioni."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from interventi.selectors import codice_cercato
from monitoraggio.filters.condivisi import ConTempo, per_ente, per_piano
from monitoraggio.flusso import StatoVariazione
from monitoraggio.models import Variazione
from monitoraggio.scelte import TipoVariazione


class VariazioneFilter(ConTempo):
    """Variazioni by state, kind, piano, body and words; read by `selectors.variazioni.elenco`."""

    q = django_filters.CharFilter(method="per_testo", label=_("CUP, titolo o atto"))
    stato = django_filters.ChoiceFilter(
        field_name="stato_allora", choices=StatoVariazione.choices, label=_("Stato"), empty_label=_("Tutti")
    )
    tipo = django_filters.ChoiceFilter(choices=TipoVariazione.choices, label=_("Tipo"), empty_label=_("Tutti"))
    piano = per_piano("intervento__nel_piano__piano")
    ente = per_ente("intervento__soggetto_attuatore")

    class Meta:
        model = Variazione
        fields: list[str] = []

    def per_testo(self, queryset: QuerySet[Variazione], name: str, value: str) -> QuerySet[Variazione]:
        parole = Q(intervento__titolo__icontains=value) | Q(atto__icontains=value)
        codice = codice_cercato(value)
        return queryset.filter(parole | Q(intervento__cup__icontains=codice) | Q(intervento__clp=value.strip()))
