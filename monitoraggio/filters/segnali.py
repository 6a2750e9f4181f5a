"""Filters of the list of the early warnings: those of the Cruscotto, and what the warnings are told apart by."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interventi import selectors as interventi
from interventi.models import Intervento
from monitoraggio.allerte.catalogo import PER_CODICE
from monitoraggio.filters.condivisi import per_piano
from monitoraggio.filters.perimetro import ConPerimetro, chiave_di
from monitoraggio.models import Segnale
from monitoraggio.scelte import ChiAgisce
from monitoraggio.selectors import programma
from monitoraggio.selectors import segnali as letture
from monitoraggio.tempo import GIORNI, Tempo

DA_PARTE, TUTTI = "da_parte", "tutti"
MOSTRA = [(DA_PARTE, _("messi da parte")), (TUTTI, _("tutti, anche messi da parte"))]
MIEI = [("si", _("solo quelli che attua il mio ente"))]


def codici() -> list[tuple[str, Any]]:
    return [(codice, allarme.titolo) for codice, allarme in PER_CODICE.items()]


class SegnaleFilter(ConPerimetro):
    """Warnings that stand; by default those that nobody has set aside. `aperti` are all that the other filters leave.

    They are of now, whatever day the address speaks of.
    """

    aperti: QuerySet[Any]
    al = None
    noto_al = None

    q = django_filters.CharFilter(method="per_testo", label=_("Parole, CUP o CIG"))
    codice = django_filters.ChoiceFilter(choices=codici, label=_("Segnale"), empty_label=_("Tutti"))
    tocca = django_filters.ChoiceFilter(choices=ChiAgisce.choices, label=_("Tocca a"), empty_label=_("Tutti"))
    piano = per_piano("piano", method="per_piano", null_label=_("In nessun piano"))
    mostra = django_filters.ChoiceFilter(
        choices=MOSTRA, method="dopo", label=_("Mostra"), empty_label=_("quelli da guardare")
    )
    miei = django_filters.ChoiceFilter(
        choices=MIEI, method="per_ente_proprio", label=_("Soggetto attuatore"), empty_label=_("Tutti")
    )
    nuovi = django_filters.DateFilter(
        method="per_giorno",
        label=_("Nuovi del giorno"),
        input_formats=list(GIORNI),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Segnale
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nome in ("comune", "mostra", "zona", "driver", "strategia", "programma", "miei", "nuovi"):
            self.filters.move_to_end(nome)

    @property
    def tempo(self) -> Tempo:
        return Tempo(oggi=timezone.localdate())

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        self.aperti = super().filter_queryset(queryset)
        mostra = self.form.cleaned_data.get("mostra")
        if mostra == TUTTI:
            return self.aperti
        return letture.messi_da_parte(self.aperti) if mostra == DA_PARTE else letture.da_guardare(self.aperti)

    def dopo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What to show of them is chosen last: the counts are of all of them."""
        return queryset

    def tenuti(self, queryset: QuerySet[Any], condizione: Q) -> QuerySet[Any]:
        return queryset.filter(_di(condizione))

    def per_testo(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        trovati = interventi.per_testo(Intervento.objects.all(), value)
        return queryset.filter(intervento__in=trovati.order_by().values("pk"))

    def per_piano(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Of its interventi, and of the piano as a whole."""
        suoi = _di(programma.di("piano", chiave_di(value), None))
        return queryset.filter(suoi if value == programma.NESSUNO else suoi | Q(piano=value))

    def per_ente_proprio(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(intervento__soggetto_attuatore__in=self.request.user.enti)

    def per_giorno(self, queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        return letture.nuovi_del(queryset, value)


def _di(condizione: Q) -> Q:
    """Of an intervento that meets a condition."""
    return Q(intervento__in=Intervento.objects.filter(condizione).order_by().values("pk"))
