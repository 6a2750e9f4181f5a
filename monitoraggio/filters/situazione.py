"""Filters of the list of the situation."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente
from interventi import selectors
from interventi.models import Intervento
from monitoraggio import mesi
from monitoraggio.selectors.elenco_situazione import PAROLE
from piani_integrati.models import PianoIntegrato
from psttm import formati

MESI_INDIETRO = 24
MAI = "mai"
CRITICITA = [("aperte", _("con criticità aperte")), ("gravi", _("con criticità gravi")), ("nessuna", _("senza"))]


def ultimi_mesi() -> list[tuple[str, str]]:
    """The months that one asks of, the latest first: 2024-12, "dicembre 2024"."""
    questo = mesi.primo(timezone.localdate())
    scelti = [mesi.avanti(questo, -indietro) for indietro in range(MESI_INDIETRO)]
    return [(f"{mese:%Y-%m}", formati.mese(mese)) for mese in scelti]


def mese_scritto(valore: str) -> date:
    """The first day of a month among `ultimi_mesi`."""
    anno, _trattino, mese = valore.partition("-")
    return date(int(anno), int(mese), 1)


def mesi_e_mai() -> list[tuple[str, Any]]:
    return [*ultimi_mesi(), (MAI, _("nessun mese"))]


def enti_attuatori(_richiesta: Any) -> QuerySet[Ente]:
    """Those that carry out something."""
    attuati = Intervento.objects.filter(soggetto_attuatore=OuterRef("pk"))
    return Ente.objects.filter(Exists(attuati)).order_by("denominazione")


class ConTempo(django_filters.FilterSet):
    """A list that is read on a day: the day is of the page (see `tempo.html`), and its filters carry it along."""

    al = django_filters.CharFilter(method="del_tempo", widget=forms.HiddenInput)
    noto_al = django_filters.CharFilter(method="del_tempo", widget=forms.HiddenInput)

    def del_tempo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The rows given to the filter are those of that day already."""
        return queryset


class SituazioneFilter(ConTempo):
    """Interventi by words, piano, body, mark, last month declared and criticality; read by `con_situazione`."""

    q = django_filters.CharFilter(method="per_testo", label=_("Parole, CUP o CIG"))
    stato = django_filters.ChoiceFilter(choices=list(PAROLE.items()), label=_("Stato"), empty_label=_("Tutti"))
    piano = django_filters.ModelChoiceFilter(
        field_name="nel_piano__piano",
        queryset=PianoIntegrato.objects.all(),
        to_field_name="codice",
        label=_("Piano"),
        empty_label=_("Tutti"),
        null_label=_("In nessun piano"),
    )
    ente = django_filters.ModelChoiceFilter(
        field_name="soggetto_attuatore",
        queryset=enti_attuatori,
        label=_("Comune o altro ente"),
        empty_label=_("Tutti"),
    )
    mese = django_filters.ChoiceFilter(
        choices=mesi_e_mai, method="per_mese", label=_("Ultimo mese approvato"), empty_label=_("Tutti")
    )
    criticita = django_filters.ChoiceFilter(
        choices=CRITICITA, method="per_criticita", label=_("Criticità"), empty_label=_("Tutte")
    )

    class Meta:
        model = Intervento
        fields: list[str] = []

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return selectors.per_testo(queryset, value)

    def per_mese(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == MAI:
            return queryset.filter(s_riferita_al__isnull=True)
        return queryset.filter(s_riferita_al=mesi.ultimo(mese_scritto(value)))

    def per_criticita(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "gravi":
            return queryset.filter(s_criticita_gravi__gt=0)
        if value == "aperte":
            return queryset.filter(s_criticita_aperte__gt=0)
        return queryset.filter(s_criticita_aperte=0)
