"""Forms of the administration site: a term, a kind of document. What they let in, the pages can rely on."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from monitoraggio.documenti.contenuto import FORMATI
from monitoraggio.models import TermineInvio, TipoDocumento

# A year: data of a month that are due later than that are due never.
MASSIMO_GIORNI = 366
MASSIMO_MEGABYTE = 2_000
# What is kept without a term is kept by the archive of the body, not by the portal.
MASSIMO_ANNI = 100
DELLA_FONTE = {
    "fonte": _("La norma, la circolare o l'atto che lo stabilisce."),
    "luogo": _("Dove lo stabilisce: articolo, comma o pagina."),
}


class TermineInvioForm(forms.ModelForm):
    giorni = forms.IntegerField(
        label=_("Giorni dalla fine del mese"),
        min_value=1,
        max_value=MASSIMO_GIORNI,
        help_text=_("Con 10 i dati di gennaio si inviano entro il 10 febbraio."),
    )

    class Meta:
        model = TermineInvio
        fields = ["dal", "giorni", "fonte", "luogo"]
        help_texts = {
            "dal": _("Il primo giorno del primo mese per cui vale: i mesi di prima tengono il termine che avevano."),
            **DELLA_FONTE,
        }

    def clean_dal(self) -> date:
        dal: date = self.cleaned_data["dal"]
        if dal.day != 1:
            raise ValidationError(
                _("Un termine vale da un mese intero: scrivi il primo giorno del mese, %(primo)s."),
                params={"primo": f"{dal.replace(day=1):%d/%m/%Y}"},
            )
        return dal


class TipoDocumentoForm(forms.ModelForm):
    estensioni = forms.MultipleChoiceField(
        label=_("File ammessi"),
        choices=[(estensione, f".{estensione}") for estensione in FORMATI],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sono quelli di cui il portale sa controllare il contenuto."),
        error_messages={"required": _("Scegli almeno un tipo di file: senza, non si potrebbe caricare niente.")},
    )
    megabyte = forms.IntegerField(
        label=_("Dimensione massima (MB)"),
        min_value=1,
        max_value=MASSIMO_MEGABYTE,
        initial=50,
        help_text=_("Un file più grande si rifiuta prima che sia caricato."),
    )
    anni_conservazione = forms.IntegerField(
        label=_("Anni di conservazione"),
        min_value=1,
        max_value=MASSIMO_ANNI,
        initial=10,
        help_text=_("Si contano dal giorno in cui il documento è caricato."),
    )

    class Meta:
        model = TipoDocumento
        fields = [
            "codice",
            "nome",
            "atto",
            "estensioni",
            "megabyte",
            "anni_conservazione",
            "conservare_almeno_fino_al",
            "nota",
            "ordine",
            "fonte",
            "luogo",
        ]
        help_texts = {
            "codice": _("Una parola breve che lo distingue, senza spazi né accenti: per esempio «perizia»."),
            "nome": _("Come si legge nelle pagine: per esempio «Perizia di variante»."),
            "atto": _("Sì per determine, delibere, contratti e simili; no per fotografie, tabelle e comunicazioni."),
            "conservare_almeno_fino_al": _("Quando gli anni si contano da un giorno noto: vale la data più lontana."),
            "nota": _("E perché si conserva così a lungo: si legge accanto a ogni documento di questo tipo."),
            "ordine": _("Il posto nell'elenco dei tipi: prima i numeri più bassi."),
            **DELLA_FONTE,
        }
