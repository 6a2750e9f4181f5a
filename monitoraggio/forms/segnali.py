"""Form with which a warning is set aside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from monitoraggio.services.silenzi import ultimo_giorno
from psttm import formati

LUNGHEZZA = 2_000


class SilenziaForm(forms.Form):
    """Why, and until which day, included; the service says whether the day will do."""

    use_required_attribute = False

    motivo = forms.CharField(
        label=pigro("Motivo"),
        max_length=LUNGHEZZA,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=pigro("Perché per ora non va guardato, per esempio: «La proroga è stata chiesta il 3 marzo»."),
        error_messages={
            "required": pigro("Manca il motivo: scrivi perché per ora il segnale non va guardato."),
            "max_length": pigro("Il motivo ha %(show_value)s caratteri, il massimo è %(limit_value)s: accorcialo."),
        },
    )
    fino_al = forms.DateField(
        label=pigro("Fino al"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": pigro("Manca il giorno: scrivi fino a quando il segnale resta da parte."),
            "invalid": pigro("Non è un giorno: scrivilo per esempio così, 31/12/2024."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        oggi = timezone.localdate()
        limite = ultimo_giorno(oggi)
        self.fields["fino_al"].help_text = _(
            "Quel giorno compreso; il segnale torna il giorno dopo, se vale ancora. Al massimo %(giorni)s giorni, "
            "fino al %(limite)s."
        ) % {"giorni": settings.SEGNALI_SILENZIO_GIORNI, "limite": formati.data_breve(limite)}
        self.fields["fino_al"].widget.attrs |= {"min": oggi.isoformat(), "max": limite.isoformat()}

    def rifiuta(self, campo: str, testo: str) -> None:
        """Say at the field what the service refused; "" for none in particular."""
        self.add_error(campo or None, testo)
