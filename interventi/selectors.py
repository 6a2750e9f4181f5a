"""What the pages of the register read. Every function costs a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from enti.models import Comune, Utente
from enti.permessi import Permesso, consente
from interventi.cup import FORMA_CUP
from interventi.models import (
    Differenza,
    Intervento,
    LegameDriver,
    LegameStrategia,
    Localizzazione,
    Procedura,
    Submisura,
)
from interventi.models.importazioni import StatoDifferenza
from interventi.ricerca import normalizza
from psttm.models import Misura
from psttm.selectors import albero_misure

FORMA_CIG = re.compile(r"[A-Z0-9]{10}")
RIENTRO = "\N{NO-BREAK SPACE}" * 3


# --- Searching ----------------------------------------------------------------------------------------------------


def codice_cercato(testo: str) -> str:
    """The text in the form of a code: capitals without spaces, as a CUP or a CIG is copied from anywhere."""
    return re.sub(r"[\s-]", "", normalizza(testo))


def per_testo(interventi: QuerySet[Intervento], testo: str) -> QuerySet[Intervento]:
    """The interventi with that CUP, or with every word of the text in their codes, titles, bodies, Comuni or CIGs."""
    if re.fullmatch(FORMA_CUP, codice := codice_cercato(testo)):
        return interventi.filter(cup=codice)
    for parola in normalizza(testo).split():
        interventi = interventi.filter(testo_ricerca__contains=parola)
    return interventi


def per_codice(interventi: QuerySet[Intervento], testo: str) -> QuerySet[Intervento]:
    """The interventi with exactly this CUP or this CIG; none if the text is neither."""
    codice = codice_cercato(testo)
    if re.fullmatch(FORMA_CUP, codice):
        return interventi.filter(cup=codice)
    if FORMA_CIG.fullmatch(codice):
        return interventi.filter(pk__in=Procedura.objects.filter(cig=codice).values("intervento"))
    return interventi.none()


def comuni_per_nome(testo: str) -> list[Comune]:
    """The metropolitan Comuni whose name holds the text, those that begin with it first."""
    cercato = normalizza(testo)
    nomi = [(normalizza(comune.nome), comune) for comune in Comune.objects.metropolitani().select_related("zona")]
    trovati = [(nome, comune) for nome, comune in nomi if cercato and cercato in nome]
    return [
        comune for nome, comune in sorted(trovati, key=lambda coppia: (not coppia[0].startswith(cercato), coppia[0]))
    ]


def quanti_per_comune(interventi: QuerySet[Intervento], comuni: Collection[Comune]) -> dict[int, int]:
    """How many of these interventi lie in each Comune, by primary key; absent where none does."""
    righe = (
        Localizzazione.objects.filter(comune__in=comuni, intervento__in=interventi)
        .order_by()
        .values("comune")
        .annotate(quanti=Count("intervento", distinct=True))
    )
    return {riga["comune"]: riga["quanti"] for riga in righe}


# --- The list -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NodoMisura:
    """A measure, or a submisura, that some intervento may have, and the primary keys of the submisure under it."""

    codice: str
    etichetta: str
    submisure: tuple[int, ...]


def misure_presenti() -> dict[str, NodoMisura]:
    """The submisure of the register under the nodes of the tree of measures that hold them, in reading order.

    A submisura that ReGiS names and the tree does not know hangs from the longest code that begins its own.
    """
    submisure = list(Submisura.objects.all())
    albero = albero_misure()
    misure = {misura.pk: misura for _, misura in albero}
    sotto: dict[int, list[Submisura]] = {}
    for submisura in submisure:
        nodo = misure.get(submisura.misura_id) if submisura.misura_id else _per_prefisso(submisura, misure)
        while nodo is not None:
            sotto.setdefault(nodo.pk, []).append(submisura)
            nodo = misure.get(nodo.genitore_id) if nodo.genitore_id else None
    nodi = {}
    for livello, misura in albero:
        if misura.pk not in sotto:
            continue
        sue = tuple(submisura.pk for submisura in sotto[misura.pk])
        nodi[misura.codice] = NodoMisura(misura.codice, f"{RIENTRO * livello}{misura}", sue)
    for submisura in submisure:
        nodi.setdefault(submisura.codice, NodoMisura(submisura.codice, str(submisura), (submisura.pk,)))
    return nodi


def _per_prefisso(submisura: Submisura, misure: dict[int, Misura]) -> Misura | None:
    candidate = [misura for misura in misure.values() if submisura.codice.startswith(misura.codice)]
    return max(candidate, key=lambda misura: len(misura.codice), default=None)


@dataclass(frozen=True)
class Totali:
    """What a list adds up to, in EUR; `con_importo` says of how many the funding is known."""

    quanti: int
    finanziamento: Decimal
    con_importo: int
    # None where the payments of none are known.
    pagato: Decimal | None

    @property
    def senza_importo(self) -> int:
        return self.quanti - self.con_importo

    @property
    def percento_pagato(self) -> Decimal | None:
        return percento(self.pagato, self.finanziamento)


_SOMME = {
    "quanti": Count("*"),
    "finanziamento": Sum("finanziamento_totale"),
    "con_importo": Count("finanziamento_totale"),
    "pagato": Sum("pagamenti_totali"),
}


def totali(interventi: QuerySet[Intervento]) -> Totali:
    """Count and sums in one query."""
    return _totali(**interventi.order_by().aggregate(**_SOMME))


def chiavi_e_totali(interventi: QuerySet[Intervento], da: int, quante: int) -> tuple[list[int], Totali] | None:
    """The primary keys of some of these sorted interventi and the totals of them all, found once for both.

    For sets that cost more to find than to hold. None where nothing stands at that point of the list.
    """
    su_tutti = {nome: Window(somma) for nome, somma in _SOMME.items()}
    righe = list(interventi.annotate(**su_tutti).values("pk", *_SOMME)[da : da + quante])
    if not righe:
        return None
    return [riga["pk"] for riga in righe], _totali(**{nome: righe[0][nome] for nome in _SOMME})


def _totali(*, finanziamento: Decimal | None, **somme: Any) -> Totali:
    return Totali(finanziamento=finanziamento or Decimal("0.00"), **somme)


def percento(parte: Decimal | None, intero: Decimal | None) -> Decimal | None:
    """A share in hundredths; None where either is unknown or the whole is nothing."""
    if parte is None or not intero:
        return None
    return parte * 100 / intero


# --- One intervento -----------------------------------------------------------------------------------------------


def intervento_completo(interventi: QuerySet[Intervento]) -> QuerySet[Intervento]:
    """Interventi with all their parts, and `differenze_aperte`: how many differences with ReGiS nobody has decided."""
    aperte = (
        Differenza.objects.filter(intervento=OuterRef("pk"), stato=StatoDifferenza.APERTA)
        .order_by()
        .values("intervento")
        .annotate(quante=Count("pk"))
    )
    return (
        interventi.annotate(differenze_aperte=Coalesce(Subquery(aperte.values("quante")), 0))
        .select_related("submisura__misura", "soggetto_attuatore", "classificazione", "requisiti", "dnsh")
        .prefetch_related(
            Prefetch("localizzazioni", Localizzazione.objects.select_related("comune__zona")),
            "finanziamenti",
            "quadro_economico",
            "procedure__operatori",
            "soggetti",
            "indicatori",
            Prefetch("legami_driver", LegameDriver.objects.select_related("driver")),
            Prefetch("legami_strategie", LegameStrategia.objects.select_related("strategia")),
        )
    )


# --- On the page of a Comune --------------------------------------------------------------------------------------

IN_EVIDENZA = 10


def sezione_comune(comune: Comune, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The interventi of a Comune that this person may see: the largest, and what all of them add up to."""
    if not isinstance(utente, Utente) or not consente(Permesso.LEGGERE_INTERVENTI, utente.ruoli):
        return None
    luoghi = Localizzazione.objects.filter(comune=comune)
    suoi = Intervento.objects.visibili_a(utente).filter(pk__in=luoghi.values("intervento"))
    maggiori = suoi.defer("testo_ricerca", "sintesi").order_by(
        F("finanziamento_totale").desc(nulls_last=True), "cup", "pk"
    )
    return {
        "comune": comune,
        "totali": totali(suoi),
        "interventi": list(maggiori[:IN_EVIDENZA]),
        "vede_tutto": utente.vede_tutto,
    }
