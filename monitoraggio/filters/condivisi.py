"""What several lists of the monitoring are filtered by: the day they speak of, the piano, the body."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from enti.models import Ente
from interventi.models import Intervento
from monitoraggio import tempo as letture
from monitoraggio.tempo import Tempo
from piani_integrati.models import PianoIntegrato


class ConTempo(django_filters.FilterSet):
    """A list that is read on a day: the day is of the page (see `tempo.html`), and its filters carry it along."""

    al = django_filters.CharFilter(method="del_tempo", widget=forms.HiddenInput)
    noto_al = django_filters.CharFilter(method="del_tempo", widget=forms.HiddenInput)

    @cached_property
    def tempo(self) -> Tempo:
        """The day and the instant that the rows are of."""
        return letture.leggi(self.data)

    def del_tempo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The rows given to the filter are those of that day already."""
        return queryset


def enti_attuatori(richiesta: HttpRequest) -> QuerySet[Ente]:
    """Those that carry out something that the person sees."""
    attuati = Intervento.objects.visibili_a(richiesta.user).filter(soggetto_attuatore=OuterRef("pk"))
    return Ente.objects.filter(Exists(attuati)).order_by("denominazione")


def per_ente(campo: str) -> django_filters.ModelChoiceFilter:
    """By the body that carries the intervento out; `campo` leads to it."""
    return django_filters.ModelChoiceFilter(
        field_name=campo, queryset=enti_attuatori, label=_("Comune o altro ente"), empty_label=_("Tutti")
    )


def per_piano(campo: str, **altro: Any) -> django_filters.ModelChoiceFilter:
    """By piano; `campo` leads to it."""
    return django_filters.ModelChoiceFilter(
        field_name=campo,
        queryset=PianoIntegrato.objects.all(),
        to_field_name="codice",
        label=_("Piano"),
        empty_label=_("Tutti"),
        **altro,
    )
