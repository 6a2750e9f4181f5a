"""Forms of the traguardi: a new one, how it goes, and the act that moves its deadline."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.forms.campi import NumeroField, campo_di, leggi_importo
from interventi.models import Intervento
from interventi.selectors import codice_cercato
from monitoraggio.models import Traguardo
from monitoraggio.selectors.traguardi import quantita
from monitoraggio.services.traguardi import ALLA_NASCITA, CORREGGIBILI
from piani_integrati.forms import DataAttoField
from piani_integrati.models import PianoIntegrato
from psttm.models import Misura

NON_UN_GIORNO = pigro("Non è un giorno: scrivilo per esempio così, 31/12/2024.")


AIUTI = {
    "codice": pigro("Quello ufficiale, per esempio M5C2-14, oppure uno vostro."),
    "titolo": pigro("Che cosa deve essere vero, per esempio: aggiudicati tutti gli appalti."),
    "tipo": pigro("Milestone se è un fatto, target se è una quantità."),
    "livello": pigro("Europeo se sta nell'allegato alla decisione del Consiglio; nazionale se lo chiede l'Italia."),
    "scadenza": pigro(
        "Un trimestre scade il suo ultimo giorno. In seguito la scadenza si sposta soltanto con un atto."
    ),
    "valore_obiettivo": pigro("Solo per un target: la quantità da raggiungere."),
    "unita": pigro("Per esempio: interventi, m², % del costo complessivo."),
    "previsione": pigro("Quando si conta di conseguirlo: oltre la scadenza, è a rischio."),
    "conseguito_il": pigro("Il giorno dell'atto che lo prova; vuoto se non è conseguito."),
    "valore_raggiunto": pigro("Solo per un target: la quantità di oggi, nella stessa unità."),
    "evidenza": pigro("Che cosa prova il conseguimento: serve se è conseguito."),
    "nota": pigro("Ciò che chi lo segue deve sapere."),
    "fonte": pigro("Il documento in cui il traguardo è scritto."),
    "luogo": pigro("Pagina, articolo o tabella, per chi vorrà controllare."),
}


class ValoreField(NumeroField):
    """A quantity in any unit, from zero up, with four decimals at most; shown back with those it has."""

    _FINI = re.compile(r"(?P<intero>\d{1,3}(?:\.\d{3})*|\d+),(?P<resto>\d{3,4})", re.ASCII)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, Decimal):
            return value
        fini = self._FINI.fullmatch(str(value).strip())
        intero = fini["intero"].replace(".", "") if fini else ""
        numero = Decimal(f"{intero}.{fini['resto']}") if fini else leggi_importo(str(value))
        if numero > self.massimo:
            raise ValidationError(
                _("%(numero)s è troppo: il massimo è %(massimo)s."),
                params={"numero": quantita(numero), "massimo": quantita(self.massimo)},
            )
        return numero

    def prepare_value(self, value: Any) -> Any:
        try:
            return quantita(self.to_python(value))
        except ValidationError:
            return value


def _campo(campo: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """As everywhere, but for quantities, which are in any unit."""
    if isinstance(campo, models.DecimalField):
        nome = str(campo.verbose_name)
        return ValoreField(label=nome[:1].upper() + nome[1:], required=False, help_text=kwargs.get("help_text", ""))
    return campo_di(campo, **kwargs)


class _Modulo(forms.ModelForm):
    """Fields made from the model; the services write."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fonte"].label = _("Documento da cui è tratto")
        self.fields["luogo"].label = _("Punto del documento")

    def _post_clean(self) -> None:
        """No instance is filled or judged here."""

    def rifiuta(self, campo: str, testo: str) -> None:
        """Say at the field what the service refused; "" for none in particular."""
        self.add_error(campo if campo in self.fields else None, testo)


class ModificaTraguardoForm(_Modulo):
    """Everything but whose it is, its code and its deadline."""

    vista = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Traguardo
        fields = CORREGGIBILI
        help_texts = AIUTI
        formfield_callback = _campo

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        return {nome: self.cleaned_data[nome] for nome in CORREGGIBILI}


class InterventoField(forms.CharField):
    """An intervento by its CUP or by its local code."""

    def clean(self, value: Any) -> Intervento | None:
        testo = super().clean(value)
        if not testo:
            return None
        per_cup = Q(cup=codice) if (codice := codice_cercato(testo)) else Q()
        trovati = list(Intervento.objects.filter(per_cup | Q(clp=testo))[:2])
        if not trovati:
            raise ValidationError(
                _("Non c'è un intervento con il codice «%(codice)s»: controllalo."), params={"codice": testo}
            )
        if len(trovati) > 1:
            raise ValidationError(
                _("Più interventi hanno il codice «%(codice)s»: scrivi il codice locale del progetto."),
                params={"codice": testo},
            )
        return trovati[0]


class NuovoTraguardoForm(_Modulo):
    """A traguardo and its first deadline: of one misura, one piano or one intervento."""

    misura = forms.ModelChoiceField(
        label=pigro("Misura"),
        help_text=pigro("Per un traguardo del PNRR che vale per tutta la misura."),
        queryset=Misura.objects.all(),
        to_field_name="codice",
        required=False,
        empty_label=pigro("Nessuna"),
    )
    piano = forms.ModelChoiceField(
        label=pigro("Piano"),
        help_text=pigro("Per un traguardo del piano intero."),
        queryset=PianoIntegrato.objects.all(),
        to_field_name="codice",
        required=False,
        empty_label=pigro("Nessuno"),
    )
    intervento = InterventoField(
        label=pigro("CUP o codice locale dell'intervento"),
        required=False,
        help_text=pigro("Un traguardo è di una misura, di un piano oppure di un intervento: compila uno solo dei tre."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("misura", "piano", "intervento", "codice", "titolo", "tipo", "livello", "scadenza")

    class Meta:
        model = Traguardo
        fields = ALLA_NASCITA
        help_texts = AIUTI
        formfield_callback = _campo

    def clean(self) -> dict[str, Any]:
        dati: dict[str, Any] = super().clean() or self.cleaned_data
        scelti = [nome for nome in ("misura", "piano", "intervento") if dati.get(nome) is not None]
        if len(scelti) > 1:
            self.add_error(scelti[-1], _("Scegline uno solo: una misura, un piano o un intervento."))
        elif not scelti and not self.errors.get("intervento"):
            self.add_error("misura", _("Manca di chi è il traguardo: scegli una misura, un piano o un intervento."))
        return dati

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        return {nome: self.cleaned_data[nome] for nome in self.fields}


class SpostaForm(forms.Form):
    """The act by which a deadline becomes another."""

    use_required_attribute = False

    scadenza = forms.DateField(
        label=pigro("Nuova scadenza"),
        help_text=pigro("Quella che l'atto stabilisce; la vecchia resta nella storia."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": pigro("Manca la nuova scadenza."), "invalid": NON_UN_GIORNO},
    )
    atto = forms.CharField(
        label=pigro("Atto"),
        max_length=200,
        help_text=pigro("Tipo e numero, per esempio: decreto ministeriale n. 43/2025."),
        error_messages={"required": pigro("Manca l'atto: scrivine il tipo e il numero.")},
    )
    data_atto = DataAttoField()
    motivo = forms.CharField(
        label=pigro("Motivo"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=pigro("Perché la scadenza cambia: resta scritto accanto a quella di prima."),
        error_messages={"required": pigro("Manca il motivo: scrivi perché la scadenza cambia.")},
    )

    def rifiuta(self, campo: str, testo: str) -> None:
        """Say at the field what the service refused; "" for none in particular."""
        self.add_error(campo if campo in self.fields else None, testo)
