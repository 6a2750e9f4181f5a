"""Forms of the piani: what a piano says of itself, its proposal, its passages, and what is assigned to it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.forms.campi import campo_di
from piani_integrati.completezza import PER_IL_PIANO
from piani_integrati.models import PianoIntegrato
from psttm.models import Driver, Strategia

PROPOSTA = (
    "descrizione",
    "importo_richiesto",
    "decreto_in_vigore",
    "inizio",
    "fine",
    "inclusione",
    "cofinanziamento_privato",
    "coprogettazione",
    "startup",
    "dichiara_dnsh",
    "dichiara_suolo",
    "dichiara_cup",
)
OBBLIGATORI = frozenset(dato.campo for dato in PER_IL_PIANO if dato.obbligatorio)
IN_EURO = pigro("In ogni forma: 1.234,56 · 1234.56 · 1 234,56.")
AIUTI = {
    "codice": pigro("Il nome breve con cui tutti lo chiamano, per esempio SPUGNA."),
    "tipo": pigro("Le regole di ammissibilità valgono per i Piani urbani integrati."),
    "titolo": pigro("Per intero, come nell'atto."),
    "descrizione": pigro("Che cosa si vuole ottenere e dove, in poche frasi."),
    "proponente": pigro("L'ente che presenta il piano e ne risponde."),
    "misura": pigro("La misura del PNRR che lo finanzia; vuota per un programma con altri fondi."),
    "importo_richiesto": IN_EURO,
    "importo_assegnato": pigro("Quello del decreto di assegnazione."),
    "decreto_in_vigore": pigro("Da qui decorre il termine."),
    "inizio": pigro("Il primo giorno dei lavori, dal cronoprogramma."),
    "fine": pigro("L'ultimo giorno, collaudi compresi, dal cronoprogramma."),
    "strategie": pigro("Soltanto quelle che il documento nomina."),
    "driver": pigro("Soltanto quelli che il documento nomina."),
    "fonte": pigro("Per una proposta che nasce qui scegli «Dati inseriti nel portale»."),
    "luogo": pigro("Pagina, articolo o tabella, per chi vorrà controllare."),
    "inclusione": pigro("Quali misure, e in quali interventi."),
    "cofinanziamento_privato": pigro(
        "Attraverso il Fondo Ripresa Resilienza Italia, al massimo il 25 % del costo di ogni intervento. "
        "Se non partecipano, scrivilo."
    ),
    "coprogettazione": pigro("Con quali enti, e su che cosa."),
    "startup": pigro("Quali servizi pubblici nuovi nascono, e chi li gestisce."),
    "dichiara_dnsh": pigro("Le valutazioni stanno nella scheda di ogni intervento, alla voce DNSH."),
    "dichiara_suolo": pigro("Le superfici stanno nella scheda di ogni intervento, alla voce Requisiti."),
    "dichiara_cup": pigro("Lo stato di ogni CUP sta nella scheda dell'intervento."),
}
BYTE_MASSIMI = 5 * 1024 * 1024
ESTENSIONI = (".csv", ".xlsx")


class _Modulo(forms.ModelForm):
    """A form made from the model, which never touches a row of it: the services write."""

    def _post_clean(self) -> None:
        """No instance is filled or judged here."""

    def clean(self) -> dict[str, Any]:
        dati: dict[str, Any] = super().clean() or self.cleaned_data
        if dati.get("inizio") and dati.get("fine") and dati["fine"] < dati["inizio"]:
            self.add_error("fine", _("La fine viene prima dell'inizio: controlla i due giorni."))
        return dati

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the services take."""
        return {campo: self.cleaned_data[campo] for campo in self.fields}


