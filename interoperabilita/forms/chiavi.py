"""Forms of the keys: a new one, its replacement, its settings, its end; the personal token."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente
from interoperabilita.models import Ambito, ChiaveApi
from interoperabilita.services import chiavi as servizi

LUNGHEZZA_NOME = 60
GIORNI_PERSONALE = 90
VALE = _("Vale fino al")


def fra_un_anno() -> date:
    return servizi.fra_anni(timezone.localdate(), servizi.ANNI)


def fra_tre_mesi() -> date:
    return timezone.localdate() + timedelta(days=GIORNI_PERSONALE)


def _fino_al(aiuto: Any, inizio: Any, etichetta: Any = VALE) -> forms.DateField:
    return forms.DateField(
        label=etichetta,
        initial=inizio,
        help_text=aiuto,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": _("Manca l'ultimo giorno in cui la chiave vale."),
            "invalid": _("Non è un giorno: scrivilo per esempio così, 31/12/2027."),
        },
    )


def _intero(etichetta: Any, inizio: int, aiuto: Any, manca: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=etichetta,
        initial=inizio,
        help_text=aiuto,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": manca, "invalid": _("Serve un numero intero, senza altri segni.")},
    )


def _nome(aiuto: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Nome"),
        max_length=LUNGHEZZA_NOME,
        help_text=aiuto,
        error_messages={"required": _("Manca il nome: scrivi a che cosa serve.")},
    )


def _limite() -> forms.IntegerField:
    return _intero(
        _("Richieste al minuto"),
        servizi.LIMITE,
        _("Oltre, l'API risponde di aspettare. Da 1 a 6.000; 600 bastano a scaricare tutto ogni notte."),
        _("Manca il numero di richieste al minuto."),
    )


def _client_id() -> forms.CharField:
    return forms.CharField(
        label=_("client_id PDND"),
        max_length=100,
        required=False,
        help_text=_("Solo se l'ente arriva dalla PDND: i voucher del suo client varranno come la chiave."),
    )


def _ambiti(scelte: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Ambiti: che cosa la chiave permette"),
        choices=scelte,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Scegli solo quelli che servono: dopo non si cambiano."),
        error_messages={"required": _("Scegli almeno un ambito: senza, la chiave non apre nulla.")},
    )


class _ConRifiuti(forms.Form):
    use_required_attribute = False

    def rifiuta(self, rifiuto: servizi.ChiaveRifiutata) -> None:
        """Say at its field what the service refused."""
        self.add_error(rifiuto.campo if rifiuto.campo in self.fields else None, str(rifiuto))


class ChiaveForm(_ConRifiuti):
    """A key for the software of a body."""

    ente_id = forms.ModelChoiceField(
        label=_("Ente"),
        queryset=Ente.objects.order_by("denominazione"),
        empty_label=_("Scegli l'ente"),
        help_text=_("Chi userà la chiave: vedrà ciò che quell'ente vede."),
        error_messages={"required": _("Scegli l'ente che userà la chiave.")},
    )
    nome = _nome(_("A che cosa serve, per esempio: estrazione notturna dei CUP."))
    ambiti = _ambiti(Ambito.choices)
    invia = forms.BooleanField(
        label=_("Può anche inviare gli avanzamenti che scrive"),
        required=False,
        help_text=_(
            "Solo con l'ambito che scrive. Senza questa spunta li lascia in bozza, e li invia una persona del Comune."
        ),
    )
    fino_al = _fino_al(_("Compreso. Al massimo due anni; prima che scada la si sostituisce."), fra_un_anno)
    limite_minuto = _limite()
    client_id = _client_id()

    def dati(self) -> dict[str, Any]:
        """Cleaned data in the shape that the service takes."""
        return {**self.cleaned_data, "ente_id": self.cleaned_data["ente_id"].pk}


class SostituzioneForm(_ConRifiuti):
    """How long the old key goes on beside the new one."""

    giorni = _intero(
        _("Giorni in cui valgono tutte e due"),
        servizi.SOVRAPPOSIZIONE,
        _("Da 0 a 30: il tempo di mettere la chiave nuova al posto della vecchia. Con 0 la vecchia smette subito."),
        _("Manca il numero di giorni: con 0 la vecchia smette subito."),
    )
    fino_al = _fino_al(_("Compreso, al massimo due anni."), fra_un_anno, _("La chiave nuova vale fino al"))

    def dati(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ModificaForm(_ConRifiuti):
    """What of a key can change."""

    nome = _nome(_("A che cosa serve."))
    limite_minuto = _limite()
    client_id = _client_id()

    @classmethod
    def di(cls, chiave: ChiaveApi) -> dict[str, Any]:
        return {nome: getattr(chiave, nome) for nome in ("nome", "limite_minuto", "client_id")}

    def dati(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RevocaForm(_ConRifiuti):
    motivo = forms.CharField(
        label=_("Motivo"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Resta scritto, per esempio: finita per sbaglio in un messaggio di posta."),
        error_messages={"required": _("Manca il motivo: scrivi perché la chiave non deve più valere.")},
    )


class TokenForm(_ConRifiuti):
    """A personal token."""

    nome = _nome(_("A che cosa ti serve, per esempio: foglio di lavoro che legge i CUP."))
    ambiti = _ambiti([(ambito.value, ambito.label) for ambito in servizi.DI_LETTURA])
    fino_al = _fino_al(_("Compreso. Al massimo un anno; se ti serve per poco, accorcialo."), fra_tre_mesi)

    def dati(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
