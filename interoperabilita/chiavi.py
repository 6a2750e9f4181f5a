"""A key as it travels and as it is kept, and who comes with it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from enti.models import Appartenenza, Utente
from interoperabilita.models import ChiaveApi

# Recognisable in a log or in a repository where it should not be.
INIZIO = "psttm_"
LUNGHEZZA_PREFISSO = 10


@dataclass(frozen=True)
class Segreto:
    """A new key: shown once, kept as `impronta`, never in a log."""

    testo: str = field(repr=False)

    @classmethod
    def nuovo(cls) -> Segreto:
        return cls(INIZIO + secrets.token_urlsafe(32))

    @property
    def prefisso(self) -> str:
        return self.testo[:LUNGHEZZA_PREFISSO]

    @property
    def impronta(self) -> str:
        return impronta(self.testo)


def impronta(testo: str) -> str:
    """SHA-256: enough for 256 random bits, which nobody can guess one by one."""
    return hashlib.sha256(testo.encode()).hexdigest()


def di_impronta(valore: str) -> ChiaveApi | None:
    """The key with this fingerprint, valid or not, and whom it acts as with her roles. One query."""
    return _una(Q(impronta=valore))


def di_client(client_id: str) -> ChiaveApi | None:
    """The key of a PDND client, valid or not; None if nobody registered it."""
    return _una(Q(client_id=client_id, revocata_il__isnull=True)) if client_id else None


def _una(quale: Q) -> ChiaveApi | None:
    oggi = timezone.localdate()
    in_vigore = Q(utente__appartenenze__dal__lte=oggi) & (
        Q(utente__appartenenze__al__isnull=True) | Q(utente__appartenenze__al__gte=oggi)
    )
    righe = list(
        ChiaveApi.objects.filter(quale)
        .select_related("utente", "ente")
        .annotate(oggi=FilteredRelation("utente__appartenenze", condition=in_vigore))
        .annotate(suo_ruolo=F("oggi__ruolo"), suo_ente=F("oggi__ente"))
        .order_by()
    )
    if not righe:
        return None
    chiave = righe[0]
    _conosci(chiave.utente, [(riga.suo_ruolo, riga.suo_ente) for riga in righe if riga.suo_ruolo is not None])
    return chiave


def _conosci(utente: Utente, ruoli: list[tuple[str, int]]) -> None:
    """Her memberships, already read: nobody has to ask for them again."""
    attive = [Appartenenza(utente=utente, ruolo=ruolo, ente_id=ente) for ruolo, ente in ruoli]
    utente.appartenenze_attive = attive if utente.is_active else []
