"""The mails with the reports: one for each person, with all those of a meeting, or with one asked for by hand.

Whoever sends takes the rows first, and frees them if the mail does not go: however many workers try, and however many
times, a report goes to a person once. Between the mail and its being written down a crash would send it twice: a rare
harm.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from psttm import formati
from rapporti.models import InvioRapporto, Rapporto, Riunione
from rapporti.selectors_riunioni import di_rapporto, richieste_di
from rapporti.services import archivio, spedizione
from rapporti.services.archivio import FileMancante, Quale

logger = logging.getLogger(__name__)

MEGA = 1_000_000
# Whoever took a mail and has not sent it after so long is dead: another may take it.
PRESA = timedelta(minutes=10)


@dataclass(frozen=True)
class Allegato:
    """A report in a mail; without its PDF, `perche` says why in words."""

    rapporto: Rapporto
    pdf: bytes = b""
    perche: str = ""

    @property
    def indirizzo(self) -> str:
        return f"{settings.URL_BASE}{reverse('rapporto', args=[self.rapporto.codice])}"

    @property
    def verifica(self) -> str:
        return f"{settings.URL_BASE}{reverse('rapporti-verifica', query={'codice': self.rapporto.codice})}"


def spedisci_rimasti() -> int:
    """Send the mails in the queue, to whoever is still in the Cabina; how many went."""
    spedizione.accoda_vigilie(oggi=timezone.localdate())
    membri = {utente.pk: utente for utente in spedizione.membri()}
    rimasti = InvioRapporto.objects.filter(spedito_il__isnull=True, utente__in=membri).order_by("pk")
    buste: dict[tuple[int, int | None, int | None], list[int]] = defaultdict(list)
    riunione_di = _riunioni()
    for pk, utente, rapporto in rimasti.values_list("pk", "utente", "rapporto"):
        riunione = riunione_di.get(rapporto)
        buste[utente, riunione, None if riunione else rapporto].append(pk)
    return sum(_spedisci(membri[busta[0]], invii, busta[1]) for busta, invii in buste.items())


def _riunioni() -> dict[int, int]:
    """The meeting that each report in the queue is mailed for."""
    legami = Riunione.rapporti.through.objects.filter(
        riunione__spedire=True, rapporto__invii__spedito_il__isnull=True, rapporto__invii__isnull=False
    )
    return dict(legami.order_by("riunione__giorno").values_list("rapporto", "riunione"))


def _spedisci(utente: Utente, invii: Sequence[int], riunione_id: int | None) -> bool:
    """Whether the mail went."""
    presi = _prendi(invii)
    if not presi:
        return False
    righe = InvioRapporto.objects.filter(pk__in=presi)
    try:
        rapporti = Rapporto.objects.filter(invii__in=presi).distinct()
        riunione = Riunione.objects.get(pk=riunione_id) if riunione_id is not None else None
        messaggio(utente, list(rapporti), riunione).send()
    except (SMTPException, OSError) as errore:
        logger.warning("I rapporti %s per l'utente %s non sono partiti: %s", sorted(presi), utente.pk, errore)
        righe.update(preso_il=None)
        return False
    righe.update(spedito_il=timezone.now())
    return True


@transaction.atomic
def _prendi(invii: Sequence[int]) -> list[int]:
    """Take the rows of a mail; of many who try at once, one has them all."""
    libero = Q(preso_il__isnull=True) | Q(preso_il__lt=timezone.now() - PRESA)
    liberi = InvioRapporto.objects.select_for_update().filter(libero, pk__in=invii, spedito_il__isnull=True)
    presi = [invio.pk for invio in liberi.order_by("pk")]
    InvioRapporto.objects.filter(pk__in=presi).update(preso_il=timezone.now())
    return presi


# --- What it says ----------------------------------------------------------------------------------------------------


def messaggio(utente: Utente, rapporti: Sequence[Rapporto], riunione: Riunione | None) -> EmailMessage:
    """The mail: what each report says in its sentences, where it is, how it is verified; the PDFs that fit in it."""
    in_ordine = _in_ordine(rapporti, riunione)
    allegati = _allegati(in_ordine)
    contesto = {"utente": utente, "riunione": riunione, "allegati": allegati, "uno": len(allegati) == 1}
    testo = render_to_string("rapporti/posta/rapporti.txt", contesto)
    # Of a name with a line break in it: a subject is one line.
    oggetto = " ".join(_oggetto(in_ordine, riunione).split())
    lettera = EmailMessage(subject=oggetto, body=testo, to=[utente.email])
    for allegato in allegati:
        if allegato.pdf:
            lettera.attach(allegato.rapporto.nome_file, allegato.pdf, "application/pdf")
    return lettera


def _oggetto(rapporti: Sequence[Rapporto], riunione: Riunione | None) -> str:
    if riunione is not None:
        return _("Portale PNRR: i rapporti per la riunione del %(giorno)s") % {
            "giorno": formati.data_breve(riunione.giorno)
        }
    rapporto = rapporti[0]
    return _("Portale PNRR: %(tipo)s, %(perimetro)s, al %(al)s") % {
        "tipo": str(rapporto.get_tipo_display()).lower(),
        "perimetro": rapporto.nome_perimetro,
        "al": formati.data_breve(rapporto.al),
    }


def _in_ordine(rapporti: Sequence[Rapporto], riunione: Riunione | None) -> list[Rapporto]:
    """In the order that the meeting asked for them."""
    posto = {richiesta: numero for numero, richiesta in enumerate(richieste_di(riunione))} if riunione else {}
    return sorted(rapporti, key=lambda rapporto: (posto.get(di_rapporto(rapporto), len(posto)), rapporto.codice))


def _allegati(rapporti: Sequence[Rapporto]) -> list[Allegato]:
    """Every report, with its PDF as long as all together are within what a mail may weigh."""
    restano = settings.RAPPORTO_MEGABYTE_POSTA * MEGA
    allegati = []
    for rapporto in rapporti:
        allegato = _allegato(rapporto, restano)
        restano -= len(allegato.pdf)
        allegati.append(allegato)
    return allegati


def _allegato(rapporto: Rapporto, restano: int) -> Allegato:
    if rapporto.byte > restano:
        perche = _(
            "Il PDF pesa %(mega)s MB e non è allegato: in tutto la posta ne porta %(massimo)s. Scaricalo da qui:"
        )
        valori = {
            "mega": formati.numero(-(-rapporto.byte // MEGA)),
            "massimo": formati.numero(settings.RAPPORTO_MEGABYTE_POSTA),
        }
        return Allegato(rapporto, perche=perche % valori)
    try:
        with archivio.apri(rapporto, Quale.PDF) as file:
            return Allegato(rapporto, pdf=file.read())
    except FileMancante:
        return Allegato(rapporto, perche=_("Il PDF non è allegato. Lo trovi qui:"))
