"""The evidence of an outcome: which interventi fail, by how much, and which data are missing in which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from interventi.models import Intervento
from piani_integrati.esiti import Esito
from piani_integrati.models import PianoIntegrato, TipoPiano
from piani_integrati.regole.catalogo import REGOLE
from piani_integrati.regole.giudizio import con_esiti, da_giudicare, leggi_misura
from piani_integrati.regole.misure import TUTTI
from piani_integrati.regole.tipi import OGNI_PIANO, Contesto, Dato, Regola, assente

# Of one piano this many interventi are explained; the page of a rule lists them all, a page at a time.
SPIEGATI_MASSIMO = 1_000


@dataclass(frozen=True)
class Prova:
    """An intervento as a rule sees it: `misura` in the unit of the rule, `mancano` the data it would need."""

    intervento: Intervento
    esito: Esito
    misura: Decimal | None
    mancano: tuple[Dato, ...] = ()


@dataclass
class Prove:
    """What stands behind the outcome of a rule for a piano."""

    falliti: list[Prova] = field(default_factory=list)
    ignoti: list[Prova] = field(default_factory=list)


_SUGLI_INTERVENTI = [regola for regola in REGOLE if regola.sugli_interventi]


def dati_di(regole: Sequence[Regola] = REGOLE) -> dict[str, tuple[Dato, Regola]]:
    """Every datum of the interventi that these rules need, by code, with the first rule that asks for it."""
    trovati: dict[str, tuple[Dato, Regola]] = {}
    for regola in regole:
        for dato in regola.dati:
            trovati.setdefault(dato.codice, (dato, regola))
    return trovati


def con_mancanze(
    interventi: QuerySet[Intervento], contesto: Contesto, regole: Sequence[Regola] = REGOLE
) -> QuerySet[Intervento]:
    """Interventi of `da_giudicare` with `manca_<codice>`, 1 or 0, for every datum that these rules need of them."""
    return interventi.annotate(
        **{
            f"manca_{codice}": _manca(dato, [regola for regola in regole if dato in regola.dati], contesto)
            for codice, (dato, _regola) in dati_di(regole).items()
        }
    )


def _manca(dato: Dato, regole: Sequence[Regola], contesto: Contesto) -> Case:
    """Nothing is missing where none of the rules looks."""
    sguardi = list(dict.fromkeys((regola.tipi, regola.esclusa) for regola in regole))
    return Case(
        *[When(_guarda(tipi, esclusa) & assente(dato, contesto), then=Value(1)) for tipi, esclusa in sguardi],
        default=Value(0),
        output_field=IntegerField(),
    )


def _guarda(tipi: frozenset[TipoPiano], esclusa: Q | None) -> Q:
    """Whether a rule on these kinds of piano, except those interventi, looks at an intervento."""
    del_tipo = TUTTI if tipi == OGNI_PIANO else Q(nel_piano__piano__tipo__in=sorted(tipi))
    return del_tipo if esclusa is None else del_tipo & ~esclusa


def evidenza(
    regola: Regola, interventi: QuerySet[Intervento], contesto: Contesto, *esiti: Esito
) -> QuerySet[Intervento]:
    """Those of the interventi to which the rule gives one of these outcomes (a failure, unless others are named).

    With `esito_<codice>`, `misura_<codice>` and `manca_<codice del dato>` of that rule; the worst first.
    """
    if not regola.sugli_interventi:
        return interventi.none()
    giudicati = con_mancanze(con_esiti(da_giudicare(interventi), contesto, [regola]), contesto, [regola])
    cercati = [esito.value for esito in esiti or (Esito.NON_CONFORME,)]
    verso = "" if regola.confronto.peggiore == "min" else "-"
    return giudicati.filter(**{f"esito_{regola.codice}__in": cercati}).order_by(
        f"{verso}misura_{regola.codice}", "cup", "clp", "pk"
    )


def prova(regola: Regola, intervento: Any) -> Prova:
    """What a row of `evidenza`, or of `con_esiti` with `con_mancanze`, says of a rule."""
    return Prova(
        intervento,
        Esito(getattr(intervento, f"esito_{regola.codice}")),
        leggi_misura(regola, getattr(intervento, f"misura_{regola.codice}")),
        tuple(dato for dato in regola.dati if getattr(intervento, f"manca_{dato.codice}")),
    )


def spiega(piano: PianoIntegrato, contesto: Contesto) -> dict[str, Prove]:
    """What stands behind every outcome of a piano, by code of the rule: one query."""
    regole = _SUGLI_INTERVENTI
    suoi = Intervento.objects.filter(nel_piano__piano=piano).defer("testo_ricerca", "sintesi")
    giudicati = con_mancanze(con_esiti(da_giudicare(suoi), contesto, regole), contesto, regole)
    con_qualcosa = Q(
        *[
            Q(**{f"esito_{regola.codice}__in": [Esito.NON_CONFORME.value, Esito.NON_DETERMINABILE.value]})
            for regola in regole
        ],
        _connector=Q.OR,
    )
    prove = {regola.codice: Prove() for regola in REGOLE}
    for intervento in giudicati.filter(con_qualcosa).order_by("cup", "clp", "pk")[:SPIEGATI_MASSIMO]:
        for regola in regole:
            vista = prova(regola, intervento)
            if vista.esito == Esito.NON_CONFORME:
                prove[regola.codice].falliti.append(vista)
            elif vista.esito == Esito.NON_DETERMINABILE:
                prove[regola.codice].ignoti.append(vista)
    return prove


def di_un_intervento(intervento_id: int, contesto: Contesto) -> list[tuple[Regola, Prova]]:
    """The rules on one intervento, in the order of the catalogue: one query; empty where it is not there."""
    trovato = _di_ciascuno(contesto).filter(pk=intervento_id).first()
    return [] if trovato is None else [(regola, prova(regola, trovato)) for regola in _SUGLI_INTERVENTI]


@lru_cache(maxsize=4)
def _di_ciascuno(contesto: Contesto) -> QuerySet[Intervento]:
    """All the rules on any intervento: never read, only filtered.

    Writing this query takes longer than asking it of one intervento; it is the same for all until the day changes.
    """
    return con_mancanze(con_esiti(da_giudicare(), contesto, _SUGLI_INTERVENTI), contesto, _SUGLI_INTERVENTI)
