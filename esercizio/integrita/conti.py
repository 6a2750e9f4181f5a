"""Sums of money that are kept, against the rows that they are the sum of. All in whole cents, hence exact."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from esercizio.integrita.tipi import Trovato
from interoperabilita.models import VoceCup
from interoperabilita.models.voci import COLONNE_FONTI
from interventi.models import Finanziamento, Intervento
from monitoraggio.models import Avanzamento, Impegno, Pagamento
from monitoraggio.scelte import TipoImpegno, TipoPagamento
from psttm import formati
from psttm.campi import ImportoField


def dichiarati() -> Iterator[Trovato]:
    """The amounts of every approved month, against the commitments and the payments that it declares."""
    yield from _mesi("impegnato", Impegno.objects.all(), TipoImpegno.DISIMPEGNO, "gli impegni")
    yield from _mesi("pagato", Pagamento.objects.all(), TipoPagamento.RECUPERO, "i pagamenti")


def pubblicati() -> Iterator[Trovato]:
    """The amounts that the API publishes, by source and in all, against the register."""
    yield from _fonti_pubblicate()
    yield from _totali_pubblicati()


def _mesi(campo: str, righe: QuerySet[Impegno] | QuerySet[Pagamento], meno: str, nome: str) -> Iterator[Trovato]:
    con_segno = Case(When(tipo=meno, then=-F("importo")), default=F("importo"), output_field=ImportoField())
    somma = righe.filter(avanzamento=OuterRef("pk")).order_by().values("avanzamento").annotate(somma=Sum(con_segno))
    sbagliati = (
        Avanzamento.objects.approvati()
        .annotate(somma=Coalesce(Subquery(somma.values("somma")), 0, output_field=ImportoField()))
        .exclude(**{campo: F("somma")})
        .order_by("pk")
    )
    for pk, tenuto, giusto in sbagliati.values_list("pk", campo, "somma"):
        yield (
            f"avanzamento n. {pk}",
            f"{campo} {formati.euro(tenuto)}, ma {nome} che dichiara fanno {formati.euro(giusto)}",
        )


def _fonti_pubblicate() -> Iterator[Trovato]:
    pubblicate = VoceCup.objects.filter(fino_a__isnull=True)
    giuste = dict(Finanziamento.objects.order_by().values_list("fonte").annotate(somma=Sum("importo")))
    tenute = pubblicate.aggregate(**{colonna: Sum(colonna) for colonna in COLONNE_FONTI.values()})
    for fonte, colonna in COLONNE_FONTI.items():
        if (tenute[colonna] or 0) != (giuste.get(fonte) or 0):
            yield (
                f"finanziamenti della fonte «{fonte}»",
                f"pubblicati {formati.euro(tenute[colonna] or 0)}, nel registro {formati.euro(giuste.get(fonte) or 0)}",
            )


def _totali_pubblicati() -> Iterator[Trovato]:
    nomi = {"finanziamento_totale": "finanziamento_totale_eur", "pagamenti_totali": "pagamenti_regis_eur"}
    giusti = Intervento.objects.aggregate(**{campo: Sum(campo) for campo in nomi})
    tenuti = VoceCup.objects.filter(fino_a__isnull=True).aggregate(**{campo: Sum(voce) for campo, voce in nomi.items()})
    for campo, giusto in giusti.items():
        if (tenuti[campo] or 0) != (giusto or 0):
            yield (
                f"{campo.replace('_', ' ')} del programma",
                f"pubblicato {formati.euro(tenuti[campo] or 0)}, nel registro {formati.euro(giusto or 0)}",
            )
