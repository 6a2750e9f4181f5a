"""What the staff reviews: the lists, with what matters to decide at a glance, and what a bulk action would do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from monitoraggio.controlli.catalogo import CATALOGO
from monitoraggio.flusso import APERTI, SEGNI, StatoAvanzamento
from monitoraggio.models import Avanzamento, PassoBozza, Sal, Spiegazione
from monitoraggio.scadenze import in_gioco

IN_ATTESA = "inviati"
Righe = QuerySet[Any]
# By name, the longest first: the key of an explanation begins with the code of its check.
_CONTROLLI = sorted(CATALOGO, key=lambda controllo: -len(controllo.codice))


@dataclass(frozen=True)
class Vista:
    """One of the lists of the review: its name, which rows, in which order, what can be done to them in bulk."""

    nome: str | Promise
    righe: Callable[[Righe], Righe]
    ordine: tuple[Any, ...]
    azioni: tuple[str, ...]


def _inviati(righe: Righe) -> Righe:
    return righe.filter(stato=StatoAvanzamento.INVIATO)


def _restituiti(righe: Righe) -> Righe:
    return righe.filter(stato=StatoAvanzamento.RESTITUITO)


def bozze_tardi(righe: Righe) -> Righe:
    """Drafts of months whose term is past."""
    scaduti = [mese.mese for mese in in_gioco(timezone.localdate()) if mese.scaduto]
    bozze = righe.filter(stato=StatoAvanzamento.BOZZA)
    return bozze.filter(mese__lte=max(scaduti)) if scaduti else bozze.none()


def correzioni_da_vedere(righe: Righe) -> Righe:
    """What the Comune changed after it was approved, sent or approved again, that nobody of the staff has seen."""
    return righe.filter(
        corregge__isnull=False,
        stato__in=[StatoAvanzamento.INVIATO, StatoAvanzamento.APPROVATO],
        visto__isnull=True,
    )


def _tutti(righe: Righe) -> Righe:
    return righe.filter(stato__in=APERTI)


_DA_PIU_TEMPO = ("inviato_il", "pk")
VISTE: dict[str, Vista] = {
    IN_ATTESA: Vista(_("da istruire"), _inviati, _DA_PIU_TEMPO, ("approva", "restituisci", "sblocca")),
    "correzioni": Vista(_("correzioni non viste"), correzioni_da_vedere, _DA_PIU_TEMPO, ("vista", "approva")),
    "restituiti": Vista(_("restituiti"), _restituiti, _DA_PIU_TEMPO, ("sollecita",)),
    "bozze": Vista(_("bozze in ritardo"), bozze_tardi, ("mese", "pk"), ("sollecita",)),
    "tutti": Vista(
        _("tutti quelli aperti"),
        _tutti,
        ("pk",),
        ("approva", "restituisci", "sblocca", "sollecita"),
    ),
}


def avanzamenti(utente: Utente) -> QuerySet[Avanzamento]:
    return Avanzamento.objects.visibili_a(utente)


@dataclass(frozen=True)
class Conti:
    """What waits for the staff, whatever the filters; `dal` is the day the oldest was sent."""

    da_istruire: int
    dal: date | None
    correzioni: int

    @property
    def giorni(self) -> int:
        return (timezone.localdate() - self.dal).days if self.dal is not None else 0


def conti(utente: Utente) -> Conti:
    """Two queries, both by an index."""
    inviati = _inviati(avanzamenti(utente)).order_by().aggregate(quanti=Count("pk"), dal=Min("inviato_il"))
    return Conti(
        da_istruire=inviati["quanti"],
        dal=timezone.localdate(inviati["dal"]) if inviati["dal"] is not None else None,
        correzioni=correzioni_da_vedere(avanzamenti(utente)).count(),
    )


# --- Rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spiegato:
    """A warning and the words that explain it."""

    titolo: str
    testo: str


@dataclass(frozen=True)
class Riga:
    """An avanzamento as it is judged at a glance."""

    avanzamento: Any
    mio: bool
    oggi: date

    @property
    def gettone(self) -> str:
        """What choosing it sends: it, and the content that was seen."""
        return f"{self.avanzamento.pk}.{self.avanzamento.revisione}"

    @property
    def attesa(self) -> int | None:
        """Days since it was sent, if it waits."""
        inviato = self.avanzamento.inviato_il
        if inviato is None or self.avanzamento.stato != StatoAvanzamento.INVIATO:
            return None
        return (self.oggi - timezone.localdate(inviato)).days

    @property
    def segno(self) -> str:
        return SEGNI[self.avanzamento.stato]

    @property
    def da_vedere(self) -> bool:
        """Changed by the Comune after it was approved, and nobody has said to have seen it."""
        letto = self.avanzamento.stato in {StatoAvanzamento.INVIATO, StatoAvanzamento.APPROVATO}
        return letto and self.avanzamento.corregge_id is not None and not hasattr(self.avanzamento, "visto")

    @property
    def spiegati(self) -> list[Spiegato]:
        return [Spiegato(titolo_di(una.riga), una.testo) for una in self.avanzamento.spiegazioni.all()]

    @property
    def indietro(self) -> bool:
        """Whether the works go back from what was approved before."""
        prima, adesso = self.avanzamento.prima, self.avanzamento.percentuale
        return prima is not None and adesso is not None and adesso < prima


def titolo_di(chiave: str) -> str:
    """The title of the check that an explanation is about."""
    for controllo in _CONTROLLI:
        if chiave == controllo.codice or chiave.startswith(f"{controllo.codice}_"):
            return str(controllo.titolo)
    return chiave


def righe(chiavi: Sequence[int], utente: Utente) -> list[Riga]:
    """The rows of a page, in the order of its keys. A constant number of queries."""
    prima = (
        Avanzamento.objects.approvati()
        .filter(intervento=OuterRef("intervento"))
        .filter(Q(mese__lt=OuterRef("mese")) | Q(mese=OuterRef("mese"), versione__lt=OuterRef("versione")))
        .order_by("-riferito_al", "-versione")
    )
    letti = (
        Avanzamento.objects.filter(pk__in=chiavi)
        .select_related("intervento__soggetto_attuatore", "visto", "inviato_da")
        .prefetch_related(
            Prefetch("spiegazioni", Spiegazione.objects.order_by("riga")),
            Prefetch("sal", Sal.objects.order_by("data", "pk")),
        )
        .defer("bozza", "intervento__testo_ricerca", "intervento__sintesi")
        .annotate(prima=Subquery(prima.values("percentuale")[:1]))
        .in_bulk()
    )
    miei = compilati_da(utente, letti)
    oggi = timezone.localdate()
    return [Riga(letti[chiave], chiave in miei, oggi) for chiave in chiavi if chiave in letti]


def compilati_da(utente: Utente, letti: Collection[int]) -> set[int]:
    """Those that this person entered or sent, in bulk: see `passaggi.ha_compilato`."""
    suoi = Avanzamento.objects.filter(inviato_da=utente, pk__in=letti)
    passi = PassoBozza.objects.filter(avanzamento__in=letti, autore=utente).order_by()
    return {*suoi.values_list("pk", flat=True), *passi.values_list("avanzamento", flat=True)}
