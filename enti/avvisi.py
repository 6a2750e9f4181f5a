"""Mail to who signs in with a program never seen before: if it was not she, she is the one who can tell."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Provenienza, Utente
from enti.programmi import nome_del_programma
from enti.sicurezza import ENTRATA, programma_di

logger = logging.getLogger(__name__)
PER_VOLTA = 200


def da_avvisare(utente: Utente, request: HttpRequest) -> bool:
    """Whether she has signed in before, as long as is remembered, and never with this program."""
    sue = Provenienza.objects.filter(evento__autore=utente, evento__verbo=ENTRATA)
    noti = {nome_del_programma(testo) for testo in sue.values_list("programma", flat=True).distinct()}
    return bool(noti) and nome_del_programma(programma_di(request)) not in noti


def spedisci() -> int:
    """Send the mails that wait; gives how many went. One that cannot leave waits for the next time."""
    in_attesa = Provenienza.objects.filter(avviso_dovuto=True).order_by("quando").values_list("pk", flat=True)
    return sum(_spedisci(pk) for pk in list(in_attesa[:PER_VOLTA]))


@transaction.atomic
def _spedisci(pk: int) -> bool:
    """The row is locked while the mail leaves, so that two workers do not send it twice."""
    bloccata = Provenienza.objects.select_for_update(skip_locked=True, of=("self",))
    provenienza = bloccata.select_related("evento").filter(pk=pk, avviso_dovuto=True).first()
    if provenienza is None:
        return False
    utente = Utente.objects.get(eventi=provenienza.evento)
    contesto = {
        "user": utente,
        "timestamp": provenienza.quando,
        "ip": provenienza.indirizzo or _("sconosciuto"),
        "user_agent": nome_del_programma(provenienza.programma),
        "url_base": settings.URL_BASE,
    }
    if utente.is_active:
        testo = render_to_string("account/email/nuovo_programma_message.txt", contesto).strip()
        try:
            EmailMessage(_("Portale PNRR: un nuovo accesso al tuo conto"), f"{testo}\n", to=[utente.email]).send()
        except (OSError, SMTPException) as errore:
            logger.warning("L'avviso di un nuovo accesso all'utente %s aspetta: %s", utente.pk, errore)
            return False
    provenienza.avviso_dovuto, provenienza.avviso_spedito_il = False, timezone.now()
    provenienza.save(update_fields=["avviso_dovuto", "avviso_spedito_il"])
    return True
