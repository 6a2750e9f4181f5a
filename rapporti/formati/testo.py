"""The report in short, to be pasted in a letter or in a mail: as HTML, and as plain text."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from rapporti.documento import Cifra, Legame, Segno, Tabella, scrivi
from rapporti.formati.celle_xlsx import in_testo as cella_in_testo
from rapporti.formati.indirizzi import di_cifra, di_rapporto, di_verifica
from rapporti.formati.letti import Dati

# A table that does not fit in a letter is not pasted in one.
RIGHE, COLONNE = 15, 7


def in_html(dati: Dati) -> SafeString:
    """A piece of a page, without scripts or styles."""
    return render_to_string("rapporti/testo/incolla.html", _contesto(dati))


def in_testo(dati: Dati) -> str:
    return render_to_string("rapporti/testo/semplice.txt", _contesto(dati))


def _contesto(dati: Dati) -> dict[str, Any]:
    tabella = _tabella(dati)
    return {
        "dati": dati,
        "domanda": dati.domanda,
        "cifre": [(cifra, di_cifra(dati.codice, cifra.chiave)) for cifra in dati.in_evidenza],
        "tabella": tabella,
        "righe": [] if tabella is None else [_riga(tabella, riga) for riga in (*tabella.righe, tabella.totale) if riga],
        "indirizzo": di_rapporto(dati.codice),
        "verifica": di_verifica(dati.codice),
    }


def _tabella(dati: Dati) -> Tabella | None:
    """The first table of the report that fits."""
    for sezione in dati.sezioni:
        for tabella in sezione.tabelle:
            if 0 < len(tabella.righe) <= RIGHE and len(tabella.colonne) <= COLONNE:
                return tabella
    return None


def _riga(tabella: Tabella, riga: tuple[Any, ...]) -> list[str]:
    return [_cella(cella, colonna.unita) for cella, colonna in zip(riga, tabella.colonne, strict=True)]


def _cella(cella: Any, unita: Any) -> str:
    match cella:
        case None | "":
            return ""
        case Cifra():
            return cella.testo
        case Segno():
            return cella_in_testo(cella, unita)
        case Legame():
            return cella.testo
        case str():
            return cella
    return scrivi(cella, unita)
