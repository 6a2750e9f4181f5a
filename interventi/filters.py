"""Filters of the list of interventi, the same for page, export, bulk actions and API."""

from __future__ import annotations

import copy
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from enti.models import Comune, ZonaOmogenea
from interventi import estensioni, selectors
from interventi.forms.campi import NumeroField
from interventi.models import Intervento, LegameDriver, LegameStrategia, Localizzazione
from interventi.scelte import LineaFinanziamento, NaturaCup, StatoCup
from psttm.models import Driver, Strategia


class FiltroEuro(django_filters.Filter):
    field_class = NumeroField


class InterventoFilter(django_filters.FilterSet):
    """Interventi by words, place, measure, plan, state and money; the rooms above add theirs (`estensioni`)."""

    q = django_filters.CharFilter(method="per_testo", label=_("Parole, CUP o CIG"))
    comune = django_filters.ModelChoiceFilter(
        queryset=Comune.objects.metropolitani(),
        to_field_name="codice_istat",
        method="per_comune",
        label=_("Comune"),
        empty_label=_("Tutti"),
    )
    zona = django_filters.ModelChoiceFilter(
        queryset=ZonaOmogenea.objects.all(),
        to_field_name="numero",
        method="per_zona",
        label=_("Zona omogenea"),
        empty_label=_("Tutte"),
    )
    misura = django_filters.ChoiceFilter(method="per_misura", label=_("Misura o submisura"), empty_label=_("Tutte"))
    stato = django_filters.ChoiceFilter(
        field_name="stato_cup", choices=StatoCup.choices, label=_("Stato del CUP"), empty_label=_("Tutti")
    )
    driver = django_filters.ModelChoiceFilter(
        queryset=Driver.objects.all(),
        to_field_name="numero",
        method="per_driver",
        label=_("Driver"),
        empty_label=_("Tutti"),
    )
    strategia = django_filters.ModelChoiceFilter(
        queryset=Strategia.objects.all(),
        to_field_name="numero",
        method="per_strategia",
        label=_("STTM"),
        empty_label=_("Tutte"),
    )
    linea = django_filters.ChoiceFilter(
        field_name="linea_finanziamento",
        choices=LineaFinanziamento.choices,
        label=_("Linea di finanziamento"),
        empty_label=_("Tutte"),
    )
    natura = django_filters.ChoiceFilter(
        field_name="classificazione__natura", choices=NaturaCup.choices, label=_("Natura"), empty_label=_("Tutte")
    )
    importo_da = FiltroEuro(field_name="finanziamento_totale", lookup_expr="gte", label=_("Finanziamento da (€)"))
    importo_a = FiltroEuro(field_name="finanziamento_totale", lookup_expr="lte", label=_("Finanziamento fino a (€)"))

    class Meta:
        model = Intervento
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["misura"].extra["choices"] = [(nodo.codice, nodo.etichetta) for nodo in self.misure.values()]
        for aggiunta in estensioni.AGGIUNTE:
            for nome, filtro in copy.deepcopy(dict(aggiunta.filtri)).items():
                filtro.model, filtro.parent = Intervento, self
                self.filters[nome] = filtro

    @cached_property
    def misure(self) -> dict[str, selectors.NodoMisura]:
        """What can be chosen as measure, read once: the choices and the filter use it."""
        return selectors.misure_presenti()

    def per_testo(self, interventi: QuerySet[Intervento], nome: str, testo: str) -> QuerySet[Intervento]:
        return selectors.per_testo(interventi, testo)

    def per_comune(self, interventi: QuerySet[Intervento], nome: str, comune: Comune) -> QuerySet[Intervento]:
        return interventi.filter(Exists(Localizzazione.objects.filter(intervento=OuterRef("pk"), comune=comune)))

    def per_zona(self, interventi: QuerySet[Intervento], nome: str, zona: ZonaOmogenea) -> QuerySet[Intervento]:
        return interventi.filter(Exists(Localizzazione.objects.filter(intervento=OuterRef("pk"), comune__zona=zona)))

    def per_misura(self, interventi: QuerySet[Intervento], nome: str, codice: str) -> QuerySet[Intervento]:
        return interventi.filter(submisura__in=self.misure[codice].submisure)

    def per_driver(self, interventi: QuerySet[Intervento], nome: str, driver: Driver) -> QuerySet[Intervento]:
        return interventi.filter(Exists(LegameDriver.objects.filter(intervento=OuterRef("pk"), driver=driver)))

    def per_strategia(self, interventi: QuerySet[Intervento], nome: str, sttm: Strategia) -> QuerySet[Intervento]:
        return interventi.filter(Exists(LegameStrategia.objects.filter(intervento=OuterRef("pk"), strategia=sttm)))
