"""The form of a meeting of the Cabina di regia."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as pigro

from rapporti.models import Riunione
from rapporti.selectors_riunioni import Richiesta, al_consueto, offerte, richieste_di

GIORNI_MASSIMI = 60
NON_UN_GIORNO = pigro("Non è un giorno: scrivilo per esempio così, 31/12/2025.")


def _giorno(etichetta: Any, **altro: Any) -> forms.DateField:
    return forms.DateField(
        label=etichetta,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        **altro,
    )


class RiunioneForm(forms.Form):
    """When it is, what its reports speak of, which they are."""

    use_required_attribute = False

    giorno = _giorno(
        pigro("Giorno della riunione"),
        help_text=pigro("I rapporti saranno pronti prima di questo giorno."),
        error_messages={"required": pigro("Manca il giorno della riunione."), "invalid": NON_UN_GIORNO},
    )
    titolo = forms.CharField(
        label=pigro("Titolo"),
        help_text=pigro("Come la riunione si chiama nella convocazione."),
        max_length=200,
        initial=pigro("Cabina di regia"),
        error_messages={"required": pigro("Manca il titolo: basta «Cabina di regia».")},
    )
    giorni_prima = forms.IntegerField(
        label=pigro("Quanti giorni prima preparare i rapporti"),
        min_value=0,
        max_value=GIORNI_MASSIMI,
        initial=3,
        help_text=pigro("Si preparano da soli quel giorno, dopo le 5:30, con ciò che il portale sa in quel momento."),
        error_messages={
            "required": pigro("Manca quanti giorni prima: 0 se la mattina stessa."),
            "invalid": pigro("Serve un numero intero di giorni, da 0 a 60."),
            "min_value": pigro("Serve un numero di giorni da 0 in su."),
            "max_value": pigro("Al massimo 60 giorni prima."),
        },
    )
    al = _giorno(
        pigro("Situazione al"),
        required=False,
        help_text=pigro("Vuoto, è la fine dell'ultimo mese concluso quando i rapporti si preparano."),
        error_messages={"invalid": NON_UN_GIORNO},
    )
    richieste = forms.MultipleChoiceField(
        label=pigro("Rapporti da preparare"),
        help_text=pigro("Ognuno racconta anche che cosa è cambiato dalla riunione precedente."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": pigro("Scegli almeno un rapporto da preparare."),
            "invalid_choice": pigro("«%(value)s» non è tra i rapporti che si possono chiedere."),
        },
    )
    spedire = forms.BooleanField(
        label=pigro("Quando sono pronti, spedirli ai membri della Cabina di regia"),
        required=False,
        initial=True,
        help_text=pigro("Una e-mail per persona, con tutti i rapporti della riunione."),
    )

    def __init__(self, *args: Any, riunione: Riunione | None = None, **kwargs: Any) -> None:
        """With a meeting, the form shows it; what it asks for can be chosen again even if no longer offered."""
        gia = richieste_di(riunione) if riunione is not None else []
        if riunione is not None:
            campi = ("giorno", "titolo", "giorni_prima", "al", "spedire")
            mostrati = {campo: getattr(riunione, campo) for campo in campi}
            kwargs["initial"] = mostrati | {"richieste": [richiesta.testo for richiesta in gia]}
        super().__init__(*args, **kwargs)
        possibili = offerte()
        possibili += [richiesta for richiesta in gia if richiesta not in possibili]
        self._possibili = {richiesta.testo: richiesta for richiesta in possibili}
        self.fields["richieste"].choices = [  # type: ignore[attr-defined]
            (testo, richiesta.parole) for testo, richiesta in self._possibili.items()
        ]

    def clean(self) -> dict[str, Any]:
        dati: dict[str, Any] = super().clean() or self.cleaned_data
        if not dati.get("al") and not self.errors.keys() & {"al", "giorno", "giorni_prima"}:
            dati["al"] = al_consueto(dati["giorno"], dati["giorni_prima"])
        return dati

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the services take; the reports in the order of the form."""
        scelte: list[Richiesta] = [
            richiesta for testo, richiesta in self._possibili.items() if testo in self.cleaned_data["richieste"]
        ]
        return self.cleaned_data | {"richieste": [list(richiesta) for richiesta in scelte]}

    def rifiuta(self, campo: str, testo: str) -> None:
        """Say at the field what the service refused; "" for none in particular."""
        self.add_error(campo if campo in self.fields else None, testo)
