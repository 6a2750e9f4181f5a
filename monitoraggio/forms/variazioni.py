"""Forms of the variazioni: one request form a kind, with the fields of that kind alone, and the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Ente
from enti.ruoli import TipoEnte
from interventi.forms.campi import NumeroField
from interventi.models import Intervento
from interventi.scelte import VoceDiSpesa
from monitoraggio import fasi
from monitoraggio.models import Documento, FasePianificata, Traguardo
from monitoraggio.scelte import TipoVariazione
from monitoraggio.services.effetti_variazioni import Chiesto
from piani_integrati.forms import DataAttoField
from psttm import formati

TRAGUARDO, FASE = "traguardo-", "fase-"
VOCE = "voce_"


def _giorno(etichetta: Any, manca: Any, aiuto: Any = "") -> forms.DateField:
    return forms.DateField(
        label=etichetta,
        help_text=aiuto,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": manca,
            "invalid": pigro("Non è un giorno: scrivilo per esempio così, 31/12/2024."),
        },
    )


class RichiestaForm(forms.Form):
    """What every request says: the act, the reason, a document if there is one."""

    use_required_attribute = False

    atto = forms.CharField(
        label=pigro("Atto"),
        max_length=200,
        help_text=pigro("Tipo e numero, per esempio: determina n. 120/2025."),
        error_messages={"required": pigro("Manca l'atto: scrivine il tipo e il numero.")},
    )
    data_atto = DataAttoField()
    motivo = forms.CharField(
        label=pigro("Motivo"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=pigro("Perché la chiedi: lo legge chi decide, e resta scritto."),
        error_messages={"required": pigro("Manca il motivo: scrivi perché la chiedi.")},
    )
    documento = forms.ModelChoiceField(
        label=pigro("Documento"),
        queryset=Documento.objects.none(),
        required=False,
        empty_label=pigro("Nessuno"),
        help_text=pigro("Fra quelli già caricati per l'intervento."),
    )

    def __init__(self, *args: Any, intervento: Intervento, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intervento = intervento
        suoi = Documento.objects.presenti().filter(intervento=intervento)
        if suoi.exists():
            self.fields["documento"].queryset = suoi  # type: ignore[attr-defined]
        else:
            del self.fields["documento"]

    def chiesto(self) -> Chiesto:
        """What this kind asks, in the shape that the service takes."""
        raise NotImplementedError

    def dati(self) -> dict[str, Any]:
        """What every request says, in the shape that the service takes."""
        documento = self.cleaned_data.get("documento")
        comuni = {nome: self.cleaned_data[nome] for nome in ("atto", "data_atto", "motivo")}
        return {**comuni, "documento_id": None if documento is None else documento.pk, "chiesto": self.chiesto()}

    def rifiuta(self, campo: str, testo: str) -> None:
        """Say at the field what the service refused; "" for none in particular."""
        self.add_error(campo if campo in self.fields else None, testo)


class ProrogaForm(RichiestaForm):
    oggetto = forms.ChoiceField(
        label=pigro("Che cosa prorogare"),
        help_text=pigro("Un traguardo non conseguito, o una fase con una fine prevista."),
        error_messages={"required": pigro("Scegli che cosa prorogare: un traguardo o una fase.")},
    )
    data_dopo = _giorno(pigro("Nuova data"), pigro("Manca la nuova data."), pigro("Dopo quella di adesso."))
    field_order = ("oggetto", "data_dopo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        traguardi = Traguardo.objects.filter(intervento=self.intervento, conseguito_il__isnull=True)
        pianificate = FasePianificata.objects.filter(intervento=self.intervento, fine_prevista__isnull=False)
        gruppi = [
            (_("Traguardi"), [(f"{TRAGUARDO}{t.pk}", _quando(t.titolo, t.scadenza)) for t in traguardi]),
            (_("Fasi"), [(f"{FASE}{f.fase}", _quando(fasi.nome(f.fase), f.fine_prevista)) for f in pianificate]),
        ]
        gruppi = [gruppo for gruppo in gruppi if gruppo[1]]
        self.possibile = bool(gruppi)
        self.fields["oggetto"].choices = [("", _("Scegli")), *gruppi]  # type: ignore[attr-defined]

    def chiesto(self) -> Chiesto:
        oggetto, giorno = self.cleaned_data["oggetto"], self.cleaned_data["data_dopo"]
        if oggetto.startswith(TRAGUARDO):
            return Chiesto(traguardo_id=int(oggetto.removeprefix(TRAGUARDO)), data_dopo=giorno)
        return Chiesto(fase=oggetto.removeprefix(FASE), data_dopo=giorno)


def _quando(nome: str, giorno: Any) -> str:
    return _("%(nome)s (adesso %(giorno)s)") % {"nome": nome, "giorno": formati.data_breve(giorno)}


class VarianteForm(RichiestaForm):
    """An amount for each item of the quadro economico, with what it is now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attuali = {voce.voce: voce.importo for voce in self.intervento.quadro_economico.all()}
        self.totale = sum(attuali.values(), Decimal("0.00"))
        for voce in VoceDiSpesa:
            adesso = attuali.get(voce.value)
            self.fields[f"{VOCE}{voce.value}"] = NumeroField(
                label=voce.label,
                required=adesso is not None,
                initial=adesso,
                help_text="" if adesso is None else _("adesso %(importo)s") % {"importo": formati.euro(adesso)},
                error_messages={"required": _("Manca l'importo: per togliere la voce scrivi 0.")},
            )
        self.order_fields([nome for nome in self.fields if nome.startswith(VOCE)])

    def chiesto(self) -> Chiesto:
        importi = {voce.value: self.cleaned_data[f"{VOCE}{voce.value}"] for voce in VoceDiSpesa}
        return Chiesto(voci={voce: importo for voce, importo in importi.items() if importo is not None})


