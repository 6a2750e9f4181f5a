"""The five filters of the Cruscotto: read from an address, and what they can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cruscotto.selectors.nomi import Nomi, nomi
from cruscotto.tipi import Dimensione, Filtri

# More of what somebody wrote would only make the message long.
LUNGO = 40


@dataclass(frozen=True)
class Opzione:
    """A value of a filter as addresses write it, its name, and what else people write for it, in small letters."""

    chiave: str
    nome: str
    altri_nomi: frozenset[str] = frozenset()

    def detta(self, testo: str) -> bool:
        return testo == self.chiave.lower() or testo in self.altri_nomi


@dataclass(frozen=True)
class Errore:
    """A value that is not used: of which filter (a value of Dimensione), and how to mend it."""

    nome: str
    testo: str


Opzioni = Mapping[Dimensione, list[Opzione]]


def opzioni(chi: Nomi | None = None) -> Opzioni:
    """What each filter can be; without the names, one query."""
    chi = chi or nomi()
    return {
        dimensione: [
            Opzione(uno.chiave, uno.nome, uno.altri) for uno in sorted(suoi.values(), key=lambda uno: uno.posto)
        ]
        for dimensione, suoi in chi.per.items()
    }


def leggi(parametri: Mapping[str, str], fra: Opzioni | None = None) -> tuple[Filtri, tuple[Errore, ...]]:
    """What an address asks for. A value that there is not is left out, and said with how to mend it.

    People may write a name for a code, and in any case. `fra` are the options, if they are known; else one query, and
    none where no filter is asked for.
    """
    scritti = {dimensione: parametri.get(dimensione.value, "").strip() for dimensione in Dimensione}
    scritti = {dimensione: testo for dimensione, testo in scritti.items() if testo}
    if scritti and fra is None:
        fra = opzioni()
    valori: dict[str, Any] = {}
    errori = []
    for dimensione, testo in scritti.items():
        trovata = _trovata((fra or {}).get(dimensione, []), testo)
        if trovata is None:
            errori.append(Errore(dimensione.value, _sbagliato(dimensione, testo, fra or {})))
        else:
            valori[dimensione.value] = trovata.chiave if dimensione in PER_CODICE else int(trovata.chiave)
    return Filtri(**valori), tuple(errori)


# The others have a number.
PER_CODICE = {Dimensione.PIANO, Dimensione.COMUNE}


def _trovata(scelte: list[Opzione], testo: str) -> Opzione | None:
    cercato = testo.lower()
    if cercato.isdecimal() and len(cercato) < len("015182"):
        cercato = str(int(cercato))
    return next((una for una in scelte if una.detta(cercato)), None)


def _sbagliato(dimensione: Dimensione, testo: str, fra: Opzioni) -> str:
    """What there is instead."""
    scelte = fra.get(dimensione, [])
    valori = {"testo": testo[:LUNGO], "quali": ", ".join(una.chiave for una in scelte)}
    match dimensione:
        case Dimensione.PIANO:
            return _("«%(testo)s» non è il codice di un piano: scegli fra %(quali)s.") % valori
        case Dimensione.COMUNE:
            return (
                _(
                    "«%(testo)s» non è uno dei 133 Comuni della Città metropolitana: scrivi il nome o il codice ISTAT "
                    "di sei cifre, per esempio 015182 per Rho."
                )
                % valori
            )
        case Dimensione.DRIVER:
            return _("«%(testo)s» non è un Driver: i Driver hanno i numeri %(quali)s.") % valori
        case Dimensione.STRATEGIA:
            return _("«%(testo)s» non è una STTM: le STTM hanno i numeri %(quali)s.") % valori
        case _:
            return _("«%(testo)s» non è una zona omogenea: le zone hanno i numeri %(quali)s.") % valori
