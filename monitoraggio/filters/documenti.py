"""Filters of the documents of an intervento."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from monitoraggio.filters.condivisi import ConTempo
from monitoraggio.models import Documento, TipoDocumento
from monitoraggio.selectors.documenti import eliminati
from psttm import formati

ELIMINATI = "eliminati"


class DocumentoFilter(ConTempo):
    """Documents by month, kind and words; those deleted (by an instant) only when asked for."""

    q = django_filters.CharFilter(method="per_testo", label=_("Titolo o protocollo"))
    mese = django_filters.ChoiceFilter(label=_("Mese"), empty_label=_("Tutti"))
    tipo = django_filters.ModelChoiceFilter(
        queryset=TipoDocumento.objects.all(), to_field_name="codice", label=_("Tipo"), empty_label=_("Tutti")
    )
    stato = django_filters.ChoiceFilter(
        choices=[(ELIMINATI, _("eliminati con un atto"))],
        method="per_stato",
        label=_("Quali"),
        empty_label=_("Presenti"),
    )

    class Meta:
        model = Documento
        fields: list[str] = []

    def __init__(self, *args: Any, mesi: list[date], istante: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.eliminati = eliminati(istante)
        self.filters["mese"].extra["choices"] = [(mese.isoformat(), formati.mese(mese)) for mese in mesi]

    def filter_queryset(self, queryset: QuerySet[Documento]) -> QuerySet[Documento]:
        trovati: QuerySet[Documento] = super().filter_queryset(queryset)
        return trovati if self.form.cleaned_data.get("stato") else trovati.exclude(self.eliminati)

    def per_testo(self, queryset: QuerySet[Documento], name: str, value: str) -> QuerySet[Documento]:
        return queryset.filter(titolo__icontains=value) | queryset.filter(protocollo__icontains=value)

    def per_stato(self, queryset: QuerySet[Documento], name: str, value: str) -> QuerySet[Documento]:
        return queryset.filter(self.eliminati)
