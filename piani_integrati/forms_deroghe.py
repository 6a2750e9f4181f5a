"""Forms of the waivers: recording one by its act, withdrawing one with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.models import Intervento
from interventi.selectors import codice_cercato
from piani_integrati.forms import DataAttoField
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole import REGOLE, Livello, Regola

# Up to here the interventi of the piano are chosen from a list; beyond, by their code.
ELENCABILI = 300
TITOLO_BREVE = 90
CODICE_LOCALE = pigro("Dove più interventi hanno lo stesso CUP, scrivi il codice locale del progetto.")
UNO_SOLO = pigro("Un intervento solo si indica per le regole sui singoli interventi.")
VUOTO = pigro("Vuoto: vale per tutto il piano.")


def scelte(piano: PianoIntegrato | None = None) -> list[Any]:
    """The rules by title, those that may be waived for a single intervento apart; those about this kind of piano."""
    in_gioco = [regola for regola in REGOLE if piano is None or piano.tipo in regola.tipi]
    sui_singoli = [_scelta(regola) for regola in in_gioco if regola.livello is Livello.INTERVENTO]
    sul_piano = [_scelta(regola) for regola in in_gioco if regola.livello is Livello.PIANO]
    gruppi = [(pigro("Regole sui singoli interventi"), sui_singoli), (pigro("Regole sul piano intero"), sul_piano)]
    return [("", pigro("Scegli")), *[gruppo for gruppo in gruppi if gruppo[1]]]


def _scelta(regola: Regola) -> tuple[str, Any]:
    return regola.codice, regola.titolo


class InterventoScelto(forms.ModelChoiceField):
    """An intervento of the piano, by its code and title."""

    def label_from_instance(self, obj: Any) -> str:
        titolo = obj.titolo if len(obj.titolo) <= TITOLO_BREVE else f"{obj.titolo[:TITOLO_BREVE]}…"
        return f"{obj.codice} {titolo}".strip()


class InterventoScritto(forms.CharField):
    """An intervento of the piano, typed by its CUP or, where several share it, by its local code."""

    interventi: QuerySet[Intervento]

    def clean(self, value: Any) -> Intervento | None:
        testo = super().clean(value)
        if not testo:
            return None
        per_cup = Q(cup=codice) if (codice := codice_cercato(testo)) else Q()
        trovati = list(self.interventi.filter(per_cup | Q(clp=testo))[:2])
        if not trovati:
            raise ValidationError(
                _("Nel piano non c'è un intervento con il codice «%(codice)s»: controllalo."), params={"codice": testo}
            )
        if len(trovati) > 1:
            raise ValidationError(
                _("Nel piano ci sono più interventi con il codice «%(codice)s»: scrivi il codice locale del progetto."),
                params={"codice": testo},
            )
        return trovati[0]


class DerogaForm(forms.Form):
    """A waiver and the act that grants it, for one piano."""

    regola = forms.ChoiceField(
        label=pigro("Regola"),
        help_text=pigro("Quella che l'atto nomina: il suo esito non cambia."),
        choices=scelte,
        error_messages={"required": pigro("Manca la regola: scegli quella a cui si deroga.")},
    )
    intervento = forms.CharField(label=pigro("Intervento"), required=False, help_text=UNO_SOLO)
    atto = forms.CharField(
        label=pigro("Atto"),
        max_length=200,
        help_text=pigro("Tipo e numero, per esempio: decreto ministeriale n. 43/2025."),
        error_messages={"required": pigro("Manca l'atto che concede la deroga: scrivine il tipo e il numero.")},
    )
    organo = forms.CharField(
        label=pigro("Chi l'ha concessa"),
        max_length=120,
        help_text=pigro("Per esempio: Ministero dell'interno."),
        error_messages={"required": pigro("Manca chi ha concesso la deroga.")},
    )
    data_atto = DataAttoField()
    motivo = forms.CharField(
        label=pigro("Motivo"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=pigro("Perché è concessa, e con quali limiti: resta scritto accanto all'esito."),
        error_messages={"required": pigro("Manca il motivo: scrivi perché la deroga è concessa.")},
    )

    def __init__(self, *args: Any, piano: PianoIntegrato, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regola"].choices = scelte(piano)  # type: ignore[attr-defined]
        suoi = Intervento.objects.filter(nel_piano__piano=piano).only("cup", "clp", "titolo").order_by("cup", "clp")
        comuni: dict[str, Any] = {"label": _("Intervento"), "required": False, "help_text": UNO_SOLO}
        if piano.voci.count() <= ELENCABILI:
            fuori = _("L'intervento non è nel piano %(piano)s: scegline uno dell'elenco.") % {"piano": piano.codice}
            self.fields["intervento"] = InterventoScelto(
                suoi, **comuni, empty_label=_("Tutto il piano"), error_messages={"invalid_choice": fuori}
            )
        else:
            campo = InterventoScritto(
                **comuni | {"label": _("CUP dell'intervento"), "help_text": f"{VUOTO} {UNO_SOLO} {CODICE_LOCALE}"},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
            campo.interventi = suoi
            self.fields["intervento"] = campo
            self.initial["intervento"] = _codice(suoi, self.initial.get("intervento", ""))

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        dati = dict(self.cleaned_data)
        intervento = dati.pop("intervento")
        return {
            "data": dati.pop("data_atto"),
            "intervento_id": None if intervento is None else intervento.pk,
            **dati,
        }

    def rifiuta(self, campo: str, testo: str) -> None:
        """Say at the field what the service refused; `campo` as the service calls it, "" for none in particular."""
        self.add_error("data_atto" if campo == "data" else campo or None, testo)


def _codice(interventi: QuerySet[Intervento], chiave: str) -> str:
    """The code that tells the intervento with this primary key from the others of the piano; "" if it is not there."""
    intervento = interventi.filter(pk=int(chiave)).first() if chiave.isdecimal() and len(chiave) < 19 else None
    if intervento is None:
        return ""
    return intervento.clp if interventi.filter(cup=intervento.cup).count() > 1 else intervento.codice


class RitiroForm(forms.Form):
    """Why a waiver holds no more."""

    motivo = forms.CharField(
        label=pigro("Perché non vale più"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=pigro("Per esempio: revocata con decreto n. 50/2025, oppure: registrata per errore."),
        error_messages={"required": pigro("Manca il motivo: scrivi perché la deroga non vale più.")},
    )
