"""The interventi of the selection by state, told by piano, Driver, STTM, zona or Comune: a chart and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cruscotto.collegamenti import Collegamenti
from cruscotto.presentazione.cifre import Cella
from cruscotto.tipi import Dimensione, Figure, Gruppo, Totali
from psttm import formati
from psttm.grafici.tipi import Barra, Barre, Serie
from rapporti.capitoli.conti import SEGNI_AL_PLURALE
from rapporti.capitoli.parole import elenco
from rapporti.capitoli.stati import SEGNI

# More bars than these are a table.
BARRE = 16
# What a group without a value is called.
NESSUNO: Mapping[Dimensione, Any] = {
    Dimensione.PIANO: gettext_lazy("In nessun piano"),
    Dimensione.DRIVER: gettext_lazy("Di nessun Driver"),
    Dimensione.STRATEGIA: gettext_lazy("Di nessuna STTM"),
    Dimensione.ZONA: gettext_lazy("Fuori da ogni zona"),
    Dimensione.COMUNE: gettext_lazy("Senza Comune"),
}
NON_SI_SOMMANO: Mapping[Dimensione, Any] = {
    Dimensione.DRIVER: gettext_lazy("Un intervento può contribuire a più Driver: le righe non si sommano."),
    Dimensione.STRATEGIA: gettext_lazy(
        "A una STTM contribuiscono gli interventi che le sono legati e quelli dei Driver che essa sviluppa: le righe "
        "non si sommano."
    ),
    Dimensione.ZONA: gettext_lazy("Un intervento può stare in più zone: le righe non si sommano."),
    Dimensione.COMUNE: gettext_lazy("Un intervento può stare in più Comuni: le righe non si sommano."),
}


@dataclass(frozen=True)
class Riga:
    """A group: its name, which chooses it, its figures; `segni` with the name of their column."""

    nome: Cella
    interventi: Cella
    segni: tuple[tuple[str, Cella], ...]
    finanziamento: Cella
    fatti: Cella
    pagato: Cella


@dataclass(frozen=True)
class Linguetta:
    nome: str
    indirizzo: str
    attiva: bool


@dataclass(frozen=True)
class Stati:
    per: Dimensione
    linguette: list[Linguetta]
    colonne: tuple[str, ...]
    righe: list[Riga]
    totale: Riga
    figura: Barre | None
    descrizione: str
    nota: str


def stati(per: Dimensione, figure: Figure, vie: Collegamenti) -> Stati:
    """Where the filter of this dimension is in use, the row of its value alone."""
    gruppi, totali, fino = figure.gruppi, figure.totali, figure.curva.fino
    scelto = figure.filtri.parametri.get(per.value, "")
    propri = [uno for uno in gruppi.get(per, ()) if uno.totali.interventi and (not scelto or uno.chiave == scelto)]
    presenti = tuple(segno for segno in SEGNI if totali.segni.get(segno))
    nomi = {uno.chiave: uno.nome for uno in propri}
    return Stati(
        per=per,
        linguette=[
            Linguetta(str(una.label), f"{vie.cruscotto(per=una.value)}#stati", una == per) for una in Dimensione
        ],
        colonne=tuple(SEGNI_AL_PLURALE[segno] for segno in presenti),
        righe=[
            _riga(Cella(nomi[uno.chiave], _scelta(uno, vie)), uno.totali, presenti, vie.del_gruppo(uno), fino)
            for uno in propri
        ],
        totale=_riga(Cella(_("Tutta la selezione")), totali, presenti, vie, fino),
        figura=_figura(propri, nomi, presenti) if 1 < len(propri) <= BARRE else None,
        descrizione=" ".join(_a_parole(nomi[uno.chiave], uno.totali, presenti) for uno in propri[:BARRE]),
        nota=str(NON_SI_SOMMANO.get(per, "")),
    )


def _scelta(gruppo: Gruppo, vie: Collegamenti) -> str:
    """The same page with a group alone; what belongs to none cannot be chosen there."""
    return vie.del_gruppo(gruppo).cruscotto(per=gruppo.dimensione.value) if gruppo.chiave else ""


def _riga(nome: Cella, totali: Totali, presenti: tuple[str, ...], vie: Collegamenti, fino: date) -> Riga:
    return Riga(
        nome=nome,
        interventi=_conto(totali.interventi, vie.interventi()),
        segni=tuple(
            (SEGNI_AL_PLURALE[segno], _conto(totali.segni.get(segno, 0), vie.interventi(stato=segno)))
            for segno in presenti
        ),
        finanziamento=_somma(totali.finanziamento, vie.interventi()),
        fatti=_quota(totali.fatto_percento, vie.lavori_fatti(fino)),
        pagato=_quota(totali.pagato_percento, vie.interventi()),
    )


def _conto(quanti: int, indirizzo: str) -> Cella:
    return Cella(formati.numero(quanti), indirizzo if quanti else "")


def _somma(valore: Decimal, indirizzo: str) -> Cella:
    return Cella(formati.milioni(valore) if valore else "–", indirizzo if valore else "")


def _quota(valore: Decimal | None, indirizzo: str) -> Cella:
    return Cella(formati.percento(valore), indirizzo if valore is not None else "")


def _figura(propri: Sequence[Gruppo], nomi: Mapping[str, str], presenti: tuple[str, ...]) -> Barre:
    return Barre(
        serie=tuple(Serie(SEGNI_AL_PLURALE[segno], segno) for segno in presenti),
        barre=tuple(
            Barra(nomi[uno.chiave], tuple(uno.totali.segni.get(segno, 0) for segno in presenti)) for uno in propri
        ),
    )


def _a_parole(nome: str, totali: Totali, presenti: tuple[str, ...]) -> str:
    voci = [f"{totali.segni[segno]} {SEGNI_AL_PLURALE[segno]}" for segno in presenti if totali.segni.get(segno)]
    return f"{nome}: {formati.numero(totali.interventi)}, {elenco(voci)}."
