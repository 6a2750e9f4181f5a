"""The words and the chapter that the figures of a report are looked up by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RicercaForm(forms.Form):
    q = forms.CharField(label=_("Parole"), required=False, max_length=100)
    parte = forms.ChoiceField(label=_("Capitolo"), required=False)

    def __init__(self, *args: Any, capitoli: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parte = self.fields["parte"]
        assert isinstance(parte, forms.ChoiceField)  # noqa: S101 for the type checker
        parte.choices = [("", _("Tutti")), *capitoli.items()]

    @property
    def form(self) -> RicercaForm:
        """What the filter bar calls it, as of a FilterSet."""
        return self

    def chiesto(self, nome: str) -> str:
        """What is written in a field; "" where it makes no sense."""
        self.is_valid()
        letto: str = self.cleaned_data.get(nome, "")
        return letto
