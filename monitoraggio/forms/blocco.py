"""What a bulk action of the review asks before it is done, and how its choice travels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoraggio.services.blocco import Scelto
from monitoraggio.services.solleciti import Richiesta

LUNGHEZZA = 4_000
_SCELTO = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
_MANCANTE = re.compile(r"([0-9]{1,18})\.([0-9]{4})-(0[1-9]|1[0-2])")


class MotivoForm(forms.Form):
    """Why something is returned or unlocked; for a reminder, what to add to it."""

    motivo = forms.CharField(
        label=_("Motivo"),
        max_length=LUNGHEZZA,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Lo legge il Comune: scrivi che cosa deve correggere."),
        error_messages={
            "required": _("Manca il motivo: scrivi al Comune che cosa deve fare."),
            "max_length": _("Il testo ha %(show_value)s caratteri, il massimo è %(limit_value)s: accorcialo."),
        },
    )

    def __init__(self, *args: Any, azione: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if azione == "sollecita":
            campo = self.fields["motivo"]
            campo.label, campo.required = _("Messaggio"), False
            campo.help_text = _("Si aggiunge al sollecito che il portale scrive da sé.")
        elif azione not in {"restituisci", "sblocca"}:
            del self.fields["motivo"]


def scelti(gettoni: Iterable[str]) -> list[Scelto]:
    """The avanzamenti chosen, "123.4" each; what is not so written is nobody's."""
    trovati = (_SCELTO.fullmatch(gettone) for gettone in gettoni)
    unici = {int(uno[1]): Scelto(int(uno[1]), int(uno[2])) for uno in trovati if uno is not None}
    return list(unici.values())


def richieste(gettoni: Iterable[str]) -> list[Richiesta]:
    """The interventi and months to remind of, "55.2024-12" each."""
    trovati = (_MANCANTE.fullmatch(gettone) for gettone in gettoni)
    return [(int(uno[1]), date(int(uno[2]), int(uno[3]), 1)) for uno in trovati if uno is not None and int(uno[2])]
