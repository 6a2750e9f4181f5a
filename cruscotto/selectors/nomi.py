"""Names of the things that figures are told by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, Value, When
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cruscotto.tipi import Dimensione, Filtri
from enti.models import Comune, ZonaOmogenea
from piani_integrati.models import PianoIntegrato, TipoPiano
from psttm.models import Driver, Strategia

# Of what is of none of a kind.
DI_NESSUNO: dict[Dimensione, str | Promise] = {
    Dimensione.PIANO: _("In nessun piano"),
    Dimensione.DRIVER: _("Di nessun Driver"),
    Dimensione.STRATEGIA: _("Di nessuna STTM"),
    Dimensione.ZONA: _("Fuori dalle zone omogenee"),
    Dimensione.COMUNE: _("Senza Comune"),
}


@dataclass(frozen=True)
class Nome:
    """What a thing is called and its key in addresses; `posto` is its place in a list.

    `altri` are what else people may write for it, in small letters.
    """

    chiave: str
    nome: str
    posto: tuple[Any, ...] = ()
    altri: frozenset[str] = frozenset()


@dataclass
class Nomi:
    """By the value that the count knows a thing by. `zone` is the number of the zona of each Comune."""

    per: dict[Dimensione, dict[str, Nome]]
    zone: dict[str, int] = field(default_factory=dict)

    def di(self, dimensione: Dimensione, valore: str) -> Nome:
        """What is of none comes last; a thing that is no more is called by its value."""
        if not valore:
            return Nome("", str(DI_NESSUNO[dimensione]), (1,))
        noto = self.per[dimensione].get(valore, Nome(valore, valore, (valore,)))
        return Nome(noto.chiave, noto.nome, (0, *noto.posto))

    def valore(self, dimensione: Dimensione, filtri: Filtri) -> str | None:
        """The value that the count knows what was chosen by; None if nothing was."""
        scelto = filtri.parametri.get(dimensione.value)
        if scelto is None or dimensione != Dimensione.PIANO:
            return scelto
        trovati = (valore for valore, nome in self.per[Dimensione.PIANO].items() if nome.chiave == scelto)
        # One that is not there has no interventi.
        return next(trovati, "-")


def nomi() -> Nomi:
    """All of them: one query."""
    per: dict[Dimensione, dict[str, Nome]] = {dimensione: {} for dimensione in Dimensione}
    zone = {}
    for quale, valore, chiave, titolo, altro, primo, secondo in _righe():
        dimensione = Dimensione(quale)
        per[dimensione][valore] = _nome(dimensione, chiave, titolo, altro, (primo, secondo))
        if dimensione == Dimensione.COMUNE:
            zone[chiave] = primo
    return Nomi(per, zone)


def con_comuni(di: Nomi, altrove: Mapping[str, str]) -> Nomi:
    """With these Comuni outside the Città metropolitana, by ISTAT code."""
    comuni = {istat: Nome(istat, nome, (nome.lower(), istat)) for istat, nome in altrove.items()}
    return Nomi({**di.per, Dimensione.COMUNE: {**comuni, **di.per[Dimensione.COMUNE]}}, di.zone)


def _righe() -> Any:
    """Rows of which kind, value, key, title, another name, and two numbers: their order, or the zona of a Comune."""
    # "pui" comes after "programma" in the alphabet, and before it for everybody.
    dopo = Case(When(tipo=TipoPiano.PUI, then=Value(0)), default=Value(1), output_field=IntegerField())
    comuni = Comune.objects.metropolitani()
    prima, *altre = (
        _di(Dimensione.PIANO, PianoIntegrato.objects.all(), "pk", "codice", "titolo", "slug", dopo, F("ordine")),
        _di(Dimensione.DRIVER, Driver.objects.all(), "numero", "numero", "titolo", "titolo", F("numero"), Value(0)),
        _di(
            Dimensione.STRATEGIA, Strategia.objects.all(), "numero", "numero", "titolo", "titolo", F("numero"), Value(0)
        ),
        _di(Dimensione.ZONA, ZonaOmogenea.objects.all(), "numero", "numero", "nome", "nome", F("numero"), Value(0)),
        _di(Dimensione.COMUNE, comuni, "codice_istat", "codice_istat", "nome", "nome", F("zona__numero"), Value(0)),
    )
    return prima.union(*altre, all=True)


def _di(dimensione: Dimensione, righe: Any, *testi_e_numeri: Any) -> Any:
    """Of the same types whatever the kind, as a union wants them on either engine."""
    *testi, primo, secondo = testi_e_numeri
    return righe.order_by().values_list(
        Value(dimensione.value, output_field=CharField()),
        *(Cast(testo, CharField()) for testo in testi),
        Cast(primo, IntegerField()),
        Cast(secondo, IntegerField()),
    )


def _nome(dimensione: Dimensione, chiave: str, titolo: str, altro: str, numeri: tuple[int, int]) -> Nome:
    altri = frozenset({titolo.lower(), altro.lower()})
    match dimensione:
        case Dimensione.PIANO:
            return Nome(chiave, chiave, (*numeri, chiave), altri)
        case Dimensione.COMUNE:
            return Nome(chiave, titolo, (titolo.lower(), chiave), altri)
        case Dimensione.ZONA:
            return Nome(chiave, titolo, numeri, altri)
    sigla = {Dimensione.DRIVER: "Driver", Dimensione.STRATEGIA: "STTM"}[dimensione]
    return Nome(chiave, f"{sigla} {chiave} {titolo}", numeri, altri | {f"{sigla} {chiave}".lower()})
