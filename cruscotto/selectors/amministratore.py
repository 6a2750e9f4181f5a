"""What the amministratore looks after: people who cannot enter, roles about to end, jobs that do not go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, Window
from django.utils import timezone

from enti.models import Appartenenza, Utente
from registro.estensioni import sezioni
from registro.lavori import limite_del_battito
from registro.models import APERTI, Lavoro, StatoLavoro

# The rooms above add theirs under this name (see `registro.estensioni`).
PAGINA = "cruscotto-amministratore"
PRIMI = 5
# Days ahead in which a role that ends is told of, and days back in which a job that failed is.
FINE_VICINA = 30
GIORNI_DEI_LAVORI = 7


@dataclass(frozen=True)
class Elenco:
    """The first of a list, and how many there are in all."""

    righe: list[Any] = field(default_factory=list)
    totale: int = 0

    @property
    def altri(self) -> int:
        return self.totale - len(self.righe)

    def __bool__(self) -> bool:
        return self.totale > 0


@dataclass(frozen=True)
class DaCurare:
    """`notturni` are the last of each kind of job that nobody asked for: those the portal begins by itself."""

    senza_ruolo: Elenco
    mai_entrati: Elenco
    in_scadenza: Elenco
    lavori: Elenco
    notturni: list[Lavoro]
    sezioni: list[dict[str, Any]]

    @property
    def vuoto(self) -> bool:
        return not (self.senza_ruolo or self.mai_entrati or self.in_scadenza or self.lavori)


def da_curare(utente: Utente, *, oggi: date) -> DaCurare:
    """Five queries, and those of the sections of the rooms above."""
    valide = Appartenenza.objects.in_vigore().filter(utente=OuterRef("pk"))
    persone = Utente.objects.filter(is_active=True, tecnico=False)
    return DaCurare(
        senza_ruolo=_primi(persone.filter(~Exists(valide)).order_by("-creato", "pk")),
        mai_entrati=_primi(persone.filter(Exists(valide), last_login__isnull=True).order_by("creato", "pk")),
        in_scadenza=_primi(_in_scadenza(oggi)),
        lavori=_primi(_fermi()),
        notturni=_notturni(),
        sezioni=sezioni(PAGINA, None, utente),
    )


def _in_scadenza(oggi: date) -> QuerySet[Appartenenza]:
    """Roles in force that end soon, with nothing after them: the same role for the same body, from before the end."""
    dopo = Appartenenza.objects.filter(utente=OuterRef("utente"), ente=OuterRef("ente"), ruolo=OuterRef("ruolo"))
    dopo = dopo.filter(Q(al__isnull=True) | Q(al__gt=OuterRef("al")))
    return (
        Appartenenza.objects.in_vigore()
        .filter(al__lte=oggi + timedelta(days=FINE_VICINA), utente__is_active=True, utente__tecnico=False)
        .filter(~Exists(dopo))
        .select_related("utente", "ente")
        .order_by("al", "pk")
    )


def _fermi() -> QuerySet[Lavoro]:
    """Jobs that failed in the last days, and those that should be moving and are not."""
    da = timezone.now() - timedelta(days=GIORNI_DEI_LAVORI)
    falliti = Q(stato=StatoLavoro.FALLITO, concluso__gte=da)
    persi = Q(stato__in=APERTI, battito__lt=limite_del_battito())
    return Lavoro.objects.filter(falliti | persi).order_by("-battito", "-pk")


def _notturni() -> list[Lavoro]:
    ultimi = Lavoro.objects.filter(richiesto_da__isnull=True).order_by().values("tipo").annotate(ultimo=Max("pk"))
    return list(Lavoro.objects.filter(pk__in=ultimi.values("ultimo")).order_by("-creato", "-pk"))


def _primi(righe: QuerySet[Any, Model]) -> Elenco:
    """The first rows and the total, in one query."""
    prime = list(righe.annotate(in_tutto=Window(Count("pk")))[:PRIMI])
    return Elenco(prime, getattr(prime[0], "in_tutto", 0) if prime else 0)
