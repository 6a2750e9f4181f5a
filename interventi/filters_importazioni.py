"""Filters of the rows of an import and of the differences with ReGiS."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from interventi import selectors, selectors_importazioni
from interventi.models import Differenza, EsitoRiga, Importazione, Intervento, TabellaImportata
from interventi.models.importazioni import Esito, StatoDifferenza

# What each choice of outcome means.
ESITI: dict[str, Q] = {
    "nuova": Q(esito=Esito.NUOVA),
    "cambiata": Q(esito=Esito.CAMBIATA),
    "dubbia": selectors_importazioni.CON_DUBBI,
    "rifiutata": Q(esito=Esito.RIFIUTATA),
    "da_correggere": selectors_importazioni.DA_CORREGGERE,
    "fuori_perimetro": Q(fuori_perimetro=True),
}
SCELTE_ESITO = [
    ("nuova", _("nuove")),
    ("cambiata", _("cambiate")),
    ("dubbia", _("prese con un dubbio")),
    ("rifiutata", _("rifiutate")),
    ("da_correggere", _("rifiutate, da correggere")),
    ("fuori_perimetro", _("rifiutate, fuori perimetro")),
]


class RigheFilter(django_filters.FilterSet):
    """Rows of one import by table, outcome and words."""

    q = django_filters.CharFilter(method="per_testo", label=_("CUP o parole"))
    esito = django_filters.ChoiceFilter(
        choices=SCELTE_ESITO, method="per_esito", label=_("Esito"), empty_label=_("Tutti")
    )
    tabella = django_filters.ModelChoiceFilter(
        queryset=TabellaImportata.objects.none(), label=_("Tabella"), empty_label=_("Tutte")
    )

    class Meta:
        model = EsitoRiga
        fields: list[str] = []

    def __init__(self, *args: Any, importazione: Importazione, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["tabella"].queryset = selectors_importazioni.tabelle(importazione)

    def per_testo(self, righe: QuerySet[EsitoRiga], nome: str, testo: str) -> QuerySet[EsitoRiga]:
        codice = selectors.codice_cercato(testo)
        return righe.filter(Q(cup__icontains=codice) | Q(oggetto__icontains=testo.strip()))

    def per_esito(self, righe: QuerySet[EsitoRiga], nome: str, esito: str) -> QuerySet[EsitoRiga]:
        return righe.filter(ESITI[esito])


class DifferenzeFilter(django_filters.FilterSet):
    """Differences by state, intervento and datum; without a state, those to decide."""

    intervento = django_filters.CharFilter(method="per_intervento", label=_("CUP o titolo dell'intervento"))
    dato = django_filters.ChoiceFilter(field_name="etichetta", label=_("Dato"), empty_label=_("Tutti"))
    stato = django_filters.ChoiceFilter(
        choices=[
            ("decise", _("decise")),
            (StatoDifferenza.NOSTRO, StatoDifferenza.NOSTRO.label),
            (StatoDifferenza.REGIS, StatoDifferenza.REGIS.label),
            ("tutte", _("tutte")),
        ],
        method="per_stato",
        label=_("Stato"),
        empty_label=_("da decidere"),
    )

    class Meta:
        model = Differenza
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nomi = selectors_importazioni.dati_con_differenze()
        self.filters["dato"].extra["choices"] = [(nome, nome) for nome in nomi]

    def filter_queryset(self, queryset: QuerySet[Differenza]) -> QuerySet[Differenza]:
        trovate: QuerySet[Differenza] = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("stato"):
            return trovate
        return trovate.filter(stato=StatoDifferenza.APERTA)

    def per_stato(self, differenze: QuerySet[Differenza], nome: str, stato: str) -> QuerySet[Differenza]:
        if stato == "tutte":
            return differenze
        if stato == "decise":
            return differenze.exclude(stato=StatoDifferenza.APERTA).order_by("-decisa_il", "-pk")
        return differenze.filter(stato=stato).order_by("-decisa_il", "-pk")

    def per_intervento(self, differenze: QuerySet[Differenza], nome: str, testo: str) -> QuerySet[Differenza]:
        return differenze.filter(intervento__in=selectors.per_testo(Intervento.objects.all(), testo))
