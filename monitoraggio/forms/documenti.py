"""Forms of the documents: a new one, a new version, the act that deletes one."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.forms.models import ModelChoiceIteratorValue
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from monitoraggio.models import TipoDocumento
from monitoraggio.services.caricamenti import DatiDocumento
from psttm import formati

# Five years: from before the first payments of the PNRR.
MESI_INDIETRO = 60
# The name of no form: a field that carries it belongs to none, wherever it stands (see `templates/…/riquadro.html`).
SENZA_MODULO = "documenti-senza-modulo"


class SceltaTipo(forms.Select):
    """Each kind says which files it takes: the page writes them under the file, and the browser offers only those."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        opzione = super().create_option(name, value, *args, **kwargs)
        if isinstance(value, ModelChoiceIteratorValue):
            tipo: TipoDocumento = value.instance  # type: ignore[attr-defined]
            opzione["attrs"] |= dati_del_tipo(tipo)
        return opzione


def dati_del_tipo(tipo: TipoDocumento) -> dict[str, str]:
    return {
        "data-ammessi": tipo.ammessi,
        "data-estensioni": ",".join(f".{estensione}" for estensione in tipo.estensioni),
        "data-massimo": str(tipo.massimo_byte),
    }


class DocumentoForm(forms.Form):
    """What is declared of a document."""

    use_required_attribute = False
    tipo = forms.ModelChoiceField(
        TipoDocumento.objects.all(),
        to_field_name="codice",
        label=_("Tipo di documento"),
        help_text=_("Decide quali file si accettano e per quanti anni si conservano."),
        empty_label=_("Scegli"),
        widget=SceltaTipo,
        error_messages={
            "required": _("Scegli il tipo di documento."),
            "invalid_choice": _("Questo tipo di documento non c'è: sceglilo dall'elenco."),
        },
    )
    titolo = forms.CharField(
        label=_("Titolo"),
        required=False,
        max_length=200,
        help_text=_("Se lo lasci vuoto vale il nome del file."),
        error_messages={"max_length": _("Il titolo ha %(show_value)s caratteri: al massimo sono %(limit_value)s.")},
    )
    # The forms' own `data` are set on the instance; this one is taken away from the class by Django.
    data = forms.DateField(  # type: ignore[assignment]
        label=_("Data del documento"),
        help_text=_("Quella scritta sull'atto, non quella di oggi."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        error_messages={"invalid": _("Non è un giorno: scrivilo per esempio così, 31/12/2024.")},
    )
    protocollo = forms.CharField(
        label=_("Protocollo"),
        required=False,
        max_length=60,
        help_text=_("Per esempio 12345/2024."),
        error_messages={"max_length": _("Il protocollo ha %(show_value)s caratteri: al massimo sono %(limit_value)s.")},
    )
    mese = forms.TypedChoiceField(
        label=_("Mese di cui dà conto"),
        help_text=_("Il mese dell'avanzamento che il documento prova."),
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
        error_messages={"invalid_choice": _("Questo mese non è fra quelli dell'elenco.")},
    )

    def __init__(self, *args: Any, sciolto: bool = False, **kwargs: Any) -> None:
        """`sciolto`: inside the form of another page, of which these fields are no part."""
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["mese"]).choices = [("", _("Nessuno in particolare")), *mesi()]
        if sciolto:
            for campo in self.fields.values():
                campo.widget.attrs["form"] = SENZA_MODULO

    def dati(self) -> DatiDocumento:
        puliti = self.cleaned_data
        return DatiDocumento(
            tipo=puliti["tipo"].codice,
            titolo=puliti["titolo"],
            data=puliti["data"],
            protocollo=puliti["protocollo"],
            mese=puliti["mese"],
        )


def mesi() -> list[tuple[str, str]]:
    """The months up to the present one, the latest first."""
    oggi = timezone.localdate()
    conti = [oggi.year * 12 + oggi.month - 1 - indietro for indietro in range(MESI_INDIETRO)]
    giorni = [date(conto // 12, conto % 12 + 1, 1) for conto in conti]
    return [(giorno.isoformat(), formati.mese(giorno)) for giorno in giorni]


class ConFile(forms.Form):
    """A file to hand in, whole."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput,
        help_text=_("Tipi di file e dimensione dipendono dal tipo di documento: sono scritti in questa pagina."),
        max_length=1000,
        allow_empty_file=True,
        error_messages={"required": _("Scegli il file da caricare."), "missing": _("Scegli il file da caricare.")},
    )


class CaricaForm(ConFile, DocumentoForm):
    """A new document with its file, for browsers without scripts; with them the fields are the same."""

    field_order = ["tipo", "file", "titolo", "data", "protocollo", "mese"]


class VersioneForm(ConFile):
    """A new version: the document stays what it is, the file is another."""

    def __init__(self, *args: Any, tipo: TipoDocumento, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs |= {**dati_del_tipo(tipo), "accept": dati_del_tipo(tipo)["data-estensioni"]}
        self.fields["file"].help_text = tipo.ammessi


class EliminaForm(forms.Form):
    """The act by which a document is deleted, and why."""

    atto = forms.CharField(
        label=_("Atto"),
        max_length=200,
        help_text=_("Tipo, numero e data: per esempio determina n. 120 del 3/3/2025."),
        error_messages={
            "required": _("Manca l'atto con cui si elimina: scrivi quale, con numero e data."),
            "max_length": _("L'atto ha %(show_value)s caratteri: al massimo sono %(limit_value)s."),
        },
    )
    motivo = forms.CharField(
        label=_("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Resta scritto per sempre, con il tuo nome."),
        error_messages={
            "required": _("Manca il motivo: scrivi perché il documento non deve più esserci."),
            "max_length": _("Il motivo ha %(show_value)s caratteri: al massimo sono %(limit_value)s."),
        },
    )
