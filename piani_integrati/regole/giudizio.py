"""Judging: each intervento in a column of a query, the piani by adding those columns up.

`con_esiti` is the only place where the outcome of an intervento is worked out, `_del_piano` the only one for a piano.
One piano is judged by the very statement that judges them all, limited to its primary key: three queries either way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThanOrEqual

from interventi.models import Intervento
from interventi.scelte import FonteFinanziamento
from piani_integrati.esiti import Esito, peggiore
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole.catalogo import REGOLE
from piani_integrati.regole.misure import TUTTI
from piani_integrati.regole.tipi import OGNI_PIANO, Confronto, Contesto, Livello, Regola, Unita, assente

LOOKUP = {
    Confronto.ALMENO: GreaterThanOrEqual,
    Confronto.AL_PIU: LessThanOrEqual,
    Confronto.PIU_DI: GreaterThan,
}
# How many of the interventi that cause an outcome are kept with it; the page of the rule finds them all.
EVIDENZA_MASSIMA = 50
INDICE_DECIMALI = Decimal("1e-8")


@dataclass(frozen=True)
class Giudizio:
    """The outcome of a rule for a piano.

    `misura`, `soglia` and `distanza` (measure less threshold) are in the unit of the rule; for a rule on the interventi
    the measure is the worst of them. None: not known, or nothing to measure. The numbers count interventi; `evidenza`
    are the primary keys of the first that cause a failure.
    """

    regola: Regola
    esito: Esito
    misura: Decimal | None = None
    soglia: Decimal | None = None
    conformi: int = 0
    non_conformi: int = 0
    non_determinabili: int = 0
    non_applicabili: int = 0
    evidenza: tuple[int, ...] = ()

    @property
    def distanza(self) -> Decimal | None:
        if self.misura is None or self.soglia is None or self.regola.unita is Unita.SI_NO:
            return None
        return self.misura - self.soglia

    @property
    def interventi(self) -> int:
        """How many the rule looked at."""
        return self.conformi + self.non_conformi + self.non_determinabili + self.non_applicabili


def complessivo(giudizi: Iterable[Giudizio]) -> Esito:
    """The outcome of a piano, from the mandatory rules alone."""
    return peggiore({giudizio.esito for giudizio in giudizi if giudizio.regola.obbligatoria})


# --- Interventi ------------------------------------------------------------------------------------------------------


def da_giudicare(interventi: QuerySet[Intervento] | None = None) -> QuerySet[Intervento]:
    """Interventi with the private money of each at hand, as the measures want them."""
    tutti = Intervento.objects.all() if interventi is None else interventi
    return tutti.alias(
        privati=FilteredRelation("finanziamenti", condition=Q(finanziamenti__fonte=FonteFinanziamento.PRIVATO))
    )


def con_esiti(
    interventi: QuerySet[Intervento], contesto: Contesto, regole: Sequence[Regola] = REGOLE
) -> QuerySet[Intervento]:
    """Interventi of `da_giudicare` with `esito_<codice>` and `misura_<codice>` for every rule that looks at them."""
    for regola in regole:
        if regola.sugli_interventi and regola.misura is not None:
            interventi = interventi.annotate(
                **{
                    f"esito_{regola.codice}": _esito(regola, contesto),
                    f"misura_{regola.codice}": regola.misura(contesto),
                }
            )
    return interventi


def _esito(regola: Regola, contesto: Contesto) -> Case:
    """The judgement of one intervento. The order matters: what is certain comes before what is missing."""
    soglia = regola.soglia_al(contesto)
    if soglia is None:
        return _caso([], Esito.NON_APPLICABILE)
    casi = []
    if regola.tipi != OGNI_PIANO:
        casi.append((~Q(nel_piano__piano__tipo__in=sorted(regola.tipi)), Esito.NON_APPLICABILE))
    if regola.esclusa is not None:
        casi.append((regola.esclusa, Esito.NON_APPLICABILE))
    if regola.violata is not None:
        casi.append((regola.violata(contesto, soglia), Esito.NON_CONFORME))
    casi += [(assente(dato, contesto), Esito.NON_DETERMINABILE) for dato in regola.dati]
    if regola.livello is Livello.PIANO:
        # The sum is judged, not the addends: of these it is only told which cause a failure.
        if regola.responsabile is not None:
            casi.append((regola.responsabile(contesto), Esito.NON_CONFORME))
        return _caso(casi, Esito.CONFORME)
    casi.append((_rispettata(regola, contesto, soglia), Esito.CONFORME))
    return _caso(casi, Esito.NON_CONFORME)


def _caso(casi: list[tuple[Q, Esito]], altrimenti: Esito) -> Case:
    return Case(
        *[When(condizione, then=Value(esito.value)) for condizione, esito in casi],
        default=Value(altrimenti.value),
        output_field=IntegerField(),
    )


def _rispettata(regola: Regola, contesto: Contesto, soglia: Decimal) -> Q:
    if regola.rispettata is not None:
        return regola.rispettata(contesto, soglia)
    if regola.misura is None:
        return TUTTI
    return Q(LOOKUP[regola.confronto](regola.misura(contesto), Value(int(soglia * regola.unita.scala))))


# --- Piani -----------------------------------------------------------------------------------------------------------


def valuta(piano: PianoIntegrato, contesto: Contesto) -> list[Giudizio]:
    """Every rule for one piano, in the order of the catalogue: two queries."""
    return valuta_molti([piano.pk], contesto)[piano.pk]


def valuta_molti(
    piani: Collection[int], contesto: Contesto, regole: Sequence[Regola] = REGOLE
) -> dict[int, list[Giudizio]]:
    """Every rule for these piani, by primary key: two queries, however many they are."""
    somme = _somme(piani, contesto, [regola for regola in regole if regola.sugli_interventi])
    del_piano = _misure_dei_piani(piani, contesto, [regola for regola in regole if regola.del_piano is not None])
    return {
        piano["pk"]: [_del_piano(regola, piano, somme.get(piano["pk"], {}), contesto) for regola in regole]
        for piano in del_piano
    }


def _misure_dei_piani(piani: Collection[int], contesto: Contesto, regole: list[Regola]) -> list[dict[str, Any]]:
    misure = {}
    for regola in regole:
        soglia = regola.soglia_al(contesto)
        if regola.del_piano is not None and soglia is not None:
            misure[f"misura_{regola.codice}"] = regola.del_piano(contesto, soglia)
    return list(
        PianoIntegrato.objects.filter(pk__in=piani).annotate(**misure).order_by("pk").values("pk", "tipo", *misure)
    )


# Without it the database would merge the two queries, and work every outcome out again for each count.
RECINTO = {"postgresql": "OFFSET 0", "sqlite": "LIMIT -1"}
CONTATI = (Esito.NON_CONFORME, Esito.NON_DETERMINABILE, Esito.NON_APPLICABILE)


def _somme(piani: Collection[int], contesto: Contesto, regole: list[Regola]) -> dict[int, dict[str, _Somma]]:
    """For each piano how many interventi have each outcome, which fail, and the worst or the summed measure.

    The judgement of the interventi is written once, in the inner query that `con_esiti` makes; the ORM cannot group
    the rows of a query, so the outer one is put together here, from the names of the rules alone.
    """
    giudicati = con_esiti(da_giudicare(), contesto, regole).filter(nel_piano__piano__in=list(piani)).order_by()
    colonne = [f"{cosa}_{regola.codice}" for regola in regole for cosa in ("esito", "misura")]
    sql, parametri = giudicati.values(*colonne, chi=F("pk"), piano=F("nel_piano__piano")).query.sql_with_params()
    scelte = ["piano", "COUNT(*)"]
    for regola in regole:
        scelte += _aggregati(regola)
    with connection.cursor() as cursore:
        cursore.execute(
            f"SELECT {', '.join(scelte)} FROM ({sql} {RECINTO[connection.vendor]}) AS giudicati GROUP BY piano",  # noqa: S608 names of rules
            parametri,
        )
        return {riga[0]: dict(_lette(riga, regole)) for riga in cursore.fetchall()}


def _aggregati(regola: Regola) -> list[str]:
    """The columns of one rule, in the order of `_lette`. The conforming interventi are those that are left."""
    esito, misura = f"esito_{regola.codice}", f"misura_{regola.codice}"
    elenco = "array_agg(chi)" if connection.vendor == "postgresql" else "json_group_array(chi)"
    if regola.livello is Livello.PIANO:
        aggregata, contano = "SUM", f"{esito} <> {Esito.NON_APPLICABILE.value}"
    else:
        aggregata = regola.confronto.peggiore
        contano = f"{esito} IN ({Esito.CONFORME.value}, {Esito.NON_CONFORME.value})"
    return [
        *(f"COUNT(*) FILTER (WHERE {esito} = {altro.value})" for altro in CONTATI),
        f"{elenco} FILTER (WHERE {esito} = {Esito.NON_CONFORME.value})",
        f"{aggregata}({misura}) FILTER (WHERE {contano})",
    ]


@dataclass(frozen=True)
class _Somma:
    """What the interventi of a piano say of one rule."""

    conformi: int
    non_conformi: int
    non_determinabili: int
    non_applicabili: int
    evidenza: tuple[int, ...]
    misura: Any


def _lette(riga: Sequence[Any], regole: list[Regola]) -> Iterator[tuple[str, _Somma]]:
    _piano, quanti, *valori = riga
    for posto, regola in enumerate(regole):
        falliti, ignoti, esclusi, elenco, misura = valori[posto * 5 : posto * 5 + 5]
        chi = json.loads(elenco) if isinstance(elenco, str) else elenco or []
        evidenza = tuple(sorted(chi)[:EVIDENZA_MASSIMA])
        yield regola.codice, _Somma(quanti - falliti - ignoti - esclusi, falliti, ignoti, esclusi, evidenza, misura)


def _del_piano(regola: Regola, piano: dict[str, Any], somme: dict[str, _Somma], contesto: Contesto) -> Giudizio:
    """The outcome of a rule for a piano, from its own data and from what its interventi add up to."""
    soglia = regola.soglia_al(contesto)
    if soglia is None or piano["tipo"] not in regola.tipi:
        return Giudizio(regola, Esito.NON_APPLICABILE, soglia=soglia)
    somma = somme.get(regola.codice)
    if regola.livello is Livello.INTERVENTO:
        if somma is None:
            return Giudizio(regola, Esito.NON_DETERMINABILE, soglia=soglia)
        return _giudizio(regola, _degli_interventi(somma), leggi_misura(regola, somma.misura), soglia, somma)
    misura = _sommate(regola, piano, somma)
    return _giudizio(regola, _dell_insieme(regola, misura, soglia, somma), misura, soglia, somma)


def _giudizio(regola: Regola, esito: Esito, misura: Decimal | None, soglia: Decimal, somma: _Somma | None) -> Giudizio:
    if somma is None:
        return Giudizio(regola, esito, misura, soglia)
    return Giudizio(
        regola,
        esito,
        misura,
        soglia,
        somma.conformi,
        somma.non_conformi,
        somma.non_determinabili,
        somma.non_applicabili,
        # Where the piano as a whole complies nobody is to blame.
        somma.evidenza if esito == Esito.NON_CONFORME else (),
    )


def _degli_interventi(somma: _Somma) -> Esito:
    presenti = {
        Esito.CONFORME: somma.conformi,
        Esito.NON_CONFORME: somma.non_conformi,
        Esito.NON_DETERMINABILE: somma.non_determinabili,
    }
    return peggiore({esito for esito, quanti in presenti.items() if quanti})


def _sommate(regola: Regola, piano: dict[str, Any], somma: _Somma | None) -> Decimal | None:
    """The measure of the piano: what it says itself, and the sum over its interventi."""
    proprio = leggi_misura(regola, piano.get(f"misura_{regola.codice}"))
    if regola.misura is None:
        return proprio
    degli_interventi = leggi_misura(regola, somma.misura) if somma is not None else None
    parti = [parte for parte in (proprio, degli_interventi) if parte is not None]
    return sum(parti, Decimal(0)) if parti else None


def _dell_insieme(regola: Regola, misura: Decimal | None, soglia: Decimal, somma: _Somma | None) -> Esito:
    if misura is None:
        return Esito.NON_DETERMINABILE
    passa = regola.confronto.passa(misura, soglia)
    if passa and regola.basta_parziale:
        return Esito.CONFORME
    mancano_dati = regola.misura is not None and (somma is None or somma.non_determinabili > 0)
    if mancano_dati:
        return Esito.NON_DETERMINABILE
    return Esito.CONFORME if passa else Esito.NON_CONFORME


def leggi_misura(regola: Regola, valore: Any) -> Decimal | None:
    """What the database gave, in the unit of the rule."""
    if valore is None:
        return None
    if isinstance(valore, timedelta):
        return Decimal(valore.days)
    if regola.unita is Unita.INDICE:
        return Decimal(str(valore)).quantize(INDICE_DECIMALI)
    return Decimal(valore).scaleb(-2) if regola.unita.scala == 100 else Decimal(valore)
