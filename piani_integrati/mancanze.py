"""What is still missing in the interventi of the open piani, by the body that must give it.

Who gives the data of an intervento is its soggetto attuatore; while it has none, each Comune where it lies. What the
Città metropolitana itself loads (a datum with a page of its own, like the IVSM) is told apart, once for each Comune.
Which data are missing is said by `regole.con_mancanze`, and only there: here they are counted, in one statement
however many the interventi.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Comune, Ente, Utente
from interventi.models import Intervento, Localizzazione
from piani_integrati.flusso import CHIUSI, StatoPiano
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole import Contesto, Regola, con_mancanze, da_giudicare, dati_di
from piani_integrati.regole.catalogo import INDICE, MEDIANA
from piani_integrati.regole.tipi import Dato
from registro.tabella_csv import a_pezzi, innocuo

APERTI = sorted(set(StatoPiano) - CHIUSI)
# In the place of the primary key of a body: of whoever has none.
SENZA_ENTE = 0
PER_PAGINA = 50
PER_VOLTA = 1_000


# --- Which data, of which interventi ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voce:
    """A datum as a body is asked for it: what two rules want in the same words is asked once."""

    dato: Dato
    codici: tuple[str, ...]
    obbligatoria: bool

    def manca_a(self, intervento: Any) -> bool:
        """Whether an intervento of `con_mancanze` lacks it."""
        return any(getattr(intervento, f"manca_{codice}") for codice in self.codici)

    @property
    def sql(self) -> str:
        """1 or 0, over the columns of `con_mancanze`."""
        colonne = " + ".join(f"manca_{codice}" for codice in self.codici)
        return colonne if len(self.codici) == 1 else f"CASE WHEN {colonne} > 0 THEN 1 ELSE 0 END"


@cache
def voci() -> tuple[Voce, ...]:
    """What the bodies give, in the order of the rules; mandatory where a mandatory rule cannot do without it."""
    per_parole: dict[tuple[str, str], list[tuple[Dato, Regola]]] = {}
    for dato, regola in dati_di().values():
        if not dato.rotta:
            per_parole.setdefault((str(dato.manca), dato.parte), []).append((dato, regola))
    return tuple(
        Voce(
            dato=coppie[0][0],
            codici=tuple(dato.codice for dato, _regola in coppie),
            obbligatoria=any(dato.obbligatorio and regola.obbligatoria for dato, regola in coppie),
        )
        for coppie in per_parole.values()
    )


class MancanzeFilter(django_filters.FilterSet):
    """The interventi of one piano, among those that are not over."""

    piano = django_filters.ModelChoiceFilter(
        field_name="nel_piano__piano",
        queryset=PianoIntegrato.objects.filter(stato__in=APERTI),
        to_field_name="codice",
        label=pigro("Piano"),
        empty_label=pigro("Tutti"),
    )

    class Meta:
        model = Intervento
        fields: list[str] = []


def da_completare(utente: Utente) -> QuerySet[Intervento]:
    """The interventi of the open piani; for who does not see all, those whose data her own bodies must give."""
    visibili = Intervento.objects.visibili_a(utente).filter(nel_piano__piano__stato__in=APERTI)
    return visibili if utente.vede_tutto else visibili.filter(_tocca_a(utente.enti))


def puo_vedere(utente: Utente, ente_id: int) -> bool:
    return utente.vede_tutto or ente_id in utente.enti


def di_un_ente(interventi: QuerySet[Intervento], ente_id: int) -> QuerySet[Intervento]:
    """Those whose data this body must give; with `SENZA_ENTE`, those of nobody."""
    if ente_id != SENZA_ENTE:
        return interventi.filter(_tocca_a([ente_id]))
    # EXISTS and not IN: a set too large for the memory of a query would be read again for every row.
    di_qualcuno = Localizzazione.objects.filter(intervento=OuterRef("pk"), comune__ente__isnull=False)
    return interventi.filter(~Exists(di_qualcuno), soggetto_attuatore__isnull=True)


def _tocca_a(enti: Collection[int]) -> Q:
    qui = Localizzazione.objects.filter(comune__ente__in=enti).values("intervento")
    return Q(soggetto_attuatore__in=enti) | Q(soggetto_attuatore__isnull=True, pk__in=qui)


# --- How many --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conti:
    """How many data are missing, and in how many interventi: `da_completare` lack something mandatory."""

    interventi: int = 0
    da_completare: int = 0
    con_mancanze: int = 0
    obbligatori: int = 0
    facoltativi: int = 0
    senza_mediana: int = 0
    per_voce: tuple[int, ...] = ()

    @property
    def dati(self) -> list[tuple[Voce, int]]:
        """Each datum that is missing somewhere, with the number of interventi: the mandatory first, then the most."""
        mancanti = [(voce, quanti) for voce, quanti in zip(voci(), self.per_voce, strict=False) if quanti]
        return sorted(mancanti, key=lambda coppia: (not coppia[0].obbligatoria, -coppia[1]))


@dataclass(frozen=True)
class RigaEnte:
    """A body and what it must give; no body: whoever it is, the portal does not know it."""

    ente: Ente | None
    conti: Conti

    @property
    def chiave(self) -> int:
        return self.ente.pk if self.ente is not None else SENZA_ENTE

    @property
    def nome(self) -> str:
        return nome_di(self.ente)


def nome_di(ente: Ente | None) -> str:
    """The body as people call it: a Comune by its name alone."""
    if ente is None:
        return _("Senza ente")
    return ente.comune.nome if ente.comune is not None else ente.denominazione


@dataclass(frozen=True)
class Elenco:
    """Who misses what, the most first; the totals count every intervento once, also where two Comuni share it."""

    righe: list[RigaEnte]
    totale: Conti
    completi: int

    @property
    def in_difetto(self) -> list[RigaEnte]:
        """Those that must still give something mandatory."""
        return [riga for riga in self.righe if riga.conti.obbligatori]


def elenco(interventi: QuerySet[Intervento], contesto: Contesto, utente: Utente) -> Elenco:
    """The bodies with something missing in these interventi of `da_completare`: two queries."""
    per_ente = _per_ente(interventi, contesto)
    totale = per_ente.pop(None)
    if not utente.vede_tutto:
        per_ente = {ente: conti for ente, conti in per_ente.items() if ente in utente.enti}
    enti = Ente.objects.select_related("comune").in_bulk([pk for pk in per_ente if pk != SENZA_ENTE])
    tutte = [RigaEnte(enti.get(pk), conti) for pk, conti in per_ente.items() if pk is not None]
    righe = [riga for riga in tutte if riga.conti.con_mancanze]
    righe.sort(key=lambda r: (r.ente is None, -r.conti.obbligatori, -r.conti.facoltativi, r.nome))
    return Elenco(righe, totale, completi=len(tutte) - len(righe))


def conti(interventi: QuerySet[Intervento], contesto: Contesto) -> Conti:
    """What is missing in these interventi of `da_completare`: one query."""
    sql, parametri = _giudicati(interventi, contesto)
    with connection.cursor() as cursore:
        cursore.execute(
            f"SELECT {_somme()} FROM ({sql}) AS giudicati",  # noqa: S608 names of data
            parametri,
        )
        return _letti(cursore.fetchone())


def _per_ente(interventi: QuerySet[Intervento], contesto: Contesto) -> dict[int | None, Conti]:
    """The counts of every body, by primary key, and of all the interventi together under None.

    The ORM cannot group the rows of a query, so the statement around the judged rows is put together here, from the
    names of the data alone.
    """
    sql, parametri = _giudicati(interventi, contesto)
    senza_attuatore = interventi.filter(soggetto_attuatore__isnull=True).order_by().values("pk")
    luoghi = Localizzazione.objects.filter(intervento__in=senza_attuatore, comune__ente__isnull=False).order_by()
    coppie = luoghi.values(chi=F("intervento"), ente=F("comune__ente")).distinct()
    sql_luoghi, parametri_luoghi = coppie.query.sql_with_params()
    with connection.cursor() as cursore:
        cursore.execute(
            f"WITH giudicati AS ({sql}), luoghi AS ({sql_luoghi}) "  # noqa: S608 names of data
            f"SELECT COALESCE(attuatore, luoghi.ente, {SENZA_ENTE}) AS di_chi, {_somme()} "
            "FROM giudicati LEFT JOIN luoghi ON luoghi.chi = giudicati.chi GROUP BY di_chi "
            f"UNION ALL SELECT NULL, {_somme()} FROM giudicati",
            (*parametri, *parametri_luoghi),
        )
        return {riga[0]: _letti(riga[1:]) for riga in cursore.fetchall()}


def _giudicati(interventi: QuerySet[Intervento], contesto: Contesto) -> tuple[str, tuple[Any, ...]]:
    colonne = [f"manca_{codice}" for codice in dati_di()]
    righe = con_mancanze(da_giudicare(interventi), contesto).order_by()
    voluti = righe.values(*colonne, "cup", "clp", chi=F("pk"), attuatore=F("soggetto_attuatore"))
    sql, parametri = voluti.query.sql_with_params()
    return sql, tuple(parametri)


def _quanti(*, obbligatori: bool) -> str:
    """How many data of a kind a row lacks."""
    return " + ".join(voce.sql for voce in voci() if voce.obbligatoria is obbligatori) or "0"


def _somme() -> str:
    """The columns of `_letti`, in its order."""
    obbligatori, facoltativi = _quanti(obbligatori=True), _quanti(obbligatori=False)
    return ", ".join(
        [
            "COUNT(*)",
            f"COUNT(*) FILTER (WHERE {obbligatori} > 0)",
            f"COUNT(*) FILTER (WHERE {obbligatori} + {facoltativi} > 0)",
            f"SUM({obbligatori})",
            f"SUM({facoltativi})",
            f"SUM(manca_{MEDIANA.codice})",
            *(f"SUM({voce.sql})" for voce in voci()),
        ]
    )


def _letti(valori: Any) -> Conti:
    """Sums over no row are nothing."""
    interventi, da_completare, qualcosa, obbligatori, facoltativi, senza_mediana, *per_voce = (
        valore or 0 for valore in valori
    )
    return Conti(interventi, da_completare, qualcosa, obbligatori, facoltativi, senza_mediana, per_voce=tuple(per_voce))


# --- One body --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RigaIntervento:
    """An intervento with what it lacks."""

    intervento: Any
    obbligatori: list[Dato]
    facoltativi: list[Dato]


def righe(interventi: QuerySet[Intervento], contesto: Contesto, da: int, quante: int) -> list[RigaIntervento]:
    """Some of these interventi that lack something, those that lack most first: two queries.

    First which they are, judged once; then those few in full.
    """
    sql, parametri = _giudicati(interventi, contesto)
    obbligatori, facoltativi = _quanti(obbligatori=True), _quanti(obbligatori=False)
    with connection.cursor() as cursore:
        cursore.execute(
            f"SELECT chi FROM ({sql}) AS giudicati WHERE {obbligatori} + {facoltativi} > 0 "  # noqa: S608 names of data
            f"ORDER BY {obbligatori} DESC, {facoltativi} DESC, cup, clp, chi LIMIT %s OFFSET %s",
            (*parametri, quante, da),
        )
        chiavi = [riga[0] for riga in cursore.fetchall()]
    interi = {i.pk: i for i in _con_tutto(Intervento.objects.filter(pk__in=chiavi), contesto)}
    return [_riga(interi[chiave]) for chiave in chiavi if chiave in interi]


def _con_tutto(interventi: QuerySet[Intervento], contesto: Contesto) -> QuerySet[Any]:
    giudicati = con_mancanze(da_giudicare(interventi), contesto)
    return giudicati.select_related("nel_piano__piano").defer("testo_ricerca", "sintesi")


def _riga(intervento: Any) -> RigaIntervento:
    mancanti = [voce for voce in voci() if voce.manca_a(intervento)]
    return RigaIntervento(
        intervento,
        obbligatori=[voce.dato for voce in mancanti if voce.obbligatoria],
        facoltativi=[voce.dato for voce in mancanti if not voce.obbligatoria],
    )


@dataclass(frozen=True)
class DaCaricare:
    """What the Città metropolitana must load for these interventi: indices, once for each Comune, and the median."""

    comuni: list[Comune]
    mediana: bool
    rotta: str = INDICE.rotta

    def __bool__(self) -> bool:
        return bool(self.comuni) or self.mediana


def da_caricare(interventi: QuerySet[Intervento], contesto: Contesto, conti: Conti) -> DaCaricare:
    """What the staff must load, for interventi with these counts: two queries.

    As one, PostgreSQL may choose to look for the interventi again for each of the 7,900 Comuni.
    """
    _dato, regola = dati_di()[INDICE.codice]
    guardati = interventi.filter(nel_piano__piano__tipo__in=sorted(regola.tipi)).order_by().values("pk")
    luoghi = Localizzazione.objects.filter(intervento__in=guardati, comune__isnull=False).order_by()
    qui = list(luoghi.values_list("comune", flat=True).distinct())
    senza = Comune.objects.filter(pk__in=qui).exclude(pk__in=contesto.indici().values("comune"))
    return DaCaricare(list(senza.order_by("nome")), mediana=conti.senza_mediana > 0)


# --- As a file -------------------------------------------------------------------------------------------------------

INTESTAZIONE = ("Ente", "CUP", "Codice locale progetto", "Titolo", "Piano", "Dato che manca", "Obbligatorio")


def csv_a_pezzi(interventi: QuerySet[Intervento], contesto: Contesto, ente: Ente | None) -> Iterator[str]:
    """One row for each datum that is missing, a piece at a time.

    UTF-8 with BOM, `;`; no text can become a formula.
    """
    ordinati = _con_tutto(interventi, contesto).order_by("cup", "clp", "pk").iterator(chunk_size=PER_VOLTA)
    return a_pezzi(INTESTAZIONE, (celle for intervento in ordinati for celle in _celle(intervento, ente)))


def _celle(intervento: Intervento, ente: Ente | None) -> Iterator[list[str]]:
    riga = _riga(intervento)
    for dato in (*riga.obbligatori, *riga.facoltativi):
        celle = (
            ente.denominazione if ente is not None else "",
            intervento.cup,
            intervento.clp,
            intervento.titolo,
            intervento.nel_piano.piano.codice,
            str(dato.manca),
            _("sì") if dato in riga.obbligatori else _("no"),
        )
        yield [innocuo(" ".join(cella.split())) for cella in celle]
