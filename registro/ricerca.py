"""One search over everything: each room declares what of its own can be found, and by whom.

A room calls `aggiungi_fornitore` in its `sezioni.py`; the page, which stands below them all, asks every kind. A page of
results costs a few queries for each kind; suggestions cost one query for all of them, however many kinds there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Expression, F, Model, QuerySet, Value, Window
from django.db.models.functions import Cast
from django.utils.functional import Promise

# Shorter texts are in almost every row, and no index helps to find them.
MINIMO = 3
MASSIMO = 200
# Suggestions: of all kinds together, and read of each.
SUGGERIMENTI = 8
PER_GENERE = 4
_SPAZI = re.compile(r"\s+")


@dataclass(frozen=True)
class Risultato:
    """Something found. `dettaglio` stands at the end of its line, as a link where it has an address."""

    titolo: str
    indirizzo: str
    sottotitolo: str = ""
    dettaglio: str = ""
    indirizzo_dettaglio: str = ""
    # The text is its code, or its whole name.
    esatto: bool = False


@dataclass(frozen=True)
class Trovati:
    """The first results of a kind, how many there are in all, and the list that has them all ("": there is none)."""

    risultati: list[Risultato]
    quanti: int
    tutti: str = ""


@dataclass(frozen=True)
class Voce:
    """A suggestion: `genere` says in one word what it is."""

    genere: str
    risultato: Risultato


# The person is whoever `request.user` is: the rooms know her kind, this one does not.
Cerca = Callable[[Any, str], Trovati]
# Rows made by `righe`; None where the text cannot be of this kind.
Righe = Callable[[Any, str], QuerySet[Any] | None]
# From the key, the title and the subtitle of a row; None where it leads nowhere.
Leggi = Callable[[str, str, str], Risultato | None]


@dataclass(frozen=True)
class Fornitore:
    """A kind of thing that can be found. Each function is given the person, and gives only what she may see.

    `plurale` is the heading of the page, `singolare` and `molti` go after a number. `esatti` gives the addresses of
    what has exactly this code: when all the kinds together find one, the page leads straight to it.
    """

    genere: str
    plurale: str | Promise
    singolare: str | Promise
    molti: str | Promise
    cerca: Cerca
    posto: int
    righe: Righe | None = None
    leggi: Leggi | None = None
    # Suggestions that need no query.
    subito: Callable[[Any, str], list[Risultato]] | None = None
    esatti: Callable[[Any, str], list[str]] | None = None


_FORNITORI: dict[str, Fornitore] = {}


def aggiungi_fornitore(fornitore: Fornitore) -> None:
    _FORNITORI[fornitore.genere] = fornitore


def fornitori() -> list[Fornitore]:
    """All the kinds, in the order in which people read them."""
    return sorted(_FORNITORI.values(), key=lambda fornitore: fornitore.posto)


def pulito(testo: str) -> str:
    """What was typed, without what no database takes, on one line, not longer than one can mean."""
    senza_controlli = "".join(" " if unicodedata.category(segno)[0] == "C" else segno for segno in testo[: MASSIMO * 5])
    return _SPAZI.sub(" ", senza_controlli).strip()[:MASSIMO].strip()


def piano(testo: str) -> str:
    """A text to compare by: small letters without accents, single spaces."""
    scomposto = unicodedata.normalize("NFKD", testo)
    return _SPAZI.sub(" ", "".join(c for c in scomposto if not unicodedata.combining(c)).casefold()).strip()


def corto(testo: str) -> bool:
    return len(piano(testo).replace(" ", "")) < MINIMO


def contiene(cercato: str, *dove: str) -> bool:
    """Whether every word of the text is somewhere in these."""
    pagliaio = piano(" ".join(dove))
    return all(parola in pagliaio for parola in piano(cercato).split())


def righe(
    trovati: QuerySet[Any], *, chiave: Expression | F | str, titolo: Expression | F | str, sotto: Expression | F | str
) -> QuerySet[Any]:
    """The first of these rows in the shape that all kinds share, so that one query can read them together.

    An inner query chooses them: that is the only place where both engines take a limit in a union.
    """
    modello: type[Model] = trovati.model
    primi = modello._default_manager.filter(pk__in=trovati.values("pk")[:PER_GENERE]).order_by()
    return primi.annotate(r_chiave=_testo(chiave), r_titolo=_testo(titolo), r_sotto=_testo(sotto)).values_list(
        "r_chiave", "r_titolo", "r_sotto"
    )


def primi_e_conto(trovati: QuerySet[Any], quanti: int) -> tuple[list[Any], int]:
    """The first rows, and how many there are in all, in one query: of kinds that are thousands at most."""
    primi = list(trovati.annotate(r_quanti=Window(Count("*")))[:quanti])
    return primi, primi[0].r_quanti if primi else 0


def _testo(espressione: Expression | F | str) -> Cast:
    return Cast(espressione, CharField())


def suggerimenti(persona: Any, testo: str) -> list[Voce]:
    """What the text may be about to name, the nearest first: one query."""
    if corto(testo):
        return []
    per_genere = {fornitore.genere: fornitore for fornitore in fornitori()}
    parti = []
    for fornitore in per_genere.values():
        trovate = fornitore.righe(persona, testo) if fornitore.righe is not None else None
        if trovate is not None:
            genere = Value(fornitore.genere, output_field=CharField())
            parti.append(trovate.annotate(r_genere=genere).values_list("r_genere", "r_chiave", "r_titolo", "r_sotto"))
    voci = [
        (fornitore, risultato)
        for fornitore in per_genere.values()
        if fornitore.subito is not None
        for risultato in fornitore.subito(persona, testo)[:PER_GENERE]
    ]
    for genere_letto, *riga in parti[0].union(*parti[1:], all=True) if parti else ():
        fornitore = per_genere[genere_letto]
        letto = fornitore.leggi(*riga) if fornitore.leggi is not None else None
        if letto is not None:
            voci.append((fornitore, letto))
    voci.sort(key=lambda voce: (*_lontananza(voce[1], testo), voce[0].posto, piano(voce[1].titolo)))
    return [Voce(str(fornitore.singolare), risultato) for fornitore, risultato in voci[:SUGGERIMENTI]]


def _lontananza(risultato: Risultato, testo: str) -> tuple[bool, bool]:
    """Exact ones first, then those whose name begins with the text."""
    return not risultato.esatto, not piano(risultato.titolo).startswith(piano(testo))
