"""Form of the personal data: the confirmation that somebody is to be made anonymous."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from esercizio.dati_personali.services import AnonimatoRifiutato, etichetta


class AnonimoForm(forms.Form):
    """Nothing here comes filled in: what cannot be undone is written by hand."""

    use_required_attribute = False

    motivo = forms.CharField(
        label=_("Perché"),
        max_length=300,
        help_text=_(
            "Chi l'ha chiesto e quando, senza nomi né indirizzi. Per esempio: richiesta della persona del 3/2/2027."
        ),
        error_messages={"required": _("Manca il motivo: scrivi chi l'ha chiesto e quando, senza nomi.")},
    )
    conferma = forms.CharField(
        label=_("Conferma"),
        max_length=40,
        help_text=_("Il nome che la persona avrà d'ora in poi, come è scritto qui sopra."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Per confermare scrivi il nome che la persona avrà d'ora in poi.")},
    )

    def __init__(self, *args: Any, utente: Utente | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if utente is not None:
            self.fields["conferma"].help_text = _("Scrivi «%(testo)s».") % {"testo": etichetta(utente)}

    def rifiuta(self, rifiuto: AnonimatoRifiutato) -> None:
        """Say at its field what the service refused."""
        self.add_error(rifiuto.campo if rifiuto.campo in self.fields else None, str(rifiuto))
