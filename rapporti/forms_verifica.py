"""The two forms of the page that verifies reports: a file, or a code."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as pigro


class VerificaFileForm(forms.Form):
    """The file to verify; its bytes are read as they arrive, see `rapporti.views.verifica`."""

    use_required_attribute = False

    file = forms.FileField(
        label=pigro("Il PDF da verificare"),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=pigro("Al massimo 100 MB. Il portale lo legge e non lo conserva."),
    )


class VerificaCodiceForm(forms.Form):
    """The code to look for, however it is written."""

    use_required_attribute = False

    codice = forms.CharField(
        label=pigro("Il codice stampato sulla copertina"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
        help_text=pigro("Per esempio 7K3M-Q9TD-X20B: trattini, spazi e maiuscole non contano."),
    )
