"""Setting a warning aside until a day, with a reason, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio.models import Segnale, Silenzio
from monitoraggio.poteri import puo, su_tutti
from monitoraggio.tempo import fine_del_giorno
from psttm import formati
from registro.osservatori import avvisa
from registro.services import annota


class SilenzioRifiutato(Exception):
    """What is asked cannot be done; the message, in Italian, says why. `campo` is what is wrong, "" for none."""

    def __init__(self, messaggio: str, campo: str = "") -> None:
        super().__init__(messaggio)
        self.campo = campo


def puo_silenziare(utente: Utente, segnale: Segnale) -> bool:
    """Who answers for the intervento, or the staff; of a piano as a whole, the staff alone."""
    if segnale.intervento is None:
        return su_tutti(utente, Permesso.SILENZIARE_SEGNALI)
    return puo(utente, Permesso.SILENZIARE_SEGNALI, segnale.intervento)


def ultimo_giorno(oggi: date) -> date:
    """The last day until which something may be set aside."""
    return oggi + timedelta(days=settings.SEGNALI_SILENZIO_GIORNI)


@transaction.atomic
def silenzia(*, segnale_id: int, motivo: str, fino_al: date, autore: Utente) -> Silenzio:
    """Set a warning aside, that day included. Raises SilenzioRifiutato, PermissionDenied, Segnale.DoesNotExist."""
    segnale = _bloccato(segnale_id, autore)
    oggi = timezone.localdate()
    _controlla(segnale, motivo, fino_al, oggi)
    gia = Silenzio.objects.filter(segnale=segnale, tolto_il__isnull=True).first()
    if gia is not None:
        if gia.fino_al >= oggi:
            raise SilenzioRifiutato(
                _("Il segnale è già messo da parte fino al %(giorno)s: per cambiare giorno, prima riprendilo.")
                % {"giorno": formati.data_breve(gia.fino_al)}
            )
        # It ran out by itself, and makes room for the next one.
        gia.tolto_il = fine_del_giorno(gia.fino_al)
        gia.save(update_fields=["tolto_il"])
    silenzio = Silenzio.objects.create(segnale=segnale, motivo=motivo.strip(), fino_al=fino_al, autore=autore)
    annota(segnale, "messo da parte", autore=autore, dopo={"fino_al": fino_al}, nota=silenzio.motivo)
    avvisa(Segnale, [segnale.pk])
    return silenzio


@transaction.atomic
def riattiva(*, segnale_id: int, autore: Utente) -> Silenzio:
    """Take back a warning that was set aside. Raises SilenzioRifiutato, PermissionDenied, Segnale.DoesNotExist."""
    segnale = _bloccato(segnale_id, autore)
    silenzio = Silenzio.objects.filter(segnale=segnale, tolto_il__isnull=True).first()
    if silenzio is None or silenzio.fino_al < timezone.localdate():
        raise SilenzioRifiutato(_("Il segnale non è messo da parte: non c'è nulla da riprendere."))
    silenzio.tolto_il, silenzio.tolto_da = timezone.now(), autore
    silenzio.save(update_fields=["tolto_il", "tolto_da"])
    annota(segnale, "ripreso", autore=autore, prima={"fino_al": silenzio.fino_al})
    avvisa(Segnale, [segnale.pk])
    return silenzio


def _bloccato(segnale_id: int, autore: Utente) -> Segnale:
    visibili = Segnale.objects.select_for_update(of=("self",)).visibili_a(autore)
    segnale = visibili.select_related("intervento").get(pk=segnale_id)
    if not puo_silenziare(autore, segnale):
        raise PermissionDenied(
            _("Un segnale lo mette da parte il responsabile dell'ente attuatore, oppure la Città metropolitana.")
        )
    return segnale


def _controlla(segnale: Segnale, motivo: str, fino_al: date, oggi: date) -> None:
    if segnale.cessato_il is not None:
        raise SilenzioRifiutato(
            _("Il segnale è cessato il %(quando)s: non c'è più nulla da mettere da parte.")
            % {"quando": formati.data_ora(segnale.cessato_il)}
        )
    if not motivo.strip():
        raise SilenzioRifiutato(_("Manca il motivo: scrivi perché per ora il segnale non va guardato."), "motivo")
    if fino_al < oggi:
        raise SilenzioRifiutato(
            _("Il %(giorno)s è già passato: scegli un giorno da oggi, %(oggi)s, in poi.")
            % {"giorno": formati.data_breve(fino_al), "oggi": formati.data_breve(oggi)},
            "fino_al",
        )
    limite = ultimo_giorno(oggi)
    if fino_al > limite:
        giorni = settings.SEGNALI_SILENZIO_GIORNI
        testo = ngettext(
            "Il %(giorno)s è troppo lontano: si mette da parte per un giorno al massimo, fino al %(limite)s.",
            "Il %(giorno)s è troppo lontano: si mette da parte per %(giorni)s giorni al massimo, fino al %(limite)s.",
            giorni,
        )
        valori = {"giorno": formati.data_breve(fino_al), "giorni": giorni, "limite": formati.data_breve(limite)}
        raise SilenzioRifiutato(testo % valori, "fino_al")
