"""The forms of an intervento and of its parts. They only read what was typed: `controlli` judges it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi import cig, cup
from interventi.forms import aiuti
from interventi.forms.campi import ComuneField, ElencoComuni, campo_di
from interventi.istantanea import CAMPI, CHIAVE, PARTI, UNICHE
from interventi.models import (
    Classificazione,
    DatiCup,
    Finanziamento,
    Intervento,
    LegameDriver,
    LegameStrategia,
    Localizzazione,
    Procedura,
    Requisiti,
    ValutazioneDnsh,
    VoceQuadroEconomico,
)
from interventi.models.dati_cup import PRIMO_ANNO, ULTIMO_ANNO

MAI = datetime.min.replace(tzinfo=UTC)


class Modulo(forms.ModelForm):
    """A form made from a model, which never touches a row of it."""

    def _post_clean(self) -> None:
        """No instance is filled or judged here."""


class CodiceField(forms.CharField):
    """A CUP or a CIG, taken with spaces and small letters too."""

    def __init__(self, normalizza: Callable[[str], str], **kwargs: Any) -> None:
        self.normalizza = normalizza
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> str:
        testo = super().to_python(value)
        return self.normalizza(testo) if testo else ""


class InterventoForm(Modulo):
    cup = CodiceField(
        cup.normalizza,
        label="CUP",
        required=False,
        help_text=pigro("Quindici caratteri, anche con spazi. Lascialo vuoto finché il CUP non è generato."),
    )
    visto_alle = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Intervento
        fields = CAMPI
        help_texts = aiuti.INTERVENTO
        formfield_callback = campo_di

    def __init__(self, *args: Any, di_regis: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["titolo"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["sintesi"].widget = forms.Textarea(attrs={"rows": 5})
        for campo in CHIAVE if di_regis else ():
            self.fields[campo].disabled = True
            self.fields[campo].help_text = _("Viene da ReGiS: qui non si cambia.")

    def clean_visto_alle(self) -> datetime:
        """When the intervento had last been saved, as seen when the form was opened."""
        try:
            visto = datetime.fromisoformat(self.cleaned_data["visto_alle"])
        except ValueError:
            return MAI
        return visto if visto.tzinfo else MAI


class RequisitiForm(Modulo):
    class Meta:
        model = Requisiti
        fields = UNICHE["requisiti"][1]
        help_texts = aiuti.REQUISITI
        formfield_callback = campo_di


class DnshForm(Modulo):
    class Meta:
        model = ValutazioneDnsh
        fields = UNICHE["dnsh"][1]
        help_texts = aiuti.DNSH
        formfield_callback = campo_di


class DatiCupForm(Modulo):
    class Meta:
        model = DatiCup
        fields = UNICHE["dati_cup"][1]
        formfield_callback = campo_di

    def clean_anno_decisione(self) -> int | None:
        anno: int | None = self.cleaned_data["anno_decisione"]
        if anno is not None and not PRIMO_ANNO <= anno <= ULTIMO_ANNO:
            raise ValidationError(
                _("Il %(anno)s non può essere: scrivi quattro cifre, dal %(primo)s in poi."),
                params={"anno": anno, "primo": PRIMO_ANNO},
            )
        return anno


class ClassificazioneForm(Modulo):
    """A classification that the register does not have yet: codes of the Sistema CUP, with their names."""

    class Meta:
        model = Classificazione
        fields = (
            "natura", "tipologia", "tipologia_nome", "settore", "settore_nome", "sottosettore", "sottosettore_nome",
            "categoria", "categoria_nome",
        )  # fmt: skip
        help_texts = aiuti.CLASSIFICAZIONE
        formfield_callback = campo_di

    def clean(self) -> dict[str, Any]:
        dati = self.cleaned_data
        for campo, cifre in (("tipologia", 2), ("settore", 2), ("sottosettore", 2), ("categoria", 3)):
            if dati.get(campo):
                dati[campo] = dati[campo].zfill(cifre)
        if any(dati.values()) and not dati.get("natura") and "natura" not in self.errors:
            self.add_error("natura", ValidationError(_("Scegli la natura a cui appartengono i codici.")))
        return dati

    def nuova(self) -> dict[str, str] | None:
        return self.cleaned_data if self.cleaned_data.get("natura") else None


class RigaForm(Modulo):
    """A row of a part. `riga` holds the values it has in the register, with its id; None for a new one."""

    parte = ""
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    togli = forms.BooleanField(required=False, label=pigro("Togli questa riga"))

    def __init__(self, *args: Any, riga: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.riga = riga or {}
        kwargs["initial"] = self.riga
        super().__init__(*args, **kwargs)
        self.empty_permitted = True
        self.dati_al = self.riga.get("dati_al")
        if not self.riga.get("id") or self.dati_al:
            del self.fields["togli"]
        for campo in PARTI[self.parte].chiave if self.dati_al else ():
            self.fields[campo].disabled = bool(self.riga.get(campo))

    def full_clean(self) -> None:
        """What is to be taken away need not be right."""
        super().full_clean()
        if self.da_togliere:
            self._errors = forms.utils.ErrorDict()

    @property
    def da_togliere(self) -> bool:
        return bool(getattr(self, "cleaned_data", {}).get("togli"))

    def valori(self) -> dict[str, Any]:
        """The row in the shape that the service takes."""
        identificativo = self.cleaned_data.get("id")
        if self.da_togliere:
            return {"id": identificativo, "togli": True}
        scritti = {c: self.cleaned_data[c] for c in PARTI[self.parte].campi if c in self.cleaned_data}
        return {"id": identificativo, **scritti}


class LocalizzazioneForm(RigaForm):
    parte = "localizzazioni"
    comune = ComuneField(
        label=pigro("Comune"),
        help_text=aiuti.LOCALIZZAZIONE["comune"],
        max_length=100,
        widget=forms.TextInput(attrs={"list": "elenco-comuni", "autocomplete": "off"}),
        error_messages={"required": pigro("Manca il Comune.")},
    )

    class Meta:
        model = Localizzazione
        fields = PARTI["localizzazioni"].campi
        help_texts = aiuti.LOCALIZZAZIONE
        formfield_callback = campo_di

    def __init__(self, *args: Any, comuni: ElencoComuni, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo = self.fields["comune"]
        assert isinstance(campo, ComuneField)  # noqa: S101 it is declared above
        campo.elenco = comuni
        campo.required = not self.riga.get("id") or self.riga.get("comune") is not None
        self.fields["cap"].widget.attrs["inputmode"] = "numeric"
        self.fields["quota"].help_text = ""

    def clean_cap(self) -> str:
        cap: str = self.cleaned_data["cap"]
        if cap and not (cap.isascii() and cap.isdigit() and len(cap) == 5):
            raise ValidationError(_("Il CAP ha cinque cifre: controlla «%(cap)s»."), params={"cap": cap})
        return cap


class FinanziamentoForm(RigaForm):
    parte = "finanziamenti"

    class Meta:
        model = Finanziamento
        fields = PARTI["finanziamenti"].campi
        formfield_callback = campo_di


class VoceForm(RigaForm):
    parte = "quadro_economico"

    class Meta:
        model = VoceQuadroEconomico
        fields = PARTI["quadro_economico"].campi
        formfield_callback = campo_di


class ProceduraForm(RigaForm):
    parte = "procedure"
    cig = CodiceField(cig.normalizza, label="CIG", required=False, help_text=aiuti.PROCEDURA["cig"])

    class Meta:
        model = Procedura
        fields = PARTI["procedure"].campi
        help_texts = aiuti.PROCEDURA
        formfield_callback = campo_di

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oggetto"].widget = forms.Textarea(attrs={"rows": 2})


class ConScelte(RigaForm):
    """A row that chooses among few objects, read once for all the rows."""

    def __init__(self, *args: Any, scelte: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo = self.fields[PARTI[self.parte].chiave[0]]
        assert isinstance(campo, forms.ModelChoiceField)  # noqa: S101 the subclasses name a foreign key
        campo.choices = scelte
        self.fields["motivo"].widget = forms.Textarea(attrs={"rows": 2})


class LegameDriverForm(ConScelte):
    parte = "legami_driver"

    class Meta:
        model = LegameDriver
        fields = PARTI["legami_driver"].campi
        help_texts = aiuti.LEGAME
        formfield_callback = campo_di


class LegameStrategiaForm(ConScelte):
    parte = "legami_strategie"

    class Meta:
        model = LegameStrategia
        fields = PARTI["legami_strategie"].campi
        help_texts = aiuti.LEGAME
        formfield_callback = campo_di


RIGHE: dict[str, type[RigaForm]] = {
    modulo.parte: modulo
    for modulo in (
        LocalizzazioneForm,
        FinanziamentoForm,
        VoceForm,
        ProceduraForm,
        LegameDriverForm,
        LegameStrategiaForm,
    )
}
