"""Services of the jobs: ask for one, cancel it, try it again, take up those that were lost.

The row of the job is the truth. A message on the broker only says "look at row N": it may be lost or come twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from registro.azione import azione, azione_corrente
from registro.esecutori import ESECUTORI
from registro.models import APERTI, Lavoro, StatoLavoro
from registro.services import Persona, annota

logger = logging.getLogger(__name__)

# By name, because the tasks import the services and not the other way round.
COMPITO_ESEGUI = "registro.esegui_lavoro"
COMPITO_RACCOGLI = "registro.raccogli_persi"


class LavoroNonAmmesso(Exception):
    """What was asked cannot be done to this job now; the message, in Italian, says why."""


def limite_del_battito() -> datetime:
    """A job that last gave a sign of life before this moment is lost."""
    return timezone.now() - timedelta(seconds=settings.LAVORO_BATTITO_SECONDI)


@transaction.atomic
def accoda(
    *,
    tipo: str,
    parametri: dict[str, Any] | None = None,
    chiave: str = "",
    autore: Persona | None = None,
    titolo: str = "",
) -> Lavoro:
    """Ask for a job of a declared kind; a worker starts it after the commit.

    With a `chiave`, while a job of that kind and key is open that same job is returned and no other is made.
    Raises LookupError for a kind that no `@esecutore` declares.
    """
    if tipo not in ESECUTORI:
        raise LookupError(f"Nessun esecutore dichiara il tipo di lavoro «{tipo}».")
    campi = {
        "titolo": titolo or ESECUTORI[tipo].titolo,
        "parametri": parametri or {},
        "richiesto_da_id": autore.pk if autore is not None else None,
        "azione": azione_corrente(),
    }
    if chiave:
        lavoro, creato = Lavoro.objects.get_or_create(tipo=tipo, chiave=chiave, stato__in=APERTI, defaults=campi)
        if not creato:
            return lavoro
    else:
        lavoro = Lavoro.objects.create(tipo=tipo, **campi)
    with azione(lavoro.azione):
        annota(lavoro, "richiesto", autore=autore, dopo={"tipo": tipo, "parametri": lavoro.parametri})
    transaction.on_commit(partial(spedisci, lavoro.pk))
    return lavoro


def spedisci(pk: int) -> None:
    """Tell the workers to look at a job. With the broker away the job stays in the queue, and the sweeper sends it."""
    try:
        current_app.send_task(COMPITO_ESEGUI, args=[pk])
    except OperationalError as errore:
        logger.warning("Il lavoro %s resta in coda, il servizio dei messaggi non risponde: %s", pk, errore)


@transaction.atomic
def annulla(*, lavoro_id: int, autore: Persona | None) -> Lavoro:
    """Cancel a job: at once if it waits, at its next sign of progress if it runs.

    Raises Lavoro.DoesNotExist, and LavoroNonAmmesso when the job is over.
    """
    lavoro = Lavoro.objects.select_for_update().get(pk=lavoro_id)
    if not lavoro.aperto:
        raise LavoroNonAmmesso(
            _("Il lavoro «%(titolo)s» è già finito (%(stato)s): non c'è nulla da annullare.")
            % {"titolo": lavoro.titolo, "stato": lavoro.get_stato_display()}
        )
    lavoro.annullamento_chiesto = True
    if lavoro.stato == StatoLavoro.IN_CODA:
        lavoro.stato, lavoro.concluso = StatoLavoro.ANNULLATO, timezone.now()
    lavoro.save(update_fields=["annullamento_chiesto", "stato", "concluso"])
    annota(lavoro, "annullato" if lavoro.stato == StatoLavoro.ANNULLATO else "annullamento chiesto", autore=autore)
    return lavoro


@transaction.atomic
def ritenta(*, lavoro_id: int, autore: Persona | None) -> Lavoro:
    """Put a failed or cancelled job back in the queue, from its beginning and with all its attempts.

    Raises Lavoro.DoesNotExist, and LavoroNonAmmesso when the job is open, succeeded, or has an open twin (same key).
    """
    lavoro = Lavoro.objects.select_for_update().get(pk=lavoro_id)
    if lavoro.stato not in {StatoLavoro.FALLITO, StatoLavoro.ANNULLATO}:
        raise LavoroNonAmmesso(
            _("Il lavoro «%(titolo)s» è %(stato)s: si ripete solo un lavoro non riuscito o annullato.")
            % {"titolo": lavoro.titolo, "stato": lavoro.get_stato_display()}
        )
    lavoro.azione, lavoro.tentativi = azione_corrente(), 0
    try:
        with transaction.atomic():
            _rimetti_in_coda(lavoro)
    except IntegrityError as errore:
        raise LavoroNonAmmesso(
            _("C'è già un lavoro aperto come «%(titolo)s»: aspetta che finisca, oppure annullalo.")
            % {"titolo": lavoro.titolo}
        ) from errore
    with azione(lavoro.azione):
        annota(lavoro, "ritentato", autore=autore)
    return lavoro


@transaction.atomic
def raccogli_persi() -> list[int]:
    """Take up the jobs that should be moving and are not; returns the keys of those sent to the workers again.

    A job that was waiting and whose message got lost is sent again (one message too many does no harm: a job is
    claimed once). One whose worker died starts again while it has attempts left, else it has failed.
    """
    persi = Lavoro.objects.senza_battito(limite_del_battito()).select_for_update(skip_locked=True)
    return [lavoro.pk for lavoro in persi if _raccogli(lavoro)]


def _raccogli(lavoro: Lavoro) -> bool:
    """Take up one lost job, whose row is locked; tells whether it was sent to the workers again."""
    if lavoro.stato == StatoLavoro.IN_CODA:
        logger.warning("Il lavoro %s aspettava senza che nessuno lo prendesse: rimandato ai processi.", lavoro.pk)
        lavoro.battito = timezone.now()
        lavoro.save(update_fields=["battito"])
        transaction.on_commit(partial(spedisci, lavoro.pk))
        return True
    with azione(lavoro.azione):
        if lavoro.annullamento_chiesto:
            _chiudi(lavoro, StatoLavoro.ANNULLATO)
            annota(lavoro, "annullato", nota="Chi lo eseguiva non c'era più.")
        elif lavoro.tentativi < lavoro.tentativi_massimi:
            prima = {"tentativi": lavoro.tentativi, "passo": lavoro.passo, "fatti": lavoro.fatti}
            _rimetti_in_coda(lavoro)
            annota(lavoro, "ripreso", prima=prima, nota="Chi lo eseguiva non dava più segno di vita.")
            return True
        else:
            _chiudi(lavoro, StatoLavoro.FALLITO, errore=_troppe_interruzioni(lavoro))
            annota(lavoro, "non riuscito", dopo={"errore": lavoro.errore})
    return False


def _rimetti_in_coda(lavoro: Lavoro) -> None:
    lavoro.stato, lavoro.turno, lavoro.battito = StatoLavoro.IN_CODA, None, timezone.now()
    lavoro.passo, lavoro.fatti, lavoro.totale = "", 0, 0
    lavoro.concluso, lavoro.risultato, lavoro.errore, lavoro.annullamento_chiesto = None, None, "", False
    lavoro.save()
    transaction.on_commit(partial(spedisci, lavoro.pk))


def _chiudi(lavoro: Lavoro, stato: StatoLavoro, *, errore: str = "") -> None:
    lavoro.stato, lavoro.turno, lavoro.concluso, lavoro.errore = stato, None, timezone.now(), errore
    lavoro.save(update_fields=["stato", "turno", "concluso", "errore"])


def _troppe_interruzioni(lavoro: Lavoro) -> str:
    return _(
        "Il lavoro si è interrotto %(volte)s volte senza dare più segno di vita, l'ultima mentre faceva: «%(passo)s». "
        "Ripetilo più tardi; se succede ancora, segnala il numero %(azione)s."
    ) % {"volte": lavoro.tentativi, "passo": lavoro.passo or _("avvio"), "azione": lavoro.azione}
