"""The bar of the five filters, the same on every page of the Cruscotto: fields, count, chips that take one away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cruscotto import filtri as lettura
from cruscotto.filtri import Errore, Opzione, Opzioni
from cruscotto.selectors.nomi import DI_NESSUNO, Nomi, nomi
from cruscotto.tipi import Dimensione, Filtri
from monitoraggio.selectors.programma import NESSUNO
from monitoraggio.tempo import PARAMETRI
from psttm import formati

# What the first choice of each field is called.
TUTTI: Mapping[Dimensione, Any] = {
    Dimensione.PIANO: _("Tutti"),
    Dimensione.DRIVER: _("Tutti"),
    Dimensione.STRATEGIA: _("Tutte"),
    Dimensione.ZONA: _("Tutte"),
    Dimensione.COMUNE: _("Tutti"),
}


@dataclass(frozen=True)
class Campo:
    nome: str
    etichetta: str
    tutti: str
    opzioni: list[Opzione]
    scelta: str
    errore: str = ""


@dataclass(frozen=True)
class Gettone:
    """A filter in use, as a chip: `senza` is the address without it."""

    nome: str
    valore: str
    senza: str


@dataclass(frozen=True)
class Barra:
    """`conserva` are the other parameters of the address, which the form carries along.

    `nessuno` are the kinds of which what belongs to none is asked for, as the lists write it.
    """

    campi: list[Campo]
    gettoni: list[Gettone]
    errori: tuple[Errore, ...]
    conserva: list[tuple[str, str]]
    azzera: str
    nessuno: dict[str, str]
    # The names that were read for it, which the figures need too.
    chi: Nomi

    def conto(self, quanti: int) -> str:
        testo = ngettext("%(quanti)s intervento", "%(quanti)s interventi", quanti)
        return testo % {"quanti": formati.numero(quanti)}


def barra(request: HttpRequest, *, anche_nessuno: bool = False) -> tuple[Filtri, Barra]:
    """What the address of a page asks for, and the bar that says it: one query.

    A page that lists the rows of a group reads `anche_nessuno`: those of no piano, of no Driver.
    """
    chi = nomi()
    fra = lettura.opzioni(chi)
    scritti = {nome: request.GET.get(nome, "") for nome in Dimensione.values}
    nessuno = {nome: valore for nome, valore in scritti.items() if anche_nessuno and valore == NESSUNO}
    filtri, errori = lettura.leggi({nome: valore for nome, valore in scritti.items() if nome not in nessuno}, fra)
    scelti = filtri.parametri | nessuno
    return filtri, Barra(
        campi=_campi(scelti, errori, fra),
        gettoni=[_gettone(request, Dimensione(nome), valore, fra) for nome, valore in scelti.items()],
        errori=errori,
        conserva=[(nome, v) for nome, vv in request.GET.lists() if nome not in Dimensione.values for v in vv if v],
        azzera=_indirizzo(request, {nome: request.GET[nome] for nome in PARAMETRI if request.GET.get(nome)}),
        nessuno=nessuno,
        chi=chi,
    )


def _campi(scelti: Mapping[str, str], errori: tuple[Errore, ...], fra: Opzioni) -> list[Campo]:
    detti = {errore.nome: errore.testo for errore in errori}
    return [
        Campo(
            nome=dimensione.value,
            etichetta=str(dimensione.label),
            tutti=str(TUTTI[dimensione]),
            opzioni=_con_nessuno(dimensione, scelti, fra),
            scelta=scelti.get(dimensione.value, ""),
            errore=detti.get(dimensione.value, ""),
        )
        for dimensione in Dimensione
    ]


def _con_nessuno(dimensione: Dimensione, scelti: Mapping[str, str], fra: Opzioni) -> list[Opzione]:
    """Where it is chosen, that there is none is a choice too."""
    if scelti.get(dimensione.value) != NESSUNO:
        return fra[dimensione]
    return [*fra[dimensione], Opzione(NESSUNO, str(DI_NESSUNO[dimensione]))]


def _gettone(request: HttpRequest, dimensione: Dimensione, valore: str, fra: Opzioni) -> Gettone:
    if valore == NESSUNO:
        etichetta, detto = "", str(DI_NESSUNO[dimensione])
    else:
        etichetta = "" if dimensione in {Dimensione.DRIVER, Dimensione.STRATEGIA} else str(dimensione.label)
        detto = next((una.nome for una in fra[dimensione] if una.chiave == valore), valore)
    resta = request.GET.copy()
    resta.pop(dimensione.value, None)
    return Gettone(etichetta, detto, f"{request.path}?{resta.urlencode()}" if resta else request.path)


def _indirizzo(request: HttpRequest, parametri: Mapping[str, str]) -> str:
    return f"{request.path}?{urlencode(parametri)}" if parametri else request.path
