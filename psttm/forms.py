"""Forms of the strategic plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psttm.models import Destinatario, Missione
from registro.models import Fonte


class ObiettivoForm(forms.Form):
    """An objective that the staff adds where the source is silent, or corrects afterwards."""

    missione = forms.ModelChoiceField(
        label=_("Missione"),
        help_text=_("Quella sotto cui l'atto lo elenca."),
        queryset=Missione.objects.all(),
        empty_label=_("Scegli la Missione"),
        error_messages={"required": _("Scegli la Missione a cui appartiene l'obiettivo.")},
    )
    testo = forms.CharField(
        label=_("Testo dell'obiettivo"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Come sta scritto nell'atto, al massimo 1.000 caratteri."),
        error_messages={"required": _("Manca il testo dell'obiettivo: riportalo come sta scritto nell'atto.")},
    )
    destinatari = forms.MultipleChoiceField(
        label=_("Rivolto a"),
        help_text=_("Chi deve attuarlo, secondo l'atto: anche più di uno."),
        choices=Destinatario.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Segna almeno un destinatario.")},
    )
    fonte = forms.ModelChoiceField(
        label=_("Documento da cui è tratto"),
        help_text=_("Se non c'è nell'elenco, va prima aggiunto fra le fonti."),
        queryset=Fonte.objects.all(),
        empty_label=_("Scegli il documento"),
        error_messages={"required": _("Scegli il documento da cui è tratto l'obiettivo.")},
    )
    luogo = forms.CharField(
        label=_("Punto del documento"),
        max_length=300,
        help_text=_("Per esempio: capitolo 3, tabella della Missione 4, n. 2."),
        error_messages={"required": _("Indica il punto del documento, per chi vorrà controllare.")},
    )

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the services take."""
        return {chiave: self.cleaned_data[chiave] for chiave in ("missione", "testo", "destinatari", "fonte", "luogo")}
