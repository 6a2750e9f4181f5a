"""What the pages read of the early warnings: the list by risk, the page of each, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi.models import Intervento
from monitoraggio.allerte.catalogo import PER_CODICE
from monitoraggio.allerte.tipi import Allarme
from monitoraggio.models import Segnale, Silenzio
from monitoraggio.poteri import puo, su_tutti
from monitoraggio.scelte import ChiAgisce
from piani_integrati.models import PianoIntegrato

# What is seen before this hour is told that day, what is seen later the day after: reminders go out at half past seven.
TAGLIO = time(7)
IN_SEZIONE = 5
POCHI = 20_000


# --- The list --------------------------------------------------------------------------------------------------------


def elenco(utente: Utente) -> QuerySet[Segnale]:
    """The warnings that stand and that a person sees, set aside or not; the gravest first, then the nearest."""
    return per_rischio(Segnale.objects.visibili_a(utente).aperti())


def per_rischio(segnali: QuerySet[Segnale]) -> QuerySet[Segnale]:
    """In the order of the index of those that stand."""
    return segnali.order_by(F("peso").desc(), F("entro").asc(nulls_last=True), "pk")


def ordinati(segnali: QuerySet[Segnale], quanti: int) -> QuerySet[Segnale]:
    """The same order, in the way that costs less: the many are walked by their index, a few are found and then sorted.

    A sum that changes nothing keeps PostgreSQL from walking the whole index in search of a few.
    """
    if quanti > POCHI:
        return per_rischio(segnali)
    return segnali.order_by((F("peso") + 0).desc(), F("entro").asc(nulls_last=True), "pk")


def fermi(oggi: date) -> QuerySet[Silenzio]:
    """The silences in force on a day, of the warning of the query around."""
    return Silenzio.objects.filter(segnale=OuterRef("pk"), tolto_il__isnull=True, fino_al__gte=oggi)


def da_guardare(segnali: QuerySet[Segnale]) -> QuerySet[Segnale]:
    return segnali.exclude(Exists(fermi(timezone.localdate())))


def messi_da_parte(segnali: QuerySet[Segnale]) -> QuerySet[Segnale]:
    return segnali.filter(Exists(fermi(timezone.localdate())))


def con_parti(segnali: QuerySet[Segnale]) -> QuerySet[Any]:
    """With whose they are and, in `da_parte_fino_al`, until when they are set aside."""
    fermo = fermi(timezone.localdate()).values("fino_al")[:1]
    letti = segnali.select_related("intervento__soggetto_attuatore", "intervento__nel_piano__piano", "piano")
    return letti.defer("intervento__testo_ricerca", "intervento__sintesi", "evidenza").annotate(
        da_parte_fino_al=Subquery(fermo)
    )


def nuovi_del(segnali: QuerySet[Segnale], giorno: date) -> QuerySet[Segnale]:
    """Those that the inbox tells on a day: see `giorno_di`, which says the same of one."""
    prima = giorno - timedelta(days=1)
    scaduti = Silenzio.objects.filter(segnale=OuterRef("pk"), tolto_il__isnull=True, fino_al__lt=timezone.localdate())
    visti = Q(dal__gte=inizio_del_giro(prima), dal__lt=inizio_del_giro(giorno)) & ~Exists(
        scaduti.filter(fino_al__gte=prima)
    )
    return segnali.filter(visti | Exists(scaduti.filter(fino_al=prima)))


def giorno_di(dal: datetime, fermo_fino_al: date | None) -> date:
    """The day on which the inbox tells of a warning: when it is seen, or when it comes back from being set aside."""
    locale = timezone.localtime(dal)
    giorno = locale.date() if locale.time() < TAGLIO else locale.date() + timedelta(days=1)
    return giorno if fermo_fino_al is None else max(giorno, fermo_fino_al + timedelta(days=1))


def inizio_del_giro(giorno: date) -> datetime:
    """From when what is seen is told the day after."""
    return timezone.make_aware(datetime.combine(giorno, TAGLIO))


@dataclass(frozen=True)
class Conti:
    """How many stand of a list, set aside or not, and whose they are to act on."""

    attivi: int
    da_parte: int
    interventi: int
    piani: int
    del_comune: int
    dell_ufficio: int


def conti(segnali: QuerySet[Segnale]) -> Conti:
    """Of warnings that stand: one query over the whole list, whatever the page shows of it."""
    righe = segnali.order_by().annotate(fermo=Exists(fermi(timezone.localdate())))
    attivo = Q(fermo=False)
    return Conti(
        **righe.aggregate(
            attivi=Count("pk", filter=attivo),
            da_parte=Count("pk", filter=Q(fermo=True)),
            interventi=Count("intervento", filter=attivo, distinct=True),
            piani=Count("piano", filter=attivo, distinct=True),
            del_comune=Count("pk", filter=attivo & Q(tocca=ChiAgisce.COMUNE)),
            dell_ufficio=Count("pk", filter=attivo & Q(tocca=ChiAgisce.UFFICIO)),
        )
    )


@dataclass(frozen=True)
class Riga:
    """A warning as lists and pages show it; `segnale` is a row of `con_parti`."""

    segnale: Any

    @property
    def allarme(self) -> Allarme | None:
        """None for what the catalogue does not hold any more."""
        return PER_CODICE.get(self.segnale.codice)

    @property
    def titolo(self) -> str:
        return str(self.allarme.titolo) if self.allarme is not None else self.segnale.codice

    @property
    def segno(self) -> str:
        if self.segnale.cessato_il is not None:
            return "concluso"
        return "annullato" if self.segnale.da_parte_fino_al is not None else "a_rischio"

    @property
    def parola(self) -> str:
        if self.segnale.cessato_il is not None:
            return _("cessato")
        return _("messo da parte") if self.segnale.da_parte_fino_al is not None else _("da guardare")

    @property
    def di(self) -> str:
        """Whose it is: the name of the intervento, or the piano."""
        if self.segnale.intervento is not None:
            return str(self.segnale.intervento.nome)
        return f"{self.segnale.piano.codice}, {self.segnale.piano.titolo}"

    @property
    def codice_di(self) -> str:
        return str(self.segnale.intervento.codice if self.segnale.intervento is not None else "")

    @property
    def indirizzo_di(self) -> str:
        if self.segnale.intervento_id is not None:
            return reverse("intervento-monitoraggio", args=[self.segnale.intervento_id])
        return reverse("piano-integrato", args=[self.segnale.piano.slug])

    @property
    def attuatore(self) -> str:
        intervento = self.segnale.intervento
        if intervento is None:
            return ""
        ente = intervento.soggetto_attuatore
        return str(ente if ente is not None else intervento.attuatore_denominazione)

    @property
    def piano(self) -> str:
        """The code of the piano that it is of, or that its intervento is in."""
        if self.segnale.piano is not None:
            return str(self.segnale.piano.codice)
        nel_piano = getattr(self.segnale.intervento, "nel_piano", None)
        return str(nel_piano.piano.codice) if nel_piano is not None else ""

    @property
    def tocca(self) -> str:
        """Who must act, by name where it is a body: "Comune di Rho"."""
        if self.segnale.tocca == ChiAgisce.COMUNE and self.attuatore:
            return self.attuatore
        return str(self.segnale.get_tocca_display())

    @property
    def evidenza(self) -> list[tuple[str, str]]:
        return [(str(nome), str(testo)) for nome, testo in self.segnale.evidenza]


# --- The page of one -------------------------------------------------------------------------------------------------


def uno(utente: Utente, pk: int) -> QuerySet[Any]:
    """A warning that a person sees, whether it stands or not."""
    return con_parti(Segnale.objects.visibili_a(utente)).defer(None).filter(pk=pk)


def vede_i_motivi(utente: Utente, segnale: Segnale) -> bool:
    """The reasons for setting aside are read by who answers for the intervento, and by who sees the whole programme.

    Who sees it because it lies in her territory reads the warning alone.
    """
    if segnale.intervento is None:
        return su_tutti(utente, Permesso.LEGGERE_MONITORAGGIO)
    return puo(utente, Permesso.LEGGERE_MONITORAGGIO, segnale.intervento)


def altre_volte(segnale: Segnale) -> list[Segnale]:
    """When else the same warning stood on the same thing, the latest first."""
    stesse = Segnale.objects.filter(
        intervento=segnale.intervento_id, piano=segnale.piano_id, codice=segnale.codice, riga=segnale.riga
    )
    return list(stesse.exclude(pk=segnale.pk).defer("evidenza").order_by("-dal", "-pk"))


def silenzi(segnale: Segnale) -> list[Silenzio]:
    """Every time it was set aside, the latest first."""
    return list(segnale.silenzi.select_related("autore", "tolto_da"))


# --- Sections of the pages of the rooms below ------------------------------------------------------------------------


def sezione_intervento(intervento: Intervento, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """What the portal notices of an intervento; left out where there is nothing. Two queries at most."""
    if not isinstance(utente, Utente) or not consente(Permesso.LEGGERE_MONITORAGGIO, utente.ruoli):
        return None
    righe = [Riga(segnale) for segnale in con_parti(elenco(utente).filter(intervento=intervento))]
    if not righe:
        return None
    attivi = [riga for riga in righe if riga.segnale.da_parte_fino_al is None]
    return {"righe": attivi, "da_parte": [riga for riga in righe if riga not in attivi], "altri": 0, "con_di": False}


def sezione_piano(piano: PianoIntegrato, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The gravest of a piano and of its interventi, and the way to all of them. Two queries."""
    if not isinstance(utente, Utente) or not consente(Permesso.LEGGERE_MONITORAGGIO, utente.ruoli):
        return None
    suoi = Segnale.objects.visibili_a(utente).filter(del_piano(piano)).attivi()
    quanti = suoi.count()
    if not quanti:
        return None
    return {
        "righe": [Riga(segnale) for segnale in con_parti(per_rischio(suoi))[:IN_SEZIONE]],
        "da_parte": [],
        "quanti": quanti,
        "altri": max(0, quanti - IN_SEZIONE),
        "elenco": reverse("segnali", query={"piano": piano.codice}),
        "con_di": True,
    }


def del_piano(piano: PianoIntegrato) -> Q:
    """Of a piano as a whole, or of an intervento in it."""
    return Q(piano=piano) | Q(intervento__nel_piano__piano=piano)
