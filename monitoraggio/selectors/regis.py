"""What the page of the packages for ReGiS reads: whose packages a person may have, and how far each body is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from enti.models import Ente, Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import mesi
from monitoraggio.models import Avanzamento
from monitoraggio.poteri import enti_con, su_tutti
from monitoraggio.selectors.attesi import attesi
from registro.models import Lavoro


def giorno_consueto() -> date:
    """The day that one exports: the end of the last month that is over."""
    return mesi.primo(timezone.localdate()) - timedelta(days=1)


def enti_con_interventi() -> QuerySet[Ente]:
    """The bodies that carry out interventi monitored in ReGiS."""
    suoi = Intervento.objects.filter(soggetto_attuatore=OuterRef("pk"), monitorato_regis=True)
    return Ente.objects.filter(Exists(suoi))


def enti_esportabili(utente: Utente | AnonymousUser) -> QuerySet[Ente]:
    """Whose packages a person may prepare: staff those of all, the others those of their own bodies."""
    if su_tutti(utente, Permesso.ESPORTARE_REGIS):
        return enti_con_interventi()
    return Ente.objects.filter(pk__in=enti_con(utente, Permesso.ESPORTARE_REGIS))


@dataclass(frozen=True)
class Avanti:
    """How far a body is: its interventi monitored in ReGiS, those whose month is approved, those it is awaited of."""

    ente: Ente
    interventi: int
    approvati: int
    in_attesa: int


def a_che_punto(enti: QuerySet[Ente], mese: date) -> list[Avanti]:
    """Two queries, whatever the bodies."""
    approvato = Exists(Avanzamento.objects.approvati().filter(intervento=OuterRef("pk"), mese=mese))
    atteso = Q(pk__in=attesi(mese).values("pk")) & ~Q(approvato)
    conti = (
        Intervento.objects.filter(monitorato_regis=True, soggetto_attuatore__isnull=False)
        .order_by()
        .values("soggetto_attuatore")
        .annotate(quanti=Count("pk"), fatti=Count("pk", filter=Q(approvato)), attesi=Count("pk", filter=atteso))
    )
    per_ente = {riga["soggetto_attuatore"]: riga for riga in conti}
    vuota = {"quanti": 0, "fatti": 0, "attesi": 0}
    return [
        Avanti(ente, riga["quanti"], riga["fatti"], riga["attesi"])
        for ente in enti.order_by("denominazione")
        for riga in [per_ente.get(ente.pk, vuota)]
    ]


def senza_ente() -> int:
    """Interventi monitored in ReGiS that nobody carries out in the portal: they are in no package."""
    return Intervento.objects.filter(monitorato_regis=True, soggetto_attuatore__isnull=True).count()


def lavori_di(utente: Utente, tipo: str) -> QuerySet[Lavoro]:
    """The packages of all that this person asked for, the latest first."""
    return Lavoro.objects.filter(tipo=tipo, richiesto_da=utente).order_by("-creato", "-pk")