class PianoForm(_Modulo):
    class Meta:
        model = PianoIntegrato
        fields = (
            "codice",
            "tipo",
            "titolo",
            "descrizione",
            "proponente",
            "misura",
            "importo_richiesto",
            "importo_assegnato",
            "decreto_in_vigore",
            "inizio",
            "fine",
            "strategie",
            "driver",
            "fonte",
            "luogo",
        )
        widgets = {
            "strategie": forms.CheckboxSelectMultiple,
            "driver": forms.CheckboxSelectMultiple,
        }
        help_texts = AIUTI
        formfield_callback = campo_di

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fonte"].label = _("Documento da cui è tratto")
        self.fields["luogo"].label = _("Punto del documento")
        for nome in ("strategie", "driver"):
            self.fields[nome].empty_label = None  # type: ignore[attr-defined]

    def clean_codice(self) -> str:
        codice: str = " ".join(self.cleaned_data["codice"].split())
        if PianoIntegrato.objects.filter(codice__iexact=codice).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("C'è già un piano con il codice «%(codice)s»."), params={"codice": codice})
        return codice


class PropostaForm(_Modulo):
    """The proposal. A draft may lack anything: what it takes to present it is shown as required, and never enforced."""

    use_required_attribute = False

    class Meta:
        model = PianoIntegrato
        fields = PROPOSTA
        help_texts = AIUTI
        formfield_callback = campo_di

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nome in ("descrizione", "inclusione"):
            self.fields[nome].widget.attrs["rows"] = 5
        self._mostra_obbligatori(True)

    def full_clean(self) -> None:
        self._mostra_obbligatori(False)
        super().full_clean()
        self._mostra_obbligatori(True)

    def _mostra_obbligatori(self, si: bool) -> None:
        for nome, campo in self.fields.items():
            campo.required = si and nome in OBBLIGATORI


class DataAttoField(forms.DateField):
    """The day of an act: of a passage of the piano, of a waiver."""

    def __init__(self) -> None:
        super().__init__(
            label=pigro("Data dell'atto"),
            help_text=pigro("Quella scritta sull'atto."),
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={
                "required": pigro("Manca la data dell'atto."),
                "invalid": pigro("Non è un giorno: scrivilo per esempio così, 31/12/2024."),
            },
        )


