"""What the pages read of the traguardi: with their state on a day, as known now or at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi.cronistoria import Nomi, etichetta, in_parole
from interventi.models import Intervento
from monitoraggio.models import SpostamentoTraguardo, Traguardo
from monitoraggio.models.traguardi import StatoTraguardo, stato_al
from monitoraggio.poteri import su_tutti
from monitoraggio.tempo import fine_del_giorno
from piani_integrati.models import PianoIntegrato
from psttm import formati
from psttm.models import Misura
from registro import storia

PAROLE = {stato.value: str(stato.label) for stato in StatoTraguardo}
# What the history of a traguardo tells, in the order in which people read it.
RACCONTATI = (
    "codice",
    "titolo",
    "tipo",
    "livello",
    "scadenza",
    "valore_obiettivo",
    "unita",
    "previsione",
    "conseguito_il",
    "valore_raggiunto",
    "evidenza",
    "nota",
    "fonte",
    "luogo",
)


_PRIMA = (
    StatoTraguardo.IN_RITARDO,
    StatoTraguardo.A_RISCHIO,
    StatoTraguardo.IN_LINEA,
    StatoTraguardo.NON_DETERMINABILE,
)
_POSTI = [When(stato=stato.value, then=Value(posto)) for posto, stato in enumerate(_PRIMA)]


def elenco(utente: Utente, *, al: date | None = None, noto_al: datetime | None = None) -> QuerySet[Any]:
    """The traguardi that a person may see, judged on a day (today), as known now or at an instant.

    Those that want looking after come first; within a state, by deadline. As known at an instant they are versions,
    with the same fields: take their `id`, not their `pk`. The deadline of that day is `scadenza_letta`.
    """
    righe: QuerySet[Any] = Traguardo.objects.visibili_a(utente)
    if noto_al is not None:
        righe = _visibili(storia.noto_al(Traguardo, noto_al), utente)
    righe = giudicati(righe, al=al, noto_al=noto_al)
    righe = righe.annotate(posto=Case(*_POSTI, default=Value(len(_POSTI)), output_field=IntegerField()))
    letti = righe.select_related("misura", "piano", "intervento", "fonte")
    return letti.order_by("posto", "scadenza_letta", "codice", "id")


def giudicati(righe: QuerySet[Any], *, al: date | None = None, noto_al: datetime | None = None) -> QuerySet[Any]:
    """Traguardi, or their versions, with `scadenza_letta` and `stato` of a day (today), as known now or then."""
    giorno = al or timezone.localdate()
    righe = righe.annotate(scadenza_letta=_scadenza_al(giorno, noto_al))
    return righe.annotate(stato=stato_al(giorno, "scadenza_letta"))


def _scadenza_al(giorno: date, noto_al: datetime | None) -> Any:
    """The deadline on a day: what was moved later stood where it was."""
    if noto_al is None and giorno >= timezone.localdate():
        return F("scadenza")
    mosse = _noti(SpostamentoTraguardo.objects.filter(traguardo=OuterRef("id")), noto_al)
    dopo = mosse.exclude(_mosso_entro(giorno)).order_by("quando", "pk")
    return Coalesce(Subquery(dopo.values("da")[:1]), F("scadenza"))


def spostamenti(
    traguardo_id: int, *, al: date | None = None, noto_al: datetime | None = None
) -> QuerySet[SpostamentoTraguardo]:
    """The moves of the deadline of a traguardo: those of a day at the latest, recorded by an instant."""
    mosse = _noti(SpostamentoTraguardo.objects.filter(traguardo=traguardo_id), noto_al)
    return mosse if al is None else mosse.filter(_mosso_entro(al))


def _noti(mosse: QuerySet[SpostamentoTraguardo], noto_al: datetime | None) -> QuerySet[SpostamentoTraguardo]:
    return mosse if noto_al is None else mosse.filter(quando__lte=noto_al)


def _mosso_entro(giorno: date) -> Q:
    """An act moves a deadline on its own day; that of a proroga only asks for it, and who grants it moves it."""
    return Q(data_atto__lte=giorno) & (Q(variazione__isnull=True) | Q(quando__lte=fine_del_giorno(giorno)))


def _visibili(versioni: QuerySet[Any], utente: Utente) -> QuerySet[Any]:
    if utente.vede_tutto:
        return versioni
    propri = Intervento.objects.visibili_a(utente).filter(pk=OuterRef("intervento"))
    return versioni.filter(Q(intervento__isnull=True) | Exists(propri))


@dataclass(frozen=True)
class Conti:
    """How many of them, by state."""

    totale: int
    conseguiti: int
    in_ritardo: int
    a_rischio: int
    in_linea: int
    ignoti: int


def conti(traguardi: QuerySet[Any]) -> Conti:
    """One query over the whole list, whatever the page shows of it."""
    nomi = {
        "conseguiti": StatoTraguardo.CONSEGUITO,
        "in_ritardo": StatoTraguardo.IN_RITARDO,
        "a_rischio": StatoTraguardo.A_RISCHIO,
        "in_linea": StatoTraguardo.IN_LINEA,
        "ignoti": StatoTraguardo.NON_DETERMINABILE,
    }
    somme = {nome: Count("id", filter=Q(stato=stato.value)) for nome, stato in nomi.items()}
    return Conti(**traguardi.order_by().aggregate(totale=Count("id"), **somme))


@dataclass(frozen=True)
class Riga:
    """A traguardo, or a version of it, as a list shows it on a day."""

    traguardo: Any
    giorno: date
    di: str
    indirizzo_di: str
    # The name of the intervento, where it is of one.
    nome_di: str = ""

    @property
    def parola(self) -> str:
        return PAROLE[self.traguardo.stato]

    @property
    def scadenza(self) -> date:
        letta: date = self.traguardo.scadenza_letta
        return letta

    @property
    def spostata(self) -> bool:
        return self.scadenza != self.traguardo.scadenza_iniziale

    @property
    def conseguito_il(self) -> date | None:
        """If by that day: what was met later is not met yet."""
        giorno: date | None = self.traguardo.conseguito_il
        return giorno if giorno is not None and giorno <= self.giorno else None

    @property
    def da_conseguire(self) -> bool:
        """Whether it is met, but only after that day: what was reached and what proves it are of later too."""
        return self.traguardo.conseguito_il is not None and self.conseguito_il is None

    @property
    def obiettivo(self) -> str:
        return con_unita(self.traguardo.valore_obiettivo, self.traguardo.unita)

    @property
    def raggiunto(self) -> str:
        return "" if self.da_conseguire else con_unita(self.traguardo.valore_raggiunto, self.traguardo.unita)

    @property
    def evidenza(self) -> str:
        return "" if self.da_conseguire else self.traguardo.evidenza


def riga(traguardo: Any, giorno: date | None = None) -> Riga:
    """A row of `elenco` on its day (today), with whose it is, by name and address."""
    giorno = giorno or timezone.localdate()
    if traguardo.piano_id is not None:
        return Riga(traguardo, giorno, traguardo.piano.codice, reverse("piano-integrato", args=[traguardo.piano.slug]))
    if traguardo.intervento_id is not None:
        intervento = traguardo.intervento
        indirizzo = reverse("intervento-monitoraggio", args=[intervento.pk])
        return Riga(traguardo, giorno, intervento.codice, indirizzo, intervento.nome)
    return Riga(traguardo, giorno, traguardo.misura.codice, reverse("misure"))


def quantita(valore: Decimal | None) -> str:
    """With the decimals it has: 3.000.000, 33,5."""
    if valore is None:
        return ""
    decimali = valore.normalize().as_tuple().exponent
    return formati.numero(valore, max(0, -decimali) if isinstance(decimali, int) else 0)


def con_unita(valore: Decimal | None, unita: str) -> str:
    return f"{quantita(valore)}{formati.SPAZIO}{unita}".strip() if valore is not None else ""


@dataclass(frozen=True)
class Versione:
    """A version of a traguardo: when, who (None: the loading of the data), and each field before and after."""

    quando: datetime
    autore: Any
    cambi: list[tuple[str, str, str]]


def versioni(traguardo_id: int, istante: datetime | None = None) -> list[Versione]:
    """Every version of a traguardo (by an instant), the latest first, with what it changed of the one before."""
    scritte = Traguardo.storico.filter(id=traguardo_id)
    if istante is not None:
        scritte = scritte.filter(history_date__lte=istante)
    righe = list(scritte.select_related("history_user").order_by("history_id"))
    nomi = Nomi((Traguardo, versione) for versione in righe)
    campi: list[Any] = [Traguardo._meta.get_field(nome) for nome in RACCONTATI]
    raccontate = []
    for posto, versione in enumerate(righe):
        prima = righe[posto - 1] if posto else None
        cambi = []
        for campo in campi:
            vecchio = in_parole(campo, getattr(prima, campo.attname), nomi) if prima is not None else ""
            nuovo = in_parole(campo, getattr(versione, campo.attname), nomi)
            if vecchio != nuovo:
                cambi.append((etichetta(campo), vecchio, nuovo))
        if cambi:
            raccontate.append(Versione(versione.history_date, versione.history_user, cambi))
    return raccontate[::-1]


# --- Sections of the pages of the rooms below ---------------------------------------------------------------------


def sezione_piano(piano: PianoIntegrato, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The traguardi of a piano, in one query; those of its interventi are in the list."""
    if not isinstance(utente, Utente):
        return None
    return {
        "righe": [riga(traguardo) for traguardo in elenco(utente).filter(piano=piano)],
        "elenco": reverse("traguardi", query={"piano": piano.codice}),
        "nuovo": reverse("traguardo-nuovo", query={"piano": piano.codice}),
        "puo_gestire": su_tutti(utente, Permesso.GESTIRE_TRAGUARDI),
        "vuoto": _("Nessun traguardo è registrato per questo piano."),
    }


def sezione_intervento(intervento: Intervento, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The traguardi of an intervento; left out where there is none, except for who can add one."""
    if not isinstance(utente, Utente):
        return None
    propri = [riga(traguardo) for traguardo in elenco(utente).filter(intervento=intervento)]
    puo_gestire = su_tutti(utente, Permesso.GESTIRE_TRAGUARDI)
    if not propri and not puo_gestire:
        return None
    return {
        "righe": propri,
        "elenco": "",
        "nuovo": reverse("traguardo-nuovo", query={"intervento": intervento.pk}),
        "puo_gestire": puo_gestire,
        "vuoto": _("Nessun traguardo è registrato per questo intervento."),
    }


def sezione_misure(_misure: Any, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The traguardi of the measures."""
    if not isinstance(utente, Utente):
        return None
    righe = [riga(traguardo) for traguardo in elenco(utente).filter(misura__isnull=False)]
    if not righe:
        return None
    return {"righe": righe, "elenco": "", "nuovo": "", "puo_gestire": False, "vuoto": "", "con_di": True}


def misure_con_traguardi() -> QuerySet[Misura]:
    """The measures worth filtering by."""
    return Misura.objects.filter(traguardi__isnull=False).distinct()
