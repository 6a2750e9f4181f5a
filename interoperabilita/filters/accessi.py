"""Filters of the log of the API."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente
from interoperabilita.models import AccessoApi, ChiaveApi

ESITI = [
    ("2", _("riuscite (2xx)")),
    ("3", _("nulla di nuovo (3xx)")),
    ("4", _("rifiutate (4xx)")),
    ("5", _("guasti (5xx)")),
]


def enti_con_chiavi(richiesta: Any) -> QuerySet[Ente]:
    return Ente.objects.filter(Exists(ChiaveApi.objects.filter(ente=OuterRef("pk")))).order_by("denominazione")


def _giorno(etichetta: Any, metodo: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=etichetta, method=metodo, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AccessoFilter(django_filters.FilterSet):
    """Requests by key, body, outcome, days (in Italian time, both included), words of the address, number."""

    chiave = django_filters.ModelChoiceFilter(
        queryset=ChiaveApi.objects.select_related("ente").order_by("ente__denominazione", "nome", "pk"),
        label=_("Chiave"),
        empty_label=_("Tutte"),
    )
    ente = django_filters.ModelChoiceFilter(
        field_name="chiave__ente", queryset=enti_con_chiavi, label=_("Ente"), empty_label=_("Tutti")
    )
    esito = django_filters.ChoiceFilter(choices=ESITI, method="per_esito", label=_("Esito"), empty_label=_("Tutti"))
    dal = _giorno(_("Dal"), "da_giorno")
    al = _giorno(_("Al"), "fino_a_giorno")
    indirizzo = django_filters.CharFilter(lookup_expr="icontains", label=_("Parole nell'indirizzo"))
    azione = django_filters.UUIDFilter(label=_("Numero della richiesta"))

    class Meta:
        model = AccessoApi
        fields: list[str] = []

    def per_esito(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        classe = int(value) * 100
        return queryset.filter(esito__gte=classe, esito__lt=classe + 100)

    def da_giorno(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.filter(quando__gte=_inizio(value))

    def fino_a_giorno(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return queryset.filter(quando__lt=_inizio(value + timedelta(days=1)))


def _inizio(giorno: date) -> datetime:
    """An instant rather than a day, so that the index serves."""
    return datetime.combine(giorno, time.min, tzinfo=timezone.get_current_timezone())
