"""Taking back what one has just done: «Annulla» beside the receipt, for a while, once, by whoever did it.

A room says in its `sezioni.py` how an action is undone (`registra`); the view that did it offers the way back with the
receipt (`offri`). What the way back needs is kept here, on the server: the page has an unguessable key and nothing
else. The inverse action asks again whether the person may, and whether things are still as she left them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from registro.models import Ripensamento
from registro.services import Valori, annota

VERBO = "annullato"
# Beginning of the tag by which a message knows its key (see `componenti/messaggi.html`).
SEGNO = "annulla"
# Used and expired ones stay for a day, so that who comes back late is told why.
CONSERVATI = timedelta(days=1)


class NonAnnullabile(Exception):
    """It cannot be undone any more, and nothing changed; the text, in Italian, says why."""


@dataclass(frozen=True)
class Annullato:
    """What came of undoing: a sentence for the person, the row it was about, the address to look at it ("": stay)."""

    testo: str
    oggetto: Model | None = None
    indirizzo: str = ""


# Given who undoes and what was kept. Raises NonAnnullabile; runs in a transaction.
Inversa = Callable[[Any, dict[str, Any]], Annullato]

_INVERSE: dict[str, Inversa] = {}


def registra(azione: str, inversa: Inversa) -> None:
    """Say how an action is undone."""
    _INVERSE[azione] = inversa


def registrate() -> frozenset[str]:
    return frozenset(_INVERSE)


def offri(request: HttpRequest, testo: str, azione: str, dati: Valori) -> None:
    """Show the receipt of something just done, with the button that undoes it.

    `dati` is what the inverse action needs, in anything Django's JSON encoder takes: it comes back as JSON gives it.
    """
    if azione not in _INVERSE:
        raise LookupError(azione)
    adesso = timezone.now()
    Ripensamento.objects.filter(scade__lt=adesso - CONSERVATI).delete()
    riga = Ripensamento.objects.create(
        chiave=secrets.token_urlsafe(24),
        utente_id=_di_chi(request),
        sessione=_impronta(request),
        azione=azione,
        dati=dati,
        testo=testo,
        scade=adesso + timedelta(minutes=settings.RIPENSAMENTO_MINUTI),
    )
    messages.success(request, testo, extra_tags=f"{SEGNO}:{riga.chiave}:{int(riga.scade.timestamp())}")


@transaction.atomic
def ripensa(request: HttpRequest, chiave: str) -> Annullato:
    """Undo what the key stands for. Raises NonAnnullabile, Ripensamento.DoesNotExist (of somebody else too)."""
    suoi = Ripensamento.objects.select_for_update().filter(utente_id=_di_chi(request), sessione=_impronta(request))
    riga = suoi.get(chiave=chiave)
    adesso = timezone.now()
    if riga.usato_il is not None:
        raise NonAnnullabile(_("È già stato annullato: una seconda volta non serve."))
    if riga.scade < adesso:
        raise NonAnnullabile(
            _("Sono passati più di %(minuti)s minuti: da qui non si annulla più. Non è cambiato nulla.")
            % {"minuti": settings.RIPENSAMENTO_MINUTI}
        )
    fatto = _INVERSE[riga.azione](request.user, riga.dati)
    riga.usato_il = adesso
    riga.save(update_fields=["usato_il"])
    annota(fatto.oggetto, VERBO, autore=request.user, nota=riga.testo)
    return fatto


def _di_chi(request: HttpRequest) -> int:
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk


def _impronta(request: HttpRequest) -> str:
    """Names the session without telling how to enter it."""
    return salted_hmac("registro.ripensamenti", request.session.session_key or "").hexdigest()
