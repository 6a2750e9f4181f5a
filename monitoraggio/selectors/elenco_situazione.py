"""The list of interventi with how each stands on a day, as known at an instant.

Today is read from the table Situazione, any other day from the avanzamenti: filters, order and counts are the same SQL
for both, and the figures of a page are read for its rows alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from interventi.models import Intervento
from interventi.selectors import percento
from interventi.services.legami import PER_VOLTA
from monitoraggio import fasi
from monitoraggio.models import Avanzamento, Variazione
from monitoraggio.scelte import TipoVariazione
from monitoraggio.selectors.situazione import (
    SENZA_DATI,
    STATI,
    ZERO,
    Stato,
    calcola,
    conservate,
    stato_al,
    stato_di,
    variazioni_accolte,
)
from monitoraggio.tempo import Tempo

REVOCATO = "annullato"
# The marks of the list, the most pressing first: those of the situation, and what was revoked.
PAROLE: dict[str, Any] = {
    "in_ritardo": STATI["in_ritardo"],
    "a_rischio": STATI["a_rischio"],
    "non_determinabile": STATI["non_determinabile"],
    "non_avviato": STATI["non_avviato"],
    "in_linea": STATI["in_linea"],
    "concluso": STATI["concluso"],
    REVOCATO: _("revocato"),
}
# What rows are filtered and sorted by, and the field of the avanzamento it is.
FIGURE = {
    "s_riferita_al": "riferito_al",
    "s_percentuale": "percentuale",
    "s_fine_prevista": "fine_prevista",
    "s_criticita_aperte": "criticita_aperte",
    "s_criticita_gravi": "criticita_gravi",
}
# What the list can be sorted by.
ORDINI: dict[str, str] = {
    "titolo": "titolo",
    "stato": "posto",
    "percentuale": "s_percentuale",
    "fine": "s_fine_prevista",
    "impegnato": "s_impegnato",
    "pagato": "s_pagato",
    "criticita": "s_criticita_aperte",
    "al": "s_riferita_al",
}


# --- Rows ------------------------------------------------------------------------------------------------------------


def con_situazione(interventi: QuerySet[Any], tempo: Tempo) -> QuerySet[Any]:
    """Adds `stato`, `posto` (its place among PAROLE) and the `s_…` that the list is filtered and sorted by."""
    return _di_oggi(interventi, tempo.giorno) if tempo.attuale else _di_allora(interventi, tempo)


def _di_oggi(interventi: QuerySet[Any], giorno: date) -> QuerySet[Any]:
    stato = Case(
        When(situazione__revocata_il__lte=giorno, then=Value(REVOCATO)),
        When(situazione__avanzamento__isnull=True, then=Value("non_determinabile")),
        default=stato_al(giorno, "situazione__"),
        output_field=CharField(),
    )
    nomi = {nome: F(f"situazione__{percorso}") for nome, percorso in FIGURE.items() if nome != "s_riferita_al"}
    interventi = interventi.annotate(stato=stato, s_riferita_al=F("situazione__riferita_al"), **nomi)
    return interventi.annotate(posto=_posto("stato"))


def _di_allora(interventi: QuerySet[Any], tempo: Tempo) -> QuerySet[Any]:
    """The last avanzamento of each is that of `Avanzamento.objects.situazione`, asked for one intervento at a time."""
    noti = Avanzamento.objects.approvati(tempo.noto_al).filter(intervento=OuterRef("pk"))
    if tempo.al is not None:
        noti = noti.filter(riferito_al__lte=tempo.al)
    noti = noti.annotate(stato_suo=stato_al(tempo.giorno)).annotate(posto_suo=_posto("stato_suo"))
    noti = noti.order_by("-riferito_al", "-versione")

    def ultimo(campo: str) -> Subquery:
        return Subquery(noti.values(campo)[:1])

    revoche = variazioni_accolte(Variazione.objects.filter(intervento=OuterRef("pk")), tempo.noto_al).filter(
        tipo=TipoVariazione.REVOCA, data_dopo__lte=tempo.giorno
    )
    posti = list(PAROLE)
    return interventi.annotate(
        stato=Case(
            When(Exists(revoche), then=Value(REVOCATO)),
            default=Coalesce(ultimo("stato_suo"), Value("non_determinabile")),
            output_field=CharField(),
        ),
        posto=Case(
            When(Exists(revoche), then=Value(posti.index(REVOCATO))),
            default=Coalesce(ultimo("posto_suo"), Value(posti.index("non_determinabile"))),
            output_field=IntegerField(),
        ),
        **{nome: ultimo(campo) for nome, campo in FIGURE.items()},
    )


def _posto(stato: str) -> Case:
    posti = [When(**{stato: codice}, then=Value(posto)) for posto, codice in enumerate(PAROLE)]
    return Case(*posti, default=Value(len(PAROLE)), output_field=IntegerField())


def ordina(interventi: QuerySet[Any], chiave: str, tempo: Tempo) -> QuerySet[Any]:
    """Sorted by a key of ORDINI, with "-" from the largest; else the most pressing first. Unknown values come last."""
    nome = chiave.removeprefix("-")
    if nome not in ORDINI:
        return interventi.order_by("posto", F("s_fine_prevista").asc(nulls_last=True), "cup", "pk")
    if nome in {"impegnato", "pagato"}:
        interventi = interventi.annotate(**{f"s_{nome}": _somma(nome, tempo)})
    campo = F(ORDINI[nome])
    verso = campo.desc(nulls_last=True) if chiave.startswith("-") else campo.asc(nulls_last=True)
    return interventi.order_by(verso, "cup", "pk")


def _somma(campo: str, tempo: Tempo) -> Any:
    if tempo.attuale:
        return F(f"situazione__{campo}")
    del_mese = Avanzamento.objects.in_vigore(al=tempo.al, noto_al=tempo.noto_al).filter(intervento=OuterRef("pk"))
    return Subquery(del_mese.order_by().values("intervento").annotate(somma=Sum(campo)).values("somma"))


def _quota(parte: Decimal, intero: Decimal | None) -> Decimal | None:
    """To the hundredth, halves up: as reports and the Cruscotto keep it, so that all round the same number."""
    valore = percento(parte, intero)
    return None if valore is None else valore.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Riga:
    """An intervento and how it stands; amounts in EUR."""

    intervento: Any
    stato: Stato
    segno: str

    @property
    def parola(self) -> str:
        return str(PAROLE[self.segno])

    @property
    def fase(self) -> str:
        return fasi.nome(self.stato.fase) if self.stato.fase else ""

    @property
    def pagato_percento(self) -> Decimal | None:
        return _quota(self.stato.pagato, self.intervento.finanziamento_totale)

    @property
    def con_dati(self) -> bool:
        return self.stato.avanzamento_id is not None


def stati(interventi: Sequence[int], tempo: Tempo) -> dict[int, Stato]:
    """How these interventi stand: one query today, a fixed number for any other day."""
    if tempo.attuale:
        return conservate(interventi)
    return calcola(interventi=interventi, al=tempo.al, noto_al=tempo.noto_al)


def segno_di(stato: Stato, giorno: date) -> str:
    """The mark of one intervento, as `con_situazione` gives it to many."""
    if stato.revocata_il is not None and stato.revocata_il <= giorno:
        return REVOCATO
    return stato_di(stato, giorno)


def riga(intervento: Any, tempo: Tempo) -> Riga:
    """One intervento alone."""
    stato = stati([intervento.pk], tempo).get(intervento.pk, SENZA_DATI)
    return Riga(intervento, stato, segno_di(stato, tempo.giorno))


def righe(chiavi: Sequence[int], tempo: Tempo) -> list[Riga]:
    """The rows of a page, in the order of its keys."""
    trovati = (
        Intervento.objects.filter(pk__in=chiavi)
        .select_related("soggetto_attuatore", "submisura")
        .defer("testo_ricerca", "sintesi")
        .in_bulk()
    )
    di_ognuno = stati(list(chiavi), tempo)
    pronte = []
    for chiave in chiavi:
        if chiave in trovati:
            stato = di_ognuno.get(chiave, SENZA_DATI)
            pronte.append(Riga(trovati[chiave], stato, segno_di(stato, tempo.giorno)))
    return pronte


def tutte(interventi: QuerySet[Any], tempo: Tempo) -> Iterator[Riga]:
    """Every row of a list, for a file: the keys at once, the rest a thousand at a time."""
    chiavi = list(interventi.values_list("pk", flat=True))
    for inizio in range(0, len(chiavi), PER_VOLTA):
        yield from righe(chiavi[inizio : inizio + PER_VOLTA], tempo)


# --- Totals ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conti:
    """How many, by mark, and what they add up to. EUR."""

    totale: int
    per_stato: dict[str, int]
    con_criticita: int
    finanziamento: Decimal
    impegnato: Decimal
    pagato: Decimal

    @property
    def pagato_percento(self) -> Decimal | None:
        return _quota(self.pagato, self.finanziamento)

    @property
    def in_ritardo(self) -> int:
        return self.per_stato["in_ritardo"]

    @property
    def a_rischio(self) -> int:
        return self.per_stato["a_rischio"]

    @property
    def senza_dati(self) -> int:
        return self.per_stato["non_determinabile"]

    @property
    def presenti(self) -> list[tuple[str, str, int]]:
        """Mark, word and number of those there are, the most pressing first."""
        return [(stato, str(PAROLE[stato]), quanti) for stato, quanti in self.per_stato.items() if quanti]


def conti(interventi: QuerySet[Any], tempo: Tempo) -> Conti:
    """Of interventi read by `con_situazione`: one query today, two for any other day."""
    somme: dict[str, Any] = {
        "totale": Count("pk"),
        "con_criticita": Count("pk", filter=Q(s_criticita_aperte__gt=0)),
        "somma_finanziamento": Sum("finanziamento_totale"),
        **{f"n_{stato}": Count("pk", filter=Q(stato=stato)) for stato in PAROLE},
    }
    if tempo.attuale:
        somme |= {"somma_i": Sum("situazione__impegnato"), "somma_p": Sum("situazione__pagato")}
    trovati = interventi.order_by().aggregate(**somme)
    if not tempo.attuale:
        trovati |= (
            Avanzamento.objects.in_vigore(al=tempo.al, noto_al=tempo.noto_al)
            .filter(intervento__in=interventi.order_by().values("pk"))
            .order_by()
            .aggregate(somma_i=Sum("impegnato"), somma_p=Sum("pagato"))
        )
    return Conti(
        totale=trovati["totale"],
        per_stato={stato: trovati[f"n_{stato}"] for stato in PAROLE},
        con_criticita=trovati["con_criticita"],
        finanziamento=trovati["somma_finanziamento"] or ZERO,
        impegnato=trovati["somma_i"] or ZERO,
        pagato=trovati["somma_p"] or ZERO,
    )
