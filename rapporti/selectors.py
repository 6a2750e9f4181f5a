"""Reading the archive of the reports."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from monitoraggio.mesi import avanti, primo, ultimo
from monitoraggio.scadenze import termine, termini
from rapporti.domanda import Perimetro
from rapporti.models import Rapporto, RapportoQuerySet
from rapporti.services.richieste import LAVORO
from registro.models import APERTI, Lavoro

PRECEDENTI = 10
# How many reports one may choose to compare with.
CONFRONTABILI = 100
MESI_DI_UN_TRIMESTRE = 3


def archivio() -> RapportoQuerySet:
    """All the reports, the latest first, with what a list says of them."""
    return Rapporto.objects.select_related("lavoro", "richiesto_da")


def ultimo_pronto() -> Rapporto | None:
    return Rapporto.objects.pronti().order_by("-pronto_il", "-pk").first()


def in_preparazione() -> int:
    return Rapporto.objects.filter(pronto_il__isnull=True, lavoro__stato__in=APERTI).count()


def anni() -> list[int]:
    """The years that reports speak of, the latest first."""
    return [giorno.year for giorno in Rapporto.objects.dates("al", "year", order="DESC")]


def precedenti(rapporto: Rapporto) -> QuerySet[Rapporto]:
    """Other ready reports of the same perimeter, from the latest situation."""
    altri = Rapporto.objects.pronti().filter(perimetro=rapporto.perimetro, chiave=rapporto.chiave)
    return altri.exclude(pk=rapporto.pk).order_by("-al", "-noto_al", "tipo")[:PRECEDENTI]


def del_perimetro(perimetro: Perimetro) -> QuerySet[Rapporto]:
    """The reports of a perimeter that are ready, from the latest situation."""
    suoi = Rapporto.objects.pronti().filter(perimetro=perimetro.tipo, chiave=perimetro.chiave)
    return suoi.order_by("-al", "-noto_al", "tipo")


def confrontabili() -> list[Rapporto]:
    """Ready reports to tell changes from: one for each perimeter, day and instant, the latest first."""
    pronti = Rapporto.objects.pronti().order_by("-al", "-noto_al", "-pk")[:CONFRONTABILI]
    situazioni = {(uno.perimetro, uno.chiave, uno.al, uno.noto_al): uno for uno in reversed(pronti)}
    return list(reversed(situazioni.values()))


def ultimo_lavoro(rapporto: Rapporto) -> Lavoro | None:
    """The last job that was about it, which puts its files back if it was ready already."""
    return Lavoro.objects.filter(tipo=LAVORO, chiave=rapporto.codice).order_by("-pk").first()


# --- Days to choose from ---------------------------------------------------------------------------------------------


def giorno_consueto() -> date:
    """The end of the last month whose data are all due: its term is past. Without terms, of the last month."""
    oggi, regole = timezone.localdate(), termini()
    mese = ultimo_mese = avanti(primo(oggi), -1)
    while (entro := termine(mese, regole)) is not None:
        if entro < oggi:
            return ultimo(mese)
        mese = avanti(mese, -1)
    return ultimo(ultimo_mese)


def giorni_comodi() -> list[date]:
    """Days that people ask for: the usual one, the ends of the last two quarters and of the last year."""
    oggi = timezone.localdate()
    fine = oggi.replace(day=1)
    fini: list[date] = []
    while len(fini) < 2:
        fine = (fine - timedelta(days=1)).replace(day=1)
        if fine.month % MESI_DI_UN_TRIMESTRE == 0:
            fini.append(ultimo(fine))
    scelti = {giorno_consueto(), *fini, date(oggi.year - 1, 12, 31)}
    return sorted(scelti, reverse=True)
