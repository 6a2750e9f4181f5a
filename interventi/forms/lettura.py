"""Small forms of the pages that read: the name of a view, an instant of the past."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class VistaForm(forms.Form):
    """A name for what is on the screen; `filtri` is its query string, `dove` the address of `pagina`."""

    nome = forms.CharField(
        label=_("Nome della vista"),
        max_length=80,
        error_messages={
            "required": _("Scrivi un nome per ritrovare la vista."),
            "max_length": _("Il nome della vista ha %(show_value)s caratteri: al massimo sono %(limit_value)s."),
        },
    )
    filtri = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.HiddenInput,
        error_messages={"max_length": _("La vista ha troppi filtri per essere salvata: togline qualcuno.")},
    )
    pagina = forms.CharField(required=False, widget=forms.HiddenInput)
    dove = forms.CharField(required=False, widget=forms.HiddenInput)


class IstanteForm(forms.Form):
    """The instant at which to read the past, in the time of the portal."""

    quando = forms.DateTimeField(
        label=_("Com'era il"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"],
        error_messages={
            "required": _("Scrivi il giorno e l'ora."),
            "invalid": _("Scrivi giorno e ora, per esempio 31/12/2024 10:42."),
        },
    )
