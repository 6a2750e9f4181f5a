"""What the pages of ReGiS are asked: whose package and on which day, which differences."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Ente
from monitoraggio.selectors.differenze_regis import TITOLI, Confronto
from monitoraggio.tempo import GIORNI, PRIMO_GIORNO
from piani_integrati.models import PianoIntegrato
from psttm import formati


class SceltaForm(forms.Form):
    """A body, among those whose package the person may have, and a day that is past. No body: all of them."""

    ente = forms.ModelChoiceField(
        queryset=Ente.objects.none(),
        required=False,
        label=pigro("Ente"),
        empty_label=pigro("Tutti gli enti"),
        error_messages={"invalid_choice": pigro("Scegli uno degli enti dell'elenco.")},
    )
    al = forms.DateField(
        label=pigro("Situazione al"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=GIORNI,
        error_messages={
            "required": pigro("Scrivi un giorno, per esempio 31/12/2024."),
            "invalid": pigro("Non è un giorno: scrivilo per esempio così, 31/12/2024."),
        },
    )

    def __init__(self, *args: Any, enti: QuerySet[Ente], tutti: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo = cast(forms.ModelChoiceField, self.fields["ente"])
        campo.queryset = enti
        if not tutti:
            campo.empty_label = str(_("Scegli"))

    def clean_al(self) -> date:
        giorno: date = self.cleaned_data["al"]
        if giorno > timezone.localdate():
            raise ValidationError(
                _("Il %(giorno)s non è ancora arrivato: scegli un giorno fino a oggi."),
                params={"giorno": formati.data_breve(giorno)},
            )
        if giorno < PRIMO_GIORNO:
            raise ValidationError(
                _("Il portale non sa nulla di prima del %(giorno)s."),
                params={"giorno": formati.data_breve(PRIMO_GIORNO)},
            )
        return giorno


TUTTI = "tutti"


class DifferenzeForm(forms.Form):
    """Which differences: by body, piano, kind of datum; as a rule only those that differ."""

    ente = forms.ModelChoiceField(
        queryset=Ente.objects.none(), required=False, label=pigro("Ente"), empty_label=pigro("Tutti")
    )
    piano = forms.ModelChoiceField(
        queryset=PianoIntegrato.objects.all(),
        to_field_name="codice",
        required=False,
        label=pigro("Piano"),
        empty_label=pigro("Tutti"),
    )
    dato = forms.ChoiceField(
        choices=[("", pigro("Tutti")), *((dato.value, titolo) for dato, titolo in TITOLI.items())],
        required=False,
        label=pigro("Dato"),
    )
    mostra = forms.ChoiceField(
        choices=[
            ("", pigro("Solo i dati diversi")),
            (Confronto.UGUALE.value, pigro("Solo i dati uguali")),
            (Confronto.NON_CONFRONTABILE.value, pigro("Solo i non confrontabili")),
            (TUTTI, pigro("Tutti i dati")),
        ],
        required=False,
        label=pigro("Mostra"),
    )

    def __init__(self, *args: Any, enti: QuerySet[Ente], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo = cast(forms.ModelChoiceField, self.fields["ente"])
        campo.queryset = enti
