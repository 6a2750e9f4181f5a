"""What the map is coloured by and its table sorted by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cruscotto.tipi import Totali
from psttm.grafici.tipi import MILIONI, NUMERO, PERCENTO, Unita, Valore

LUNGO = 40


@dataclass(frozen=True)
class Misura:
    """Something the map can be coloured by, and the table sorted by."""

    codice: str
    nome: Any
    breve: Any
    unita: Unita
    valore: Callable[[Totali], Valore]

    def scrivi(self, totali: Totali) -> str:
        return self.unita.scrivi(self.valore(totali))


INTERVENTI = Misura(
    "interventi", gettext_lazy("Numero di interventi"), gettext_lazy("Interventi"), NUMERO, lambda t: t.interventi
)
MISURE = {
    misura.codice: misura
    for misura in (
        INTERVENTI,
        Misura(
            "finanziamento",
            gettext_lazy("Finanziamento, in mln €"),
            gettext_lazy("Finanziamento"),
            MILIONI,
            lambda t: t.finanziamento,
        ),
        Misura(
            "fisico",
            gettext_lazy("Lavori fatti, in % del loro valore"),
            gettext_lazy("Lavori fatti"),
            PERCENTO,
            lambda t: t.fatto_percento,
        ),
        Misura(
            "pagato",
            gettext_lazy("Pagato, in % del finanziamento"),
            gettext_lazy("Pagato"),
            PERCENTO,
            lambda t: t.pagato_percento,
        ),
        Misura(
            "ritardo",
            gettext_lazy("Interventi in ritardo"),
            gettext_lazy("In ritardo"),
            NUMERO,
            lambda t: t.segni.get("in_ritardo", 0),
        ),
        Misura(
            "segnali",
            gettext_lazy("Interventi con segnali"),
            gettext_lazy("Con segnali"),
            NUMERO,
            lambda t: t.con_segnali,
        ),
    )
}


def misura_chiesta(testo: str) -> tuple[Misura, str]:
    """The measure that an address asks for, and why what it asks for is not used."""
    testo = testo.strip().lower()
    if not testo or testo in MISURE:
        return MISURE.get(testo, INTERVENTI), ""
    errore = _("«%(testo)s» non è una misura della mappa: scegli fra %(quali)s. Qui sotto è il numero di interventi.")
    return INTERVENTI, errore % {"testo": testo[:LUNGO], "quali": ", ".join(MISURE)}
