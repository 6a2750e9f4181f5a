"""What the pages read of the waivers. They stand beside the outcomes: nothing here says what an outcome is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from enti.models import Utente
from interventi.models import Intervento
from piani_integrati.models import Deroga, PianoIntegrato
from piani_integrati.regole import PER_CODICE, REGOLE, Contesto, Giudizio, valuta


@dataclass(frozen=True)
class Gruppo:
    """The waivers of one rule, the valid ones first, beside what the rule says of the piano today.

    `giudizio` is None for a rule that has left the catalogue: its waivers stay.
    """

    codice: str
    giudizio: Giudizio | None
    deroghe: list[Any]

    @property
    def titolo(self) -> str:
        return titolo_di(self.codice)


def titolo_di(codice: str) -> str:
    """The title of a rule; its code where it has left the catalogue."""
    regola = PER_CODICE.get(codice)
    return codice if regola is None else str(regola.titolo)


@dataclass(frozen=True)
class ElencoDeroghe:
    """The waivers of a piano. `nascoste` are those on interventi that this person may not open: counted, not told."""

    gruppi: list[Gruppo]
    valide: int
    ritirate: int
    nascoste: int


def elenco(piano: PianoIntegrato, contesto: Contesto, utente: Utente) -> ElencoDeroghe:
    """Every waiver of a piano, by rule: three queries."""
    visibili = Intervento.objects.visibili_a(utente).filter(pk=OuterRef("intervento"))
    tutte = list(
        Deroga.objects.filter(piano=piano)
        .select_related("intervento", "autore", "ritirata_da")
        .defer("intervento__testo_ricerca", "intervento__sintesi")
        .annotate(visibile=Q(intervento__isnull=True) | Exists(visibili))
        .order_by("-data", "-pk")
    )
    per_regola = defaultdict(list)
    for deroga in tutte:
        if deroga.visibile:
            per_regola[deroga.regola].append(deroga)
    giudizi = {giudizio.regola.codice: giudizio for giudizio in valuta(piano, contesto)} if per_regola else {}
    noti = [regola.codice for regola in REGOLE]
    codici = [codice for codice in noti if codice in per_regola] + sorted(set(per_regola) - set(noti))
    valide = sum(1 for deroga in tutte if deroga.ritirata_il is None)
    return ElencoDeroghe(
        gruppi=[
            Gruppo(codice, giudizi.get(codice), sorted(per_regola[codice], key=lambda d: d.ritirata_il is not None))
            for codice in codici
        ],
        valide=valide,
        ritirate=len(tutte) - valide,
        nascoste=len(tutte) - sum(len(deroghe) for deroghe in per_regola.values()),
    )


def valide_per(intervento: Intervento, piano: PianoIntegrato) -> dict[str, list[Deroga]]:
    """The waivers that hold for an intervento in its piano, its own or of the whole piano, by rule: one query."""
    sue = Deroga.objects.filter(Q(intervento=intervento) | Q(intervento__isnull=True), piano=piano)
    per_regola = defaultdict(list)
    for deroga in sue.filter(ritirata_il__isnull=True).order_by("-data", "-pk"):
        per_regola[deroga.regola].append(deroga)
    return per_regola
