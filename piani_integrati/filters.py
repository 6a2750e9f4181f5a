"""What the pages of the piani can be asked: which piani, judged at which day."""

from __future__ import annotations

from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from piani_integrati.esiti import Esito
from piani_integrati.models import PianoIntegrato, TipoPiano

DA_VERIFICARE = "da_verificare"
# Beyond these days there is nothing to judge by, and sums of days would leave the calendar.
PRIMO_GIORNO, ULTIMO_GIORNO = date(2000, 1, 1), date(2099, 12, 31)


class PianoFilter(django_filters.FilterSet):
    """Piani by kind and by the outcome that the portal keeps of them."""

    esito = django_filters.ChoiceFilter(
        choices=[*((esito.codice, esito.label) for esito in Esito), (DA_VERIFICARE, pigro("non ancora verificato"))],
        method="per_esito",
        label=pigro("Esito"),
        empty_label=pigro("Tutti"),
    )
    tipo = django_filters.ChoiceFilter(choices=TipoPiano.choices, label=pigro("Tipo"), empty_label=pigro("Tutti"))

    class Meta:
        model = PianoIntegrato
        fields: list[str] = []

    def per_esito(self, queryset: QuerySet[PianoIntegrato], name: str, value: str) -> QuerySet[PianoIntegrato]:
        if value == DA_VERIFICARE:
            return queryset.filter(verifica__quando__isnull=True)
        return queryset.filter(verifica__quando__isnull=False, verifica__esito=Esito[value.upper()])


class GiornoForm(forms.Form):
    """The day whose norms to judge by."""

    al = forms.DateField(
        label=pigro("Con le norme in vigore il"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        error_messages={
            "required": pigro("Scrivi un giorno, per esempio 31/12/2024."),
            "invalid": pigro("Non è un giorno: scrivilo per esempio così, 31/12/2024."),
        },
    )

    def clean_al(self) -> date:
        giorno: date = self.cleaned_data["al"]
        if not PRIMO_GIORNO <= giorno <= ULTIMO_GIORNO:
            raise ValidationError(_("Scrivi un giorno fra il 01/01/2000 e il 31/12/2099."))
        return giorno
