"""The whole form of an intervento: its own fields, its single rows and its lists, as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from interventi.controlli import Rilievo, controlla, somma_importi
from interventi.forms.campi import ElencoComuni
from interventi.forms.moduli import (
    RIGHE,
    ClassificazioneForm,
    DatiCupForm,
    DnshForm,
    InterventoForm,
    RequisitiForm,
    RigaForm,
)
from interventi.istantanea import CAMPI, ChiaveRiga, Istantanea, con
from psttm.models import Driver, Strategia

VUOTE = {"localizzazioni": 1, "finanziamenti": 2, "quadro_economico": 2, "procedure": 1, "legami_driver": 1,
         "legami_strategie": 1}  # fmt: skip
# A browser may send a thousand fields: an intervento with hundreds of tenders is edited some of them at a time.
PER_PAGINA = 30
SINGOLARE = {
    "localizzazioni": pigro("Luogo"),
    "finanziamenti": pigro("Fonte"),
    "quadro_economico": pigro("Voce"),
    "procedure": pigro("Gara"),
    "legami_driver": pigro("Driver"),
    "legami_strategie": pigro("STTM"),
}


@dataclass(frozen=True)
class Errore:
    """A line of the summary: where it leads, the name of the field, the words."""

    indirizzo: str
    nome: str
    testo: str


class RigheFormSet(BaseFormSet):
    """Rows told apart by the id they carry, never by their place: the register may change between two requests."""

    def __init__(self, *args: Any, note: list[dict[str, Any]], mostrate: list[dict[str, Any]], **kwargs: Any) -> None:
        self.per_id = {str(riga["id"]): riga for riga in note if riga.get("id")}
        self.mostrate = mostrate
        kwargs["initial"] = mostrate
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "riga": self._riga(index)}

    def _riga(self, index: int | None) -> dict[str, Any] | None:
        if index is None:
            return None
        if self.is_bound:
            return self.per_id.get(self.data.get(f"{self.add_prefix(index)}-id", ""))
        return self.mostrate[index] if index < len(self.mostrate) else None

    def scritte(self) -> list[RigaForm]:
        return [modulo for modulo in self.forms if modulo.has_changed()]


class ModuloIntervento:
    """`quadro` is what the register holds; `mostrato` what the form starts from, when that is something else."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        quadro: Istantanea,
        mostrato: Istantanea | None = None,
        intervento_id: int | None = None,
        visto_alle: str = "",
        pagina: int = 1,
    ) -> None:
        self.quadro, self.intervento_id = quadro, intervento_id
        mostrato = mostrato or quadro
        self.comuni = ElencoComuni(riga.get("comune") for riga in mostrato.righe["localizzazioni"].values())
        iniziale = {**mostrato.dati, "visto_alle": visto_alle}
        self.principale = InterventoForm(data, initial=iniziale, di_regis=bool(quadro.dati.get("dati_al")))
        self.requisiti = RequisitiForm(data, prefix="requisiti", initial=mostrato.uniche["requisiti"])
        self.dnsh = DnshForm(data, prefix="dnsh", initial=mostrato.uniche["dnsh"])
        self.dati_cup = DatiCupForm(data, prefix="dati_cup", initial=mostrato.uniche["dati_cup"])
        self.classificazione = ClassificazioneForm(data, prefix="classe")
        self.righe = {nome: self._righe(nome, data, mostrato, pagina) for nome in RIGHE}
        self.pagina = pagina
        self.pagine = max(-(-len(righe) // PER_PAGINA) for righe in quadro.righe.values()) or 1
        self._nuove: dict[str, dict[ChiaveRiga, RigaForm]] = {}
        self.rilievi_generali: list[str] = []

    def _righe(self, nome: str, data: QueryDict | None, mostrato: Istantanea, pagina: int) -> RigheFormSet:
        note = list(self.quadro.righe[nome].values())
        presenti = [riga for riga in mostrato.righe[nome].values() if riga.get("id")]
        nuove = [riga for riga in mostrato.righe[nome].values() if not riga.get("id")]
        classe: Any = formset_factory(RIGHE[nome], formset=RigheFormSet, extra=VUOTE[nome])
        inizio = (pagina - 1) * PER_PAGINA
        argomenti: dict[str, Any] = {}
        if nome == "localizzazioni":
            argomenti["comuni"] = self.comuni
        elif nome == "legami_driver":
            argomenti["scelte"] = _scelte(Driver)
        elif nome == "legami_strategie":
            argomenti["scelte"] = _scelte(Strategia)
        mostrate = [*presenti[inizio : inizio + PER_PAGINA], *nuove]
        righe: RigheFormSet = classe(data, prefix=nome, note=note, mostrate=mostrate, form_kwargs=argomenti)
        return righe

    @property
    def singoli(self) -> tuple[forms.ModelForm, ...]:
        return (self.principale, self.requisiti, self.dnsh, self.dati_cup, self.classificazione)

    def is_valid(self) -> bool:
        """Every field read, and nothing for `controlli` to say. All the errors come out at once."""
        for modulo in self.singoli:
            modulo.is_valid()
        for righe in self.righe.values():
            righe.is_valid()
        dati, parti = self.dati(), self.parti()
        self.aggiungi(controlla(self.quadro, con(self.quadro, dati, parti), intervento_id=self.intervento_id))
        return not self.errori()

    def dati(self) -> dict[str, Any]:
        return {campo: self.principale.cleaned_data[campo] for campo in CAMPI if campo in self.principale.cleaned_data}

    def parti(self) -> dict[str, Any]:
        """What was typed, in the shape that the service takes; the rows left as they were are not in it."""
        parti: dict[str, Any] = {
            "requisiti": self.requisiti.cleaned_data,
            "dnsh": self.dnsh.cleaned_data,
            "dati_cup": self.dati_cup.cleaned_data,
        }
        if self.classificazione.nuova():
            parti["classificazione"] = self.classificazione.nuova()
        for nome, righe in self.righe.items():
            scritte = righe.scritte()
            parti[nome] = [modulo.valori() for modulo in scritte]
            self._nuove[nome] = {
                valori.get("id") or f"n{posto}": modulo
                for posto, (valori, modulo) in enumerate(zip(parti[nome], scritte, strict=True))
            }
        return parti

    def aggiungi(self, rilievi: list[Rilievo]) -> None:
        """Put each complaint beside its field, unless the field already has one."""
        for rilievo in rilievi:
            modulo: forms.ModelForm | None = self.principale
            if rilievo.parte:
                modulo = self._nuove[rilievo.parte].get(rilievo.riga or "")
            testo = rilievo.testo
            if rilievo.esistente is not None:
                indirizzo = reverse("intervento", args=[rilievo.esistente.pk])
                testo = format_html('{} <a href="{}">{}</a>', testo, indirizzo, rilievo.esistente)
            if modulo is None or rilievo.campo not in modulo.fields:
                self.rilievi_generali.append(testo)
            elif rilievo.campo not in modulo.errors:
                modulo.add_error(rilievo.campo, testo)

    def errori(self) -> list[Errore]:
        trovati = [Errore("", "", testo) for testo in self.rilievi_generali]
        for modulo in self.singoli:
            trovati += _errori(modulo, "")
        for nome, righe in self.righe.items():
            trovati += [Errore("", str(SINGOLARE[nome]), str(testo)) for testo in righe.non_form_errors()]
            for posto, riga in enumerate(righe.forms, start=1):
                trovati += _errori(riga, f"{SINGOLARE[nome]} {posto}, ")
        return trovati

    def somme(self) -> dict[str, Decimal | None]:
        """Sums of what is on the page, for the lines under the amounts (EUR)."""
        quadro = con(self.quadro, self.dati(), self.parti()) if self.principale.is_bound else self.quadro
        totale = quadro.dati.get("finanziamento_totale")
        somme = {nome: somma_importi(quadro, nome) for nome in ("finanziamenti", "quadro_economico")}
        differenze = {
            f"{nome}_differenza": totale - somma if totale is not None and somma is not None else None
            for nome, somma in somme.items()
        }
        return {**somme, **differenze, "totale": totale}


def _scelte(modello: type[Driver] | type[Strategia]) -> list[tuple[Any, Any]]:
    return [("", _("Scegli")), *((oggetto.pk, str(oggetto)) for oggetto in modello.objects.all())]


def _errori(modulo: forms.ModelForm, davanti: str) -> Iterator[Errore]:
    for campo in modulo:
        etichetta = f"{davanti}{campo.label}"
        for testo in campo.errors:
            yield Errore(f"#{campo.id_for_label or campo.auto_id}", etichetta, str(testo))
