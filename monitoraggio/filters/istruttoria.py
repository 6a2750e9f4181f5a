"""Filters of the review list."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from interventi.models import Intervento
from interventi.selectors import per_testo
from monitoraggio.filters.condivisi import per_ente, per_piano
from monitoraggio.filters.situazione import mese_scritto, ultimi_mesi
from monitoraggio.models import Avanzamento
from monitoraggio.selectors.istruttoria import IN_ATTESA, VISTE

AVVISI = [("con", _("con avvisi")), ("senza", _("senza avvisi"))]
PROVENIENZA = [("prima", _("prime versioni")), ("correzioni", _("modificati dopo l'approvazione"))]


class IstruttoriaFilter(django_filters.FilterSet):
    """Avanzamenti by what is expected of them, month, body, piano, warnings, words. By default, those sent."""

    stato = django_filters.ChoiceFilter(
        choices=[(codice, vista.nome) for codice, vista in VISTE.items()],
        method="per_stato",
        label=_("Che cosa"),
        empty_label=None,
    )
    mese = django_filters.ChoiceFilter(choices=ultimi_mesi, method="per_mese", label=_("Mese"), empty_label=_("Tutti"))
    ente = per_ente("intervento__soggetto_attuatore")
    piano = per_piano("intervento__nel_piano__piano")
    avvisi = django_filters.ChoiceFilter(choices=AVVISI, method="per_avvisi", label=_("Avvisi"), empty_label=_("Tutti"))
    versione = django_filters.ChoiceFilter(
        choices=PROVENIENZA, method="per_versione", label=_("Versione"), empty_label=_("Tutte")
    )
    q = django_filters.CharFilter(method="per_parole", label=_("Parole, CUP o CIG"))

    class Meta:
        model = Avanzamento
        fields: list[str] = []

    @property
    def vista(self) -> str:
        """The one of VISTE that is shown."""
        chiesta = self.data.get("stato", "") if self.data else ""
        return chiesta if chiesta in VISTE else IN_ATTESA

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.form.cleaned_data.get("stato"):
            queryset = VISTE[IN_ATTESA].righe(queryset)
        return super().filter_queryset(queryset)

    def per_stato(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return VISTE[value].righe(queryset)

    def per_mese(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(mese=mese_scritto(value))

    def per_avvisi(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(avvisi__gt=0) if value == "con" else queryset.filter(avvisi=0)

    def per_versione(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(Q(corregge__isnull=value == "prima"))

    def per_parole(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(intervento__in=per_testo(Intervento.objects.all(), value).values("pk"))
