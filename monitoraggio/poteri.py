"""Who may do what to which intervento: the role must be held for the body that carries it out, or be of the staff."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from enti.models import Utente
from enti.permessi import CHI_PUO, Permesso
from enti.ruoli import VEDE_TUTTO
from interventi.models import Intervento


def puo(utente: Utente | AnonymousUser, permesso: Permesso, intervento: Intervento) -> bool:
    """Whether one of the memberships of the person gives the permission on this intervento.

    A person may be responsabile of one Comune and compilatore of another: each role counts only for its own body.
    """
    if isinstance(utente, AnonymousUser):
        return False
    return any(
        appartenenza.ruolo in CHI_PUO[permesso]
        and (appartenenza.ruolo in VEDE_TUTTO or appartenenza.ente_id == intervento.soggetto_attuatore_id)
        for appartenenza in utente.appartenenze_attive
    )


def enti_con(utente: Utente | AnonymousUser, permesso: Permesso) -> frozenset[int]:
    """The bodies for which the person has the permission, by a role of theirs (not by one of the staff)."""
    if isinstance(utente, AnonymousUser):
        return frozenset()
    return frozenset(
        a.ente_id for a in utente.appartenenze_attive if a.ruolo in CHI_PUO[permesso] and a.ruolo not in VEDE_TUTTO
    )


def su_tutti(utente: Utente | AnonymousUser, permesso: Permesso) -> bool:
    """Whether the person has the permission on every intervento, by a role of the staff."""
    if isinstance(utente, AnonymousUser):
        return False
    return not CHI_PUO[permesso].isdisjoint(utente.ruoli & VEDE_TUTTO)
