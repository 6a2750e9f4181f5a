"""What the workbook is made from: whose interventi, which drafts of them, and the workbooks that came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from enti.models import Ente, Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio.bozza.precompilazione import precompila
from monitoraggio.controlli.giudizio import giudica
from monitoraggio.controlli.tipi import Rilievo
from monitoraggio.flusso import SCRIVIBILI
from monitoraggio.foglio.contenuto import Pianificate, Pratica
from monitoraggio.foglio.tipi import Celle, Soggetto
from monitoraggio.models import Avanzamento, FasePianificata, FoglioCaricato, InterventoNelFoglio, Traguardo
from monitoraggio.poteri import enti_con, su_tutti
from monitoraggio.selectors.attesi import attesi
from monitoraggio.selectors.contesto import con_parti, contesto
from piani_integrati.models import InterventoNelPiano, PianoIntegrato


def compilabili(utente: Utente) -> QuerySet[Intervento]:
    """The interventi that this person fills in: of her bodies, or all by a role of the staff."""
    if su_tutti(utente, Permesso.COMPILARE_AVANZAMENTI):
        return Intervento.objects.all()
    return Intervento.objects.filter(soggetto_attuatore__in=enti_con(utente, Permesso.COMPILARE_AVANZAMENTI))


@dataclass(frozen=True)
class Scelta:
    """Which interventi a workbook is for."""

    mese: date
    piano: PianoIntegrato | None = None
    ente: Ente | None = None


def scelti(utente: Utente, scelta: Scelta) -> QuerySet[Intervento]:
    """Those of the choice whose data are expected for the month, whatever was already sent of it."""
    presi = compilabili(utente).filter(pk__in=attesi(scelta.mese).values("pk"))
    if scelta.piano is not None:
        presi = presi.filter(Exists(InterventoNelPiano.objects.filter(piano=scelta.piano, intervento=OuterRef("pk"))))
    if scelta.ente is not None:
        presi = presi.filter(soggetto_attuatore=scelta.ente)
    return presi


def da_compilare(utente: Utente, scelta: Scelta) -> QuerySet[Intervento]:
    """Those of which the month can still be written: not those sent or approved."""
    del_mese = Avanzamento.objects.filter(intervento=OuterRef("pk"), mese=scelta.mese)
    aperti = del_mese.filter(stato__in=SCRIVIBILI)
    return scelti(utente, scelta).filter(Exists(aperti) | ~Exists(del_mese)).order_by("cup", "clp", "pk")


def conti(utente: Utente, scelta: Scelta) -> tuple[int, int]:
    """How many interventi a workbook would hold, and how many are left out because they were sent already."""
    tutti, aperti = scelti(utente, scelta).count(), da_compilare(utente, scelta).count()
    return aperti, tutti - aperti


def ultime_versioni(interventi: Iterable[int], mese: date) -> dict[int, Avanzamento]:
    """The newest version of the month of each intervento that has one."""
    trovate = Avanzamento.objects.filter(intervento__in=list(interventi), mese=mese).order_by("versione")
    return {avanzamento.intervento_id: avanzamento for avanzamento in trovate}


def pianificate(interventi: Iterable[int]) -> dict[int, Pianificate]:
    """The planned dates in force of each intervento, by phase."""
    trovate: dict[int, dict[str, tuple[date | None, date | None]]] = defaultdict(dict)
    for fase in FasePianificata.objects.filter(intervento__in=list(interventi)):
        trovate[fase.intervento_id][fase.fase] = (fase.inizio_previsto, fase.fine_prevista)
    return dict(trovate)


def celle_ora(intervento: Intervento, mese: date, avanzamento: Avanzamento | None) -> Celle:
    """The cells of the draft as it is, or as it would be born today."""
    return precompila(intervento, mese) if avanzamento is None else dict(avanzamento.bozza)


def pratiche(interventi: QuerySet[Intervento], mese: date) -> list[Pratica]:
    """Everything a workbook needs. Nothing is opened or written: what has no draft yet is filled in as it would be.

    The coherence checks are asked only for the open drafts that had warnings at their last saving.
    """
    presi = list(con_parti(interventi))
    chiavi = [intervento.pk for intervento in presi]
    versioni, date_previste = ultime_versioni(chiavi, mese), pianificate(chiavi)
    traguardi: dict[int | None, list[Traguardo]] = defaultdict(list)
    for traguardo in Traguardo.objects.filter(intervento__in=chiavi):
        traguardi[traguardo.intervento_id].append(traguardo)
    return [
        Pratica(
            intervento,
            soggetto(intervento, versioni.get(intervento.pk)),
            celle_ora(intervento, mese, versioni.get(intervento.pk)),
            traguardi[intervento.pk],
            date_previste.get(intervento.pk, {}),
            _avvisi(versioni.get(intervento.pk)),
        )
        for intervento in presi
    ]


def soggetto(intervento: Intervento, avanzamento: Avanzamento | None) -> Soggetto:
    return Soggetto(
        intervento.pk,
        intervento.cup,
        intervento.clp,
        intervento.titolo or intervento.nome,
        avanzamento.pk if avanzamento is not None else None,
        avanzamento.revisione if avanzamento is not None else 0,
    )


def _avvisi(avanzamento: Avanzamento | None) -> Sequence[Rilievo]:
    if avanzamento is None or not avanzamento.avvisi:
        return ()
    return giudica(contesto(avanzamento, avanzamento.bozza))


# --- Workbooks that came back ---------------------------------------------------------------------------------------


def miei(utente: Utente) -> QuerySet[FoglioCaricato]:
    """The workbooks that this person handed in, the latest first."""
    return FoglioCaricato.objects.di(utente).select_related("lavoro", "autore")


def per_intervento(foglio: FoglioCaricato) -> QuerySet[InterventoNelFoglio]:
    """What a workbook does to each intervento: first those with something refused."""
    con_rifiuti = Case(When(rifiuti__gt=0, then=Value(0)), default=Value(1), output_field=IntegerField())
    return foglio.interventi.select_related("intervento", "avanzamento").order_by(con_rifiuti, "intervento__cup", "pk")


def gia_scritte(libro: str, dopo: datetime) -> Mapping[int, list[InterventoNelFoglio]]:
    """What this same workbook has written since it was made, by intervento and the oldest first."""
    trovate: dict[int, list[InterventoNelFoglio]] = defaultdict(list)
    for fatto in InterventoNelFoglio.objects.filter(foglio__libro=libro, applicato_il__gt=dopo).order_by(
        "applicato_il", "pk"
    ):
        trovate[fatto.intervento_id].append(fatto)
    return dict(trovate)


def enti_compilabili(utente: Utente) -> QuerySet[Ente]:
    """The bodies whose interventi this person fills in."""
    return Ente.objects.filter(pk__in=compilabili(utente).values("soggetto_attuatore"))