class EconomiaForm(RichiestaForm):
    importo_dopo = NumeroField(
        label=pigro("Importo dell'economia (EUR)"),
        help_text=pigro("Quanto si libera con questo atto, oltre alle economie già accolte."),
        error_messages={"required": pigro("Manca l'importo dell'economia.")},
    )
    field_order = ("importo_dopo",)

    def chiesto(self) -> Chiesto:
        return Chiesto(importo_dopo=self.cleaned_data["importo_dopo"])


class RevocaForm(RichiestaForm):
    data_dopo = _giorno(
        pigro("Revocato dal"), pigro("Manca il giorno della revoca."), pigro("Il giorno da cui l'intervento finisce.")
    )
    field_order = ("data_dopo",)

    def chiesto(self) -> Chiesto:
        return Chiesto(data_dopo=self.cleaned_data["data_dopo"])


class AttuatoreForm(RichiestaForm):
    attuatore_dopo = forms.ModelChoiceField(
        label=pigro("Nuovo soggetto attuatore"),
        queryset=Ente.objects.none(),
        empty_label=pigro("Scegli"),
        help_text=pigro("Da quando è accolta, i dati li inserisce lui: chi c'era prima non li vede più."),
        error_messages={"required": pigro("Manca il nuovo soggetto attuatore: sceglilo dall'elenco.")},
    )
    field_order = ("attuatore_dopo",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        altri = Ente.objects.exclude(tipo=TipoEnte.MINISTERO)
        if self.intervento.soggetto_attuatore_id is not None:
            altri = altri.exclude(pk=self.intervento.soggetto_attuatore_id)
        self.fields["attuatore_dopo"].queryset = altri  # type: ignore[attr-defined]

    def chiesto(self) -> Chiesto:
        return Chiesto(attuatore_dopo_id=self.cleaned_data["attuatore_dopo"].pk)


PER_TIPO: dict[str, type[RichiestaForm]] = {
    TipoVariazione.PROROGA: ProrogaForm,
    TipoVariazione.VARIANTE: VarianteForm,
    TipoVariazione.ECONOMIA: EconomiaForm,
    TipoVariazione.REVOCA: RevocaForm,
    TipoVariazione.ATTUATORE: AttuatoreForm,
}


class DecisioneForm(forms.Form):
    """Why it is decided so: needed to refuse it."""

    use_required_attribute = False

    motivo = forms.CharField(
        label=pigro("Motivo della decisione"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=pigro("Serve per respingere: chi ha chiesto lo legge."),
    )
