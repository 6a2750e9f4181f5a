"""Form of a message: the text, and what it answers or speaks of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LUNGHEZZA = 10_000


class MessaggioForm(forms.Form):
    """A message; `filo` is the message it answers, none for a new thread. `testo` is what it begins with."""

    testo = forms.CharField(
        label=_("Messaggio"),
        help_text=_("Lo legge chi segue questo intervento, nel Comune e nella Città metropolitana."),
        max_length=LUNGHEZZA,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Manca il testo: scrivi che cosa vuoi dire o chiedere."),
            "max_length": _("Il testo ha %(show_value)s caratteri, il massimo è %(limit_value)s: accorcialo."),
        },
    )
    risponde_a = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    avanzamento = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, filo: int | None = None, avanzamento: int | None = None, testo: str = "", **kwargs: Any
    ) -> None:
        """Many stand on one page: the ids of their fields carry the thread."""
        kwargs.setdefault("auto_id", f"filo-{filo}-%s" if filo else "nuovo-%s")
        super().__init__(*args, **kwargs)
        self.initial = {"risponde_a": filo, "avanzamento": avanzamento, "testo": testo}
        if filo:
            self.fields["testo"].label = _("La tua risposta")
