"""What the people of a body are told when the staff decides on an avanzamento of theirs."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.permessi import Permesso
from monitoraggio.models import Allerta, Avanzamento
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors import destinatari
from monitoraggio.selectors.attesi import da_inviare
from monitoraggio.services.allerte import Avviso, avvisa, supera
from psttm import formati


def restituito(avanzamento: Avanzamento) -> None:
    """It came back, with the reason: one for each avanzamento, until it is sent again."""
    intervento = avanzamento.intervento
    avviso = Avviso(
        tipo=TipoAllerta.RESTITUITO,
        chiave=_chiave(avanzamento),
        titolo=_("Da correggere: %(mese)s di %(intervento)s")
        % {"mese": formati.mese(avanzamento.mese), "intervento": intervento.nome},
        testo=avanzamento.motivo,
        indirizzo=reverse("avanzamento-modifica", args=[avanzamento.pk]),
        intervento_id=intervento.pk,
    )
    avvisa(utenti=_di_chi(avanzamento), avviso=avviso)


def approvato(avanzamento: Avanzamento) -> None:
    """The approvals of a body come together: one for each month, at the first."""
    avviso = Avviso(
        tipo=TipoAllerta.APPROVATO,
        chiave=f"approvati:{avanzamento.intervento.soggetto_attuatore_id}:{avanzamento.mese:%Y-%m}",
        titolo=_("La Città metropolitana sta approvando gli avanzamenti di %(mese)s")
        % {"mese": formati.mese(avanzamento.mese)},
        indirizzo=reverse("monitoraggio"),
    )
    avvisa(utenti=_di_chi(avanzamento), avviso=avviso)


def inviato(avanzamento: Avanzamento) -> None:
    """It was mended and sent again, or it was the last that a reminder asked for: nobody has to be told any more."""
    supera(chiavi=[_chiave(avanzamento)])
    ente, mese = avanzamento.intervento.soggetto_attuatore_id, avanzamento.mese
    solleciti = Allerta.objects.filter(chiave__startswith=f"sollecito:{mese:%Y-%m}:{ente}:", superata_il__isnull=True)
    if solleciti.exists() and not da_inviare(mese).filter(soggetto_attuatore=ente).exists():
        solleciti.update(superata_il=timezone.now())


def _chiave(avanzamento: Avanzamento) -> str:
    return f"restituito:{avanzamento.pk}"


def _di_chi(avanzamento: Avanzamento) -> set[int]:
    ente = avanzamento.intervento.soggetto_attuatore_id
    if ente is None:
        return set()
    persone = destinatari.per_ente(Permesso.COMPILARE_AVANZAMENTI, oggi=timezone.localdate(), enti=[ente])
    return persone.get(ente, set())
