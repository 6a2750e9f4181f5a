"""The fields of a scenario: a row for each intervento, the hypothetical ones, the name. `banco` puts them together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.forms.campi import NumeroField, SiNoSelect
from interventi.scelte import ClasseEnergetica
from piani_integrati.scenari import EDIFICIO, NOME_MASSIMO, Riga
from piani_integrati.simulazione import CLASSI, COSTO, PRIVATO, Ipotetico

MQ = "mq_beneficiari"
# The fields of a row, in the order of the table.
COLONNE = {
    COSTO: pigro("Costo totale (€)"),
    PRIVATO: pigro("Dai privati (€)"),
    EDIFICIO: pigro("Edificio"),
    "classe_prima": pigro("Classe prima"),
    "classe_dopo": pigro("Classe dopo"),
    MQ: pigro("Area (m²)"),
}
AMMONTARI = (COSTO, PRIVATO, MQ)
NON_DETTO = pigro("n.d.")
CHI_MANCA = pigro("intervento ipotetico")


class _SiNo(SiNoSelect):
    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", NON_DETTO), ("true", pigro("Sì")), ("false", pigro("No"))]


class ValoriForm(forms.Form):
    """The fields that a scenario can change, each named for whoever does not see the table."""

    finanziamento_totale = NumeroField(label=COLONNE[COSTO], required=False)
    privato = NumeroField(label=COLONNE[PRIVATO], required=False)
    edificio = forms.NullBooleanField(label=COLONNE[EDIFICIO], required=False, widget=_SiNo)
    classe_prima = forms.ChoiceField(label=COLONNE["classe_prima"], required=False)
    classe_dopo = forms.ChoiceField(label=COLONNE["classe_dopo"], required=False)
    mq_beneficiari = NumeroField(label=COLONNE[MQ], required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, di_chi: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nome in CLASSI:
            campo = self.fields[nome]
            assert isinstance(campo, forms.ChoiceField)  # noqa: S101 they are declared above
            campo.choices = SCELTE_CLASSI
        for nome, titolo in COLONNE.items():
            self.fields[nome].widget.attrs["aria-label"] = f"{titolo}, {di_chi}"

    def letti(self) -> dict[str, Any]:
        """What the fields that can be read say, None where they are empty."""
        dati = self.cleaned_data
        return {nome: (dati[nome] or None) if nome in CLASSI else dati[nome] for nome in COLONNE if nome in dati}


SCELTE_CLASSI = [
    ("", NON_DETTO),
    *((c.value, pigro("A (prima del 2015)") if c == ClasseEnergetica.A else c.value) for c in ClasseEnergetica),
]


class RigaForm(ValoriForm):
    """A row of the table: `vista` is what the fields held when it was drawn without changes."""

    escluso = forms.BooleanField(label=pigro("Escludi"), required=False)

    def __init__(self, *args: Any, riga: Riga, vista: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.riga = riga
        self.vista = {campo: riga.valori[campo] for campo in COLONNE} | dict(vista or {})
        super().__init__(*args, di_chi=riga.codice, prefix=f"i{riga.pk}", **kwargs)
        self.fields["escluso"].widget.attrs["aria-label"] = _("Lascia fuori %(codice)s") % {"codice": riga.codice}

    def cambi(self) -> dict[str, Any]:
        return {campo: valore for campo, valore in self.letti().items() if valore != self.vista[campo]}


class IpoteticoForm(ValoriForm):
    """An intervento that does not exist yet; left wholly empty it is none."""

    nome = forms.CharField(
        label=pigro("Nome"),
        required=False,
        max_length=NOME_MASSIMO,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    togli = forms.BooleanField(label=pigro("Togli"), required=False)
    field_order = ["nome"]

    def __init__(self, *args: Any, numero: int, **kwargs: Any) -> None:
        self.numero = numero
        di_chi = _("intervento ipotetico %(numero)s") % {"numero": numero + 1}
        super().__init__(*args, di_chi=di_chi, prefix=f"n{numero}", **kwargs)
        self.fields["nome"].widget.attrs["aria-label"] = _("Nome, %(chi)s") % {"chi": di_chi}
        self.fields["togli"].widget.attrs["aria-label"] = _("Togli, %(chi)s") % {"chi": di_chi}

    def clean_nome(self) -> str:
        return " ".join(self.cleaned_data["nome"].split())

    def clean(self) -> dict[str, Any]:
        dati = self.cleaned_data
        detti = any(valore is not None for valore in self.letti().values())
        if detti and not dati.get("togli") and not dati.get("nome") and "nome" not in self.errors:
            self.add_error("nome", ValidationError(_("Manca il nome dell'intervento ipotetico.")))
        return dati

    def ipotetico(self) -> Ipotetico | None:
        """None for one that is empty, or to be taken away; with another name while its own is missing."""
        valori = {campo: valore for campo, valore in self.letti().items() if valore is not None}
        nome = self.cleaned_data.get("nome") or (str(CHI_MANCA) if valori else "")
        return None if self.cleaned_data.get("togli") or not nome else Ipotetico(nome, valori)


class ScenarioForm(forms.Form):
    """The name of a scenario, and when it was last saved as the person saw it."""

    nome = forms.CharField(
        label=pigro("Nome dello scenario"),
        help_text=pigro("Un nome che dica che cosa cambia, per esempio: senza il parco nord."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": pigro("Manca il nome: serve per ritrovare lo scenario."),
            "max_length": pigro("Il nome ha %(show_value)s caratteri: al massimo sono %(limit_value)s."),
        },
    )
    visto_alle = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_visto_alle(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["visto_alle"])
        except ValueError:
            return None
