"""Forms of the imports: files to hand in, the reason of an undo, the choice on a difference."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.importazione.archivi import MEGA, contenuto
from interventi.importazione.tipi import FileNonLeggibile
from interventi.models.importazioni import Perimetro, StatoDifferenza
from interventi.services.importazioni import AMMESSI
from psttm import formati


class SceltaDiFile(forms.FileInput):
    allow_multiple_selected = True


class FileField(forms.Field):
    """Several files at once; those that plainly are no tables are refused here, each with its reason."""

    widget = SceltaDiFile

    def clean(self, value: Any) -> list[UploadedFile]:
        file: list[UploadedFile] = [uno for uno in value or [] if uno]
        if not file:
            raise ValidationError(self.error_messages["required"])
        if len(file) > settings.IMPORTAZIONE_FILE:
            raise ValidationError(
                _("Hai scelto %(quanti)s file, al massimo sono %(massimo)s per volta: caricali in più riprese.")
                % {"quanti": len(file), "massimo": settings.IMPORTAZIONE_FILE}
            )
        errori = [errore for uno in file if (errore := _errore(uno))]
        if errori:
            raise ValidationError([ValidationError(errore) for errore in errori])
        return file


def massimo_byte() -> int:
    """The largest file that can be handed in."""
    return int(settings.IMPORTAZIONE_MEGABYTE * MEGA)


def _errore(file: UploadedFile) -> str:
    """Why this file cannot be handed in; blank if it can."""
    nome = file.name or ""
    if (file.size or 0) > massimo_byte():
        return _(
            "«%(nome)s» pesa %(mega)s MB, al massimo sono %(massimo)s: comprimilo in uno zip, oppure dividilo."
        ) % {
            "nome": nome,
            "mega": formati.numero(-(-(file.size or 0) // MEGA)),
            "massimo": settings.IMPORTAZIONE_MEGABYTE,
        }
    try:
        contenuto(cast(BinaryIO, file), nome)
    except FileNonLeggibile as errore:
        testo = str(errore)
        return testo if nome in testo else f"«{nome}»: {testo[:1].lower()}{testo[1:]}"
    return ""


class CaricamentoForm(forms.Form):
    """The files of an import, and which interventi to take from them."""

    file = FileField(
        label=pigro("File da importare"),
        widget=SceltaDiFile(attrs={"accept": ",".join(AMMESSI)}),
        error_messages={"required": pigro("Scegli almeno un file da importare.")},
    )
    perimetro = forms.ChoiceField(
        label=pigro("Quali interventi prendere"),
        choices=Perimetro.choices,
        initial=Perimetro.METROPOLI,
        widget=forms.RadioSelect,
        help_text=pigro(
            "Gli estratti nazionali contengono tutta l'Italia. Con la prima scelta entrano gli interventi che si "
            "trovano nei Comuni della Città metropolitana di Milano, o che uno dei suoi enti attua; le altre righe si "
            "contano come «fuori perimetro». Gli interventi già nel portale si aggiornano con entrambe."
        ),
        error_messages={"required": pigro("Scegli quali interventi prendere.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "CSV, XLSX o uno zip di questi, come li scarichi da ReGiS o da Italia Domani: anche più di uno insieme, "
            "fino a %(file)s file di %(mega)s MB. Le tabelle si riconoscono dalle colonne, il nome del file non conta."
        ) % {"file": settings.IMPORTAZIONE_FILE, "mega": settings.IMPORTAZIONE_MEGABYTE}


class MotivoForm(forms.Form):
    """Why an import is undone."""

    motivo = forms.CharField(
        label=pigro("Perché l'importazione va annullata"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=pigro("Resta nel registro degli eventi, al massimo 300 caratteri."),
        error_messages={"required": pigro("Scrivi perché: chi guarderà la storia dei dati deve capirlo.")},
    )


class DecisioneForm(forms.Form):
    """Which value stays, and why."""

    scelta = forms.ChoiceField(
        label=pigro("Quale valore resta"),
        help_text=pigro("Prendi quello che corrisponde all'atto; l'altro resta scritto nella storia."),
        choices=[
            (StatoDifferenza.NOSTRO, pigro("Tieni il valore del portale")),
            (StatoDifferenza.REGIS, pigro("Prendi il valore di ReGiS")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": pigro("Scegli quale valore resta: quello del portale o quello di ReGiS.")},
    )
    motivo = forms.CharField(
        label=pigro("Motivo"),
        required=False,
        max_length=300,
        help_text=pigro("Per esempio: confermato dal RUP con la nota del 3/3/2025."),
        error_messages={"max_length": pigro("Il motivo ha %(show_value)s caratteri: al massimo sono %(limit_value)s.")},
    )


class DecisioniForm(DecisioneForm):
    """The same decision on several differences."""

    scelti = forms.TypedMultipleChoiceField(
        label=pigro("Differenze"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": pigro("Segna almeno una differenza nell'elenco."),
            "invalid_choice": pigro("Una delle differenze segnate non è più da decidere: guarda di nuovo l'elenco."),
        },
    )

    field_order = ["scelti", "scelta", "motivo"]

    def __init__(self, *args: Any, aperte: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scelti = cast(forms.TypedMultipleChoiceField, self.fields["scelti"])
        scelti.choices = [(pk, str(pk)) for pk in aperte]