class PassaggioForm(forms.Form):
    """The act by which a piano passes from a state to another."""

    atto = forms.CharField(
        label=pigro("Atto"),
        max_length=200,
        help_text=pigro("Tipo e numero, per esempio: decreto del Sindaco metropolitano, n. 43/2025."),
        error_messages={"required": pigro("Manca l'atto: scrivine il tipo e il numero.")},
    )
    organo = forms.CharField(
        label=pigro("Chi lo ha adottato"),
        max_length=120,
        help_text=pigro("Per esempio: Ministero dell'interno."),
        error_messages={"required": pigro("Manca chi ha adottato l'atto.")},
    )
    data_atto = DataAttoField()
    nota = forms.CharField(
        label=pigro("Nota"),
        help_text=pigro("Ciò che l'atto non dice e chi legge la storia del piano deve sapere."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        dati = dict(self.cleaned_data)
        return {"data": dati.pop("data_atto"), **dati}


class AssegnazioneForm(forms.Form):
    """What to do to the chosen interventi, all at once. Which they are is carried along by the page."""

    piano = forms.ModelChoiceField(
        label=pigro("Piano"),
        queryset=PianoIntegrato.objects.all(),
        required=False,
        empty_label=pigro("Lascia com'è"),
        help_text=pigro("Chi sta già in un altro piano viene spostato: il registro ricorda da dove."),
    )
    togli = forms.BooleanField(
        label=pigro("Togli gli interventi dal piano in cui sono"),
        help_text=pigro("Restano nel registro, in nessun piano."),
        required=False,
    )
    driver = forms.ModelMultipleChoiceField(
        label=pigro("Driver da aggiungere"),
        help_text=pigro("Si aggiungono a quelli che ogni intervento ha già."),
        queryset=Driver.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    strategie = forms.ModelMultipleChoiceField(
        label=pigro("STTM da aggiungere"),
        help_text=pigro("Si aggiungono a quelle che ogni intervento ha già."),
        queryset=Strategia.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    attuatore = forms.BooleanField(
        label=pigro("Affida ogni intervento al Comune in cui si trova"),
        required=False,
        help_text=pigro("Solo dove il Comune è uno e non c'è ancora un soggetto attuatore che usa il portale."),
    )
    motivo = forms.CharField(
        label=pigro("Motivo"),
        max_length=300,
        required=False,
        help_text=pigro("Da dove si sa: resta scritto accanto a ogni legame. Serve per Driver e STTM."),
    )

    def clean(self) -> dict[str, Any]:
        dati: Mapping[str, Any] = super().clean() or self.cleaned_data
        if dati.get("piano") and dati.get("togli"):
            self.add_error("togli", _("O scegli un piano, o li togli dal piano: non tutti e due."))
        if (dati.get("driver") or dati.get("strategie")) and not dati.get("motivo"):
            self.add_error("motivo", _("Manca il motivo dei legami con Driver e STTM: scrivi da dove si sa."))
        if not any(dati.get(campo) for campo in ("piano", "togli", "driver", "strategie", "attuatore")):
            raise ValidationError(
                _("Non hai scelto che cosa fare: un piano, un Driver, una STTM o il soggetto attuatore.")
            )
        return dict(dati)


SALE = "assegna-da-file"
SIGILLO_SECONDI = 8 * 3600
# Characters: below what Django takes of a form that is not a file.
SIGILLATO_MASSIMO = 2_000_000


class FileForm(forms.Form):
    """A small file with CUPs and piani."""

    file = forms.FileField(
        label=pigro("File con CUP e piano"),
        help_text=pigro(
            "CSV o XLSX, al massimo 5 MB. Le colonne si riconoscono dal nome: CUP e Piano (o «Piano (inferito)»); se "
            "ci sono, anche Evidenza piano, Linea ciclabile, Driver e STTM."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ESTENSIONI)}),
        error_messages={
            "required": pigro("Manca il file: sceglilo dal tuo computer."),
            "empty": pigro("Il file è vuoto (0 byte): controlla di averlo salvato."),
        },
    )
    prova = forms.BooleanField(
        label=pigro("Solo una prova: mostra che cosa cambierebbe, senza scrivere nulla"),
        help_text=pigro("Dopo la prova si conferma dalla stessa pagina, senza scegliere di nuovo il file."),
        required=False,
        initial=True,
    )

    def clean_file(self) -> Any:
        caricato = self.cleaned_data["file"]
        if not caricato.name.lower().endswith(ESTENSIONI):
            raise ValidationError(
                _("«%(nome)s» non è né CSV né XLSX: salvalo in uno dei due formati."), params={"nome": caricato.name}
            )
        if caricato.size > BYTE_MASSIMI:
            raise ValidationError(
                _("«%(nome)s» è più grande di 5 MB: qui bastano le colonne CUP e Piano, togli le altre."),
                params={"nome": caricato.name},
            )
        return caricato


class FileProvatoForm(forms.Form):
    """The file of a trial, sealed and sent back with the page: nobody has to choose it again to go on."""

    conservato = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def sigilla(nome: str, contenuto: bytes) -> str:
        """What the field holds; empty for a file too large to travel with a page."""
        testo = base64.b64encode(contenuto).decode()
        sigillato = signing.dumps({"nome": nome, "contenuto": testo}, salt=SALE, compress=True)
        return sigillato if len(sigillato) <= SIGILLATO_MASSIMO else ""

    def clean_conservato(self) -> tuple[str, bytes]:
        try:
            dati = signing.loads(self.cleaned_data["conservato"], salt=SALE, max_age=SIGILLO_SECONDI)
        except signing.BadSignature:
            raise ValidationError(_("La prova è di troppo tempo fa: scegli di nuovo il file e ripetila.")) from None
        return dati["nome"], base64.b64decode(dati["contenuto"])
