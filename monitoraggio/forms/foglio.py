"""Forms of the workbook: which one to download, and the one that comes back."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Ente, Utente
from enti.permessi import Permesso
from monitoraggio import mesi
from monitoraggio.poteri import su_tutti
from monitoraggio.selectors import foglio as selectors
from monitoraggio.selectors.foglio import Scelta
from piani_integrati.models import PianoIntegrato
from psttm import formati

# Five years: from before the first payments of the PNRR.
MESI_INDIETRO = 60


def mese_corrente() -> date:
    """The month people are asked of: the last one that is over."""
    return mesi.avanti(mesi.primo(timezone.localdate()), -1)


def scelte_dei_mesi() -> list[tuple[str, str]]:
    """The months up to the present one, the latest first."""
    adesso = mesi.primo(timezone.localdate())
    giorni = [mesi.avanti(adesso, -indietro) for indietro in range(MESI_INDIETRO)]
    return [(giorno.isoformat(), formati.mese(giorno).capitalize()) for giorno in giorni]


def _mese(aiuto: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=pigro("Mese"),
        help_text=aiuto,
        coerce=date.fromisoformat,
        choices=scelte_dei_mesi,
        error_messages={
            "required": pigro("Scegli il mese."),
            "invalid_choice": pigro("Questo mese non è fra quelli dell'elenco: sceglilo dall'elenco."),
        },
    )


class SceltaForm(forms.Form):
    """Which workbook: the month, and for the staff a piano or a body."""

    mese = _mese(pigro("Il mese di cui compilare gli avanzamenti."))
    piano = forms.ModelChoiceField(
        PianoIntegrato.objects.all(),
        to_field_name="codice",
        label=pigro("Piano"),
        help_text=pigro("Solo gli interventi di un piano, se sono troppi per un foglio."),
        required=False,
        empty_label=pigro("Tutti"),
        error_messages={"invalid_choice": pigro("Questo piano non c'è: sceglilo dall'elenco.")},
    )
    ente = forms.ModelChoiceField(
        Ente.objects.all(),
        label=pigro("Comune o altro ente"),
        help_text=pigro("Solo gli interventi che un ente attua."),
        required=False,
        empty_label=pigro("Tutti"),
        error_messages={"invalid_choice": pigro("Questo ente non c'è: sceglilo dall'elenco.")},
    )

    def __init__(self, *args: Any, utente: Utente, **kwargs: Any) -> None:
        # The form of the upload, beside it, asks for the month too.
        super().__init__(*args, **{"auto_id": "scelta_%s", **kwargs})
        if su_tutti(utente, Permesso.COMPILARE_AVANZAMENTI):
            cast(forms.ModelChoiceField, self.fields["ente"]).queryset = selectors.enti_compilabili(utente)
        else:
            del self.fields["piano"], self.fields["ente"]

    def scelta(self) -> Scelta:
        """What was chosen; the last month that is over where nothing good was."""
        puliti = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Scelta(puliti.get("mese") or mese_corrente(), puliti.get("piano"), puliti.get("ente"))


class SceltaFile(forms.FileInput):
    use_required_attribute = cast(Any, staticmethod(lambda initial: False))


class CaricamentoForm(forms.Form):
    """The workbook that comes back. Its month is asked, so that one of another month is not taken by mistake."""

    mese = _mese(pigro("Lo stesso del foglio che carichi: un foglio di un altro mese si rifiuta."))
    file = forms.FileField(
        label=pigro("Foglio compilato"),
        widget=SceltaFile(attrs={"accept": ".xlsx"}),
        max_length=1000,
        allow_empty_file=True,
        error_messages={
            "required": pigro("Scegli il file da caricare."),
            "missing": pigro("Scegli il file da caricare."),
            "max_length": pigro("Il nome del file è troppo lungo: accorcialo."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Il file .xlsx scaricato da qui, fino a %(mega)s MB; non .xls, .ods o .csv."
        ) % {"mega": settings.FOGLIO_MEGABYTE}
