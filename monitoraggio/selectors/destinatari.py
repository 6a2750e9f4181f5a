"""Who is to be told of something: people with an active membership that gives a permission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from enti.models import Appartenenza
from enti.permessi import CHI_PUO, Permesso
from enti.ruoli import VEDE_TUTTO, Ruolo


def _in_vigore(oggi: date) -> QuerySet[Appartenenza]:
    """Memberships in force on a day, of people who may still sign in; a program reads no mail."""
    fino = Q(al__isnull=True) | Q(al__gte=oggi)
    return Appartenenza.objects.filter(fino, dal__lte=oggi, utente__is_active=True, utente__tecnico=False).order_by()


def per_ente(permesso: Permesso, *, oggi: date, enti: Collection[int] | None = None) -> dict[int, set[int]]:
    """By body, the people who have the permission on what that body carries out. One query."""
    righe = _in_vigore(oggi).filter(ruolo__in=CHI_PUO[permesso])
    if enti is not None:
        righe = righe.filter(ente__in=enti)
    persone: dict[int, set[int]] = defaultdict(set)
    for ente, utente in righe.values_list("ente", "utente"):
        persone[ente].add(utente)
    return dict(persone)


def dell_ufficio(permesso: Permesso, *, oggi: date) -> dict[int, frozenset[str]]:
    """The staff who have the permission on every intervento, each with the roles that give it. One query."""
    ruoli: dict[int, frozenset[str]] = {}
    righe = _in_vigore(oggi).filter(ruolo__in=CHI_PUO[permesso] & VEDE_TUTTO)
    for utente, ruolo in righe.values_list("utente", "ruolo"):
        ruoli[utente] = ruoli.get(utente, frozenset()) | {ruolo}
    return ruoli


def istruttori(permesso: Permesso, *, oggi: date) -> set[int]:
    """The istruttori; the coordinatori too where nobody is an istruttore, so that somebody always knows."""
    ufficio = dell_ufficio(permesso, oggi=oggi)
    return {utente for utente, ruoli in ufficio.items() if Ruolo.ISTRUTTORE in ruoli} or set(ufficio)
