"""Form fields that read what people really type: amounts in every Italian spelling, days, Comuni by name."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Comune
from interventi.ricerca import normalizza
from psttm import formati
from psttm.campi import ImportoField, SuperficieField

# More than the whole PNRR (194.4 billion EUR): beyond it somebody slipped on the keyboard.
MASSIMO = Decimal("999999999999.99")

_SPAZI = re.compile(r"[\s\u00a0\u202f'’]+")
_MIGLIAIA = re.compile(r"\d{1,3}(?P<segno>[. ])\d{3}(?:(?P=segno)\d{3})*(?:,\d{1,2})?", re.ASCII)
_MIGLIAIA_PUNTO = re.compile(r"\d{1,3}(?: \d{3})+\.\d{1,2}", re.ASCII)
_INGLESE = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}", re.ASCII)
_SEMPLICE = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
_TROPPI_DECIMALI = re.compile(r"\d[\d. ]*,\d{3,}|\d+\.\d{3,}", re.ASCII)


def leggi_importo(testo: str) -> Decimal:
    """An amount as people type it: 1.234,56 · 1234.56 · 1 234,56 · 1234 · € 1.234. Raises ValidationError.

    A point before exactly three digits is of the thousands, as Italians write: "1.234" is one thousand and more.
    """
    pulito = _SPAZI.sub(" ", testo.replace("€", " ").replace("EUR", " ")).strip()
    if _MIGLIAIA.fullmatch(pulito):
        return Decimal(re.sub(r"[. ]", "", pulito).replace(",", "."))
    if _INGLESE.fullmatch(pulito):
        return Decimal(pulito.replace(",", ""))
    if _MIGLIAIA_PUNTO.fullmatch(pulito):
        return Decimal(pulito.replace(" ", ""))
    if _SEMPLICE.fullmatch(pulito):
        return Decimal(pulito.replace(",", "."))
    if pulito.startswith(("-", "\N{MINUS SIGN}")):
        raise ValidationError(_("«%(testo)s» è negativo: qui serve un numero da zero in su."), params={"testo": testo})
    if _TROPPI_DECIMALI.fullmatch(pulito):
        raise ValidationError(_("«%(testo)s» ha più di due decimali."), params={"testo": testo})
    raise ValidationError(
        _("«%(testo)s» non si legge come numero: scrivilo per esempio così, 1.234,56."), params={"testo": testo}
    )


class NumeroField(forms.Field):
    """A number with two decimals at most, from zero up, shown back as 1.234,56."""

    def __init__(self, *, massimo: Decimal = MASSIMO, **kwargs: Any) -> None:
        self.massimo = massimo
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        numero = value if isinstance(value, Decimal) else leggi_importo(str(value))
        if numero > self.massimo:
            raise ValidationError(
                _("%(numero)s è troppo: il massimo è %(massimo)s."),
                # As it was typed: one with thousands of digits is no number that can be written well.
                params={"numero": str(value).strip(), "massimo": formati.numero(self.massimo, 2)},
            )
        return numero.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        """Normalised; what cannot be read stays as it was typed."""
        try:
            numero = self.to_python(value)
        except ValidationError:
            return value
        return "" if numero is None else formati.numero(numero, 2)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class SiNoSelect(forms.NullBooleanSelect):
    def __init__(self, attrs: Any = None) -> None:
        scelte = [("unknown", pigro("Non indicato")), ("true", pigro("Sì")), ("false", pigro("No"))]
        forms.Select.__init__(self, attrs, scelte)


class ElencoComuni:
    """The Comuni that a form knows by name: those of the Città metropolitana, and those already in its rows."""

    def __init__(self, gia_scelti: Iterable[int | None] = ()) -> None:
        self.metropolitani = list(Comune.objects.metropolitani())
        noti = {comune.pk: comune for comune in self.metropolitani}
        altri = {pk for pk in gia_scelti if pk is not None} - set(noti)
        if altri:
            noti |= Comune.objects.in_bulk(altri)
        self._noti = noti
        self._per_nome: dict[str, list[Comune]] = defaultdict(list)
        for comune in self.metropolitani:
            self._per_nome[normalizza(comune.nome)].append(comune)

    @staticmethod
    def etichetta(comune: Comune) -> str:
        return comune.nome if comune.zona_id is not None else f"{comune.nome} ({comune.sigla_provincia})"

    def nome(self, pk: int) -> str:
        return self.etichetta(self._noti[pk]) if pk in self._noti else ""

    def trova(self, testo: str) -> Comune:
        """By name, by name and province — Pavia (PV) — or by ISTAT code. Raises ValidationError."""
        nome, _aperta, resto = testo.partition("(")
        sigla = resto.rstrip(") ").strip().upper()
        trovati = [] if sigla else self._per_nome.get(normalizza(nome), [])
        if not trovati:
            if re.fullmatch(r"\d{6}", testo):
                cercati = Comune.objects.filter(codice_istat=testo)
            else:
                cercati = Comune.objects.filter(nome__iexact=nome.strip())
            trovati = list(cercati.filter(sigla_provincia=sigla) if sigla else cercati)
        if len(trovati) == 1:
            return trovati[0]
        if trovati:
            esempi = _(" o ").join(self.etichetta(comune) for comune in trovati)
            raise ValidationError(
                _("Ci sono più Comuni «%(nome)s»: scrivi anche la provincia, %(esempi)s."),
                params={"nome": nome.strip(), "esempi": esempi},
            )
        raise ValidationError(self._non_trovato(testo))

    def _non_trovato(self, testo: str) -> str:
        vicini = difflib.get_close_matches(normalizza(testo), list(self._per_nome), n=1, cutoff=0.6)
        if vicini:
            return _("Non c'è un Comune «%(testo)s»: forse è %(vicino)s?") % {
                "testo": testo,
                "vicino": self._per_nome[vicini[0]][0].nome,
            }
        return _("Non c'è un Comune «%(testo)s»: scrivi il nome per intero.") % {"testo": testo}


class ComuneField(forms.CharField):
    """A Comune typed by name, with suggestions; its value is the Comune."""

    elenco: ElencoComuni

    def prepare_value(self, value: Any) -> Any:
        return self.elenco.nome(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        testo = super().clean(self.prepare_value(value))
        return self.elenco.trova(testo) if testo else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((self.prepare_value(initial) or "") != (data or "").strip())


def campo_di(campo: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a model field, with words of ours (`formfield_callback` of the forms)."""
    etichetta = str(campo.verbose_name)
    comuni: dict[str, Any] = {
        "label": etichetta[:1].upper() + etichetta[1:],
        "help_text": kwargs.get("help_text") or campo.help_text,
        "required": not campo.blank and not isinstance(campo, models.BooleanField),
        "error_messages": {"required": _("Manca: %(nome)s.") % {"nome": etichetta}},
    }
    if isinstance(campo, ImportoField | models.DecimalField):
        unita = "m²" if isinstance(campo, SuperficieField) else "%" if isinstance(campo, models.DecimalField) else "EUR"
        massimo = Decimal(100) if unita == "%" else MASSIMO
        return NumeroField(**comuni, massimo=massimo)
    if isinstance(campo, models.DateField):
        return forms.DateField(
            **{
                **comuni,
                "error_messages": {"invalid": _("Non è un giorno: scrivilo per esempio così, 31/12/2024.")},
            },
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        )
    if isinstance(campo, models.BooleanField) and campo.null:
        return forms.NullBooleanField(**comuni, widget=SiNoSelect)
    if isinstance(campo, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
    nuovo = campo.formfield(**{**kwargs, **comuni})
    if campo.choices and isinstance(nuovo, forms.ChoiceField):
        vuota = pigro("Non indicato") if campo.blank else pigro("Scegli")
        nuovo.choices = [("", vuota), *campo.flatchoices]
    elif isinstance(nuovo, forms.ModelChoiceField):
        nuovo.empty_label = str(pigro("Non indicato") if campo.blank else pigro("Scegli"))
    return nuovo
