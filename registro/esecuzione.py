"""Running a job: claim it, do it, say how it ended."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registro.azione import azione
from registro.battito import Battito
from registro.esecutori import ESECUTORI, Avanzatore, ErroreDelLavoro, LavoroAnnullato, TurnoPerso
from registro.lavori import limite_del_battito
from registro.models import Lavoro, StatoLavoro
from registro.services import annota

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fine:
    """How a turn at a job ended, and the word for it in the registro."""

    stato: StatoLavoro
    verbo: str
    risultato: dict[str, Any] | None = None
    errore: str = ""


def esegui(pk: int) -> None:
    """Run a job to its end, unless it is over, runs elsewhere or was cancelled: then return at once.

    Whatever happens to the job is written on its row; nothing is raised.
    """
    lavoro = _prendi(pk)
    if lavoro is None:
        return
    avanzatore = Avanzatore()
    with azione(lavoro.azione):
        try:
            fine = _svolgi(lavoro, avanzatore)
        except TurnoPerso:
            logger.warning("Il lavoro %s era già passato ad altri: questo turno si ferma.", pk)
            return
        _concludi(lavoro, avanzatore, fine)


@transaction.atomic
def _prendi(pk: int) -> Lavoro | None:
    """Claim the job, if it may run and nobody alive has it: one conditional UPDATE, so that only one claim wins."""
    adesso, turno = timezone.now(), uuid.uuid4()
    in_coda = Q(stato=StatoLavoro.IN_CODA)
    perso = Q(stato=StatoLavoro.IN_CORSO, battito__lt=limite_del_battito(), annullamento_chiesto=False)
    presi = Lavoro.objects.filter(in_coda | perso, pk=pk, tentativi__lt=F("tentativi_massimi")).update(
        stato=StatoLavoro.IN_CORSO,
        turno=turno,
        avviato=adesso,
        battito=adesso,
        tentativi=F("tentativi") + 1,
        passo="",
        fatti=0,
        totale=0,
    )
    if not presi:
        return None
    lavoro = Lavoro.objects.get(pk=pk)
    with azione(lavoro.azione):
        annota(lavoro, "avviato", dopo={"tentativo": lavoro.tentativi})
    return lavoro


def _svolgi(lavoro: Lavoro, avanzatore: Avanzatore) -> Fine:
    """Call the executor and translate what comes out of it. Raises TurnoPerso."""
    esecutore = ESECUTORI.get(lavoro.tipo)
    if esecutore is None:
        logger.error("Nessun esecutore per il lavoro %s di tipo %s.", lavoro.pk, lavoro.tipo)
        return Fine(StatoLavoro.FALLITO, "non riuscito", errore=_errore_del_portale(lavoro, avanzatore))
    try:
        with Battito(lavoro, avanzatore):
            risultato = esecutore.funzione(avanzatore, **lavoro.parametri)
    except TurnoPerso:
        raise
    except LavoroAnnullato:
        return Fine(StatoLavoro.ANNULLATO, "annullato")
    except ErroreDelLavoro as errore:
        return Fine(StatoLavoro.FALLITO, "non riuscito", errore=str(errore))
    except SoftTimeLimitExceeded:
        logger.error("Il lavoro %s (%s) è durato troppo: fermato.", lavoro.pk, lavoro.tipo)
        return Fine(StatoLavoro.FALLITO, "non riuscito", errore=_troppo_lungo(lavoro, avanzatore))
    # The only catch-all of the portal: an executor is arbitrary code, and whatever it raises must end up on the row,
    # where people wait for it; let through, it would leave the job "in corso" until the sweeper repeats the fault.
    except Exception:
        logger.exception("Il lavoro %s (%s) non è riuscito.", lavoro.pk, lavoro.tipo)
        return Fine(StatoLavoro.FALLITO, "non riuscito", errore=_errore_del_portale(lavoro, avanzatore))
    return Fine(StatoLavoro.RIUSCITO, "concluso", risultato=risultato)


@transaction.atomic
def _concludi(lavoro: Lavoro, avanzatore: Avanzatore, fine: Fine) -> None:
    """Write the end on the row, if the turn is still ours."""
    adesso = timezone.now()
    chiusi = Lavoro.objects.filter(pk=lavoro.pk, turno=lavoro.turno).update(
        stato=fine.stato,
        turno=None,
        battito=adesso,
        concluso=adesso,
        risultato=fine.risultato,
        errore=fine.errore,
        **avanzatore.campi(),
    )
    if not chiusi:
        logger.warning("Il lavoro %s era già passato ad altri: il suo esito non è stato scritto.", lavoro.pk)
        return
    annota(lavoro, fine.verbo, dopo={"risultato": fine.risultato, "errore": fine.errore})


def _troppo_lungo(lavoro: Lavoro, avanzatore: Avanzatore) -> str:
    return _(
        "Il lavoro è durato più di %(minuti)s minuti e il portale lo ha fermato mentre faceva: «%(passo)s». "
        "Dividilo in lavori più piccoli e ripetilo; se non si può, segnala il numero %(azione)s."
    ) % {
        "minuti": settings.LAVORO_SECONDI // 60,
        "passo": avanzatore.fase or _("avvio"),
        "azione": lavoro.azione,
    }


def _errore_del_portale(lavoro: Lavoro, avanzatore: Avanzatore) -> str:
    return _(
        "Il lavoro si è fermato per un errore del portale mentre faceva: «%(passo)s». "
        "Ripetilo; se succede ancora, segnala il numero %(azione)s a chi gestisce il portale."
    ) % {"passo": avanzatore.fase or _("avvio"), "azione": lavoro.azione}
