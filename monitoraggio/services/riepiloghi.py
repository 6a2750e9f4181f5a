"""The digest: one mail a day to whoever has something new, sent once however many workers try."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from monitoraggio.models import Allerta, Riepilogo
from monitoraggio.selectors import allerte
from psttm import formati

logger = logging.getLogger(__name__)

# Whoever took a digest and has not sent it after so long is dead: another may take it.
PRESA = timedelta(minutes=10)


def spedisci_riepiloghi(*, oggi: date) -> int:
    """Send today's digest to everybody who has something new and has not had one today; how many were sent."""
    nuove = Allerta.objects.filter(
        utente=OuterRef("pk"), letta_il__isnull=True, superata_il__isnull=True, spedita_il__isnull=True
    )
    gia = Riepilogo.objects.filter(utente=OuterRef("pk"), giorno=oggi, spedito_il__isnull=False)
    return _a_tutti(
        Utente.objects.filter(Exists(nuove), ~Exists(gia), is_active=True, tecnico=False).order_by("pk"), oggi
    )


def riprova_riepiloghi(*, oggi: date) -> int:
    """Send the digests of today that were begun and not sent, by a fault of the mail or of a worker."""
    rimasti = Riepilogo.objects.filter(utente=OuterRef("pk"), giorno=oggi, spedito_il__isnull=True)
    return _a_tutti(Utente.objects.filter(Exists(rimasti), is_active=True, tecnico=False).order_by("pk"), oggi)


def _a_tutti(persone: Iterable[Utente], oggi: date) -> int:
    return sum(_spedisci(utente, oggi) for utente in persone)


def _spedisci(utente: Utente, oggi: date) -> bool:
    """Whether the mail went. Between the mail and its being written down a crash would send it twice: a rare harm."""
    if not allerte.da_spedire(utente).exists() or not _prendi(utente, oggi):
        return False
    voci = list(allerte.da_spedire(utente))
    mia = Riepilogo.objects.filter(utente=utente, giorno=oggi)
    try:
        messaggio(utente, voci, oggi).send()
    except (SMTPException, OSError) as errore:
        logger.warning("Il riepilogo di %s per l'utente %s non è partito: %s", oggi, utente.pk, errore)
        mia.update(preso_il=None)
        return False
    adesso = timezone.now()
    with transaction.atomic():
        mia.update(spedito_il=adesso, voci=len(voci))
        Allerta.objects.filter(pk__in=[voce.pk for voce in voci]).update(spedita_il=adesso)
    return True


def _prendi(utente: Utente, oggi: date) -> bool:
    """Take the digest of a person and day; of many who try at once, one does."""
    Riepilogo.objects.bulk_create([Riepilogo(utente=utente, giorno=oggi, voci=0)], ignore_conflicts=True)
    libero = Q(preso_il__isnull=True) | Q(preso_il__lt=timezone.now() - PRESA)
    preso = Riepilogo.objects.filter(libero, utente=utente, giorno=oggi, spedito_il__isnull=True)
    return preso.update(preso_il=timezone.now()) == 1


def messaggio(utente: Utente, voci: list[Allerta], oggi: date) -> EmailMessage:
    """The mail: what is new by kind, each with its link, and the page of all that is expected."""
    oggetto = ngettext(
        "Portale PNRR, %(giorno)s: una cosa da sapere", "Portale PNRR, %(giorno)s: %(quante)s cose da sapere", len(voci)
    ) % {"giorno": formati.data_breve(oggi), "quante": len(voci)}
    gruppi = [
        (tipo, [(voce, f"{settings.URL_BASE}{reverse('allerta', args=[voce.pk])}") for voce in sue])
        for tipo, sue in groupby(voci, key=lambda voce: voce.get_tipo_display())
    ]
    contesto = {
        "utente": utente,
        "gruppi": gruppi,
        "frase": _("Ecco che cosa c'è di nuovo per te nel portale."),
        "attese": f"{settings.URL_BASE}{reverse('attese')}",
    }
    testo = render_to_string("monitoraggio/allerte/riepilogo.txt", contesto)
    return EmailMessage(subject=oggetto, body=testo, to=[utente.email])
