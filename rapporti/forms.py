"""The form that asks for a report."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Comune, ZonaOmogenea
from piani_integrati.models import PianoIntegrato
from psttm import formati
from psttm.models import Driver, Strategia
from rapporti.domanda import Domanda
from rapporti.errori import RapportoImpossibile
from rapporti.lettura.leggi import controlla
from rapporti.models import Rapporto
from rapporti.presentazione import NOMI_PERIMETRI, SPIEGAZIONI, nome_breve
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.selectors import confrontabili
from rapporti.services.richieste import DomandaRifiutata, domanda_da

# The kinds of perimeter that need a key: each has a field of its own, of the same name.
CAMPI = frozenset(TipoPerimetro.values) - {TipoPerimetro.PROGRAMMA.value}
# Where each argument of the question is asked for.
DOVE = {"confronto_al": "confronto_al", "confronto_noto_al": "confronto", "noto_al": "noto_al", "al": "al"}


def _spiegata(nome: Any, spiegazione: Any) -> SafeString:
    return format_html('<span><strong>{}</strong> <span class="quieto">{}</span></span>', nome, spiegazione)


class _Confronti(forms.Select):
    """Each report says its perimeter, for the script that shows those of the one that is chosen."""

    perimetri: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        voce = super().create_option(name, value, *args, **kwargs)
        if value in self.perimetri:
            voce["attrs"]["data-perimetro"] = self.perimetri[value]
        return voce


def _scelta(nome: Any, righe: QuerySet[Any], chiave: str) -> forms.ModelChoiceField[Any]:
    """The select of a perimeter, which only one that is chosen needs."""
    return forms.ModelChoiceField(
        label=nome,
        help_text=pigro("Serve solo se sopra hai scelto questo perimetro."),
        queryset=righe,
        to_field_name=chiave,
        required=False,
        empty_label=pigro("Scegli"),
    )


class RapportoForm(forms.Form):
    """A report to ask for: `domanda` once it is valid. Every perimeter has its select; a script hides the others."""

    use_required_attribute = False

    tipo = forms.ChoiceField(
        label=pigro("Che cosa racconta"),
        help_text=pigro("Decide quanti capitoli e quante pagine ha."),
        choices=[(tipo.value, _spiegata(tipo.label, SPIEGAZIONI[tipo])) for tipo in TipoRapporto],
        widget=forms.RadioSelect,
        error_messages={"required": pigro("Scegli il tipo di rapporto.")},
    )
    perimetro = forms.ChoiceField(
        label=pigro("Di che cosa"),
        help_text=pigro("Quali interventi si contano."),
        choices=list(NOMI_PERIMETRI.items()),
        widget=forms.RadioSelect,
        error_messages={"required": pigro("Scegli di che cosa parla il rapporto.")},
    )
    piano = _scelta(
        pigro("Quale piano o programma"), PianoIntegrato.objects.order_by("-tipo", "ordine", "codice"), "codice"
    )
    zona = _scelta(pigro("Quale zona omogenea"), ZonaOmogenea.objects.order_by("numero"), "numero")
    comune = _scelta(pigro("Quale Comune"), Comune.objects.metropolitani().order_by("nome"), "codice_istat")
    driver = _scelta(pigro("Quale Driver"), Driver.objects.order_by("numero"), "numero")
    sttm = _scelta(pigro("Quale STTM"), Strategia.objects.order_by("numero"), "numero")
    al = forms.CharField(
        label=pigro("Situazione al"),
        help_text=pigro("Di solito la fine di un mese: valgono gli avanzamenti approvati fino a quel giorno."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": pigro("Manca il giorno di cui parla il rapporto.")},
    )
    noto_al = forms.CharField(
        label=pigro("Come era nota il"),
        required=False,
        max_length=40,
        help_text=pigro(
            "Vuoto: tutto ciò che si sa adesso. Per rivedere che cosa si sapeva allora, un giorno o un'ora: 15/01/2025 "
            "oppure 15/01/2025 10:42."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    confronto = forms.ChoiceField(
        label=pigro("Che cosa è cambiato, rispetto al rapporto"),
        help_text=pigro("Solo rapporti con lo stesso perimetro, di un giorno precedente."),
        required=False,
        widget=_Confronti,
    )
    confronto_al = forms.CharField(
        label=pigro("oppure rispetto al giorno"),
        required=False,
        help_text=pigro("Senza rapporto e senza giorno: rispetto a tre mesi prima, a fine mese."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo = cast(forms.ChoiceField, self.fields["confronto"])
        campo.choices = self._scelte_confronto()
        cast(_Confronti, campo.widget).perimetri = {
            uno.codice: f"{uno.perimetro}:{uno.chiave}" for uno in self.confrontabili
        }

    @cached_property
    def confrontabili(self) -> list[Rapporto]:
        return confrontabili()

    def _scelte_confronto(self) -> list[tuple[str, Any]]:
        gruppi: dict[str, list[tuple[str, str]]] = {}
        for uno in self.confrontabili:
            voce = _("situazione al %(al)s, nota il %(noto)s") % {
                "al": formati.data_breve(uno.al),
                "noto": formati.data_ora(uno.noto_al),
            }
            gruppi.setdefault(nome_breve(uno), []).append((uno.codice, voce))
        return [("", _("Nessuno")), *gruppi.items()]

    def clean(self) -> dict[str, Any]:
        dati: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return dati
        confronto = self._confronto(dati)
        if self.errors:
            return dati
        try:
            self.domanda = self._domanda(dati, confronto)
            controlla(self.domanda)
        except DomandaRifiutata as errore:
            self.add_error(self._campo(errore.campo), str(errore))
        except RapportoImpossibile as errore:
            self.add_error(None, str(errore))
        return dati

    def _campo(self, argomento: str) -> str:
        """The field that an argument of the question was taken from."""
        if argomento == "chiave":
            perimetro: str = self.cleaned_data["perimetro"]
            return perimetro if perimetro in CAMPI else "perimetro"
        return DOVE.get(argomento, argomento)

    def _confronto(self, dati: dict[str, Any]) -> Rapporto | None:
        """The report to compare with, checked against the rest."""
        scelto = next((uno for uno in self.confrontabili if uno.codice == dati["confronto"]), None)
        if scelto is None:
            return None
        if dati["confronto_al"]:
            self.add_error("confronto_al", _("Scegli un rapporto oppure un giorno: uno solo dei due."))
        if (scelto.perimetro, scelto.chiave) != (dati["perimetro"], self._chiave(dati)):
            self.add_error(
                "confronto",
                _("Il rapporto scelto parla di «%(nome)s»: per il confronto serve lo stesso perimetro.")
                % {"nome": scelto.nome_perimetro},
            )
        return scelto

    def _domanda(self, dati: dict[str, Any], confronto: Rapporto | None) -> Domanda:
        return domanda_da(
            tipo=dati["tipo"],
            perimetro=dati["perimetro"],
            chiave=self._chiave(dati),
            al=dati["al"],
            noto_al=dati["noto_al"] or None,
            confronto_al=dati["confronto_al"] or None if confronto is None else confronto.al,
            confronto_noto_al=None if confronto is None else confronto.noto_al,
        )

    def _chiave(self, dati: dict[str, Any]) -> str:
        campo = self.fields.get(dati["perimetro"])
        if not isinstance(campo, forms.ModelChoiceField) or dati.get(dati["perimetro"]) is None:
            return ""
        return str(getattr(dati[dati["perimetro"]], campo.to_field_name or "pk"))
