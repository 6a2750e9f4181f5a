"""The messages between a Comune and the staff about an intervento: written, answered, closed, opened again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio.models import Avanzamento, Messaggio
from monitoraggio.poteri import puo, su_tutti
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors import destinatari
from monitoraggio.selectors.messaggi import CHIUSA, RIAPERTA
from monitoraggio.services.allerte import Avviso, avvisa, supera
from psttm import formati
from registro.services import annota, nome_nel_registro

# The same words of the same person in the same place, this soon, are one message whose button was pressed twice.
DOPPIO = timedelta(minutes=2)
ESTRATTO = 300


class MessaggioRifiutato(Exception):
    """The message cannot be written, or the thread closed; the text, in Italian, says why."""


@transaction.atomic
def scrivi(
    *,
    intervento_id: int,
    testo: str,
    autore: Utente,
    risponde_a_id: int | None = None,
    avanzamento_id: int | None = None,
) -> Messaggio:
    """Open a thread, or answer in one (opening it again if it was closed), and tell the other side.

    An answer to any message of a thread is an answer in that thread. Raises MessaggioRifiutato, or DoesNotExist for
    an intervento, an avanzamento or a message that is not there or not for the author.
    """
    intervento = Intervento.objects.select_for_update(of=("self",)).get(pk=intervento_id)
    _controlla(autore, intervento)
    if avanzamento_id is not None:
        Avanzamento.objects.get(pk=avanzamento_id, intervento=intervento)
    filo = None if risponde_a_id is None else _filo(risponde_a_id, intervento)
    testo = testo.strip()
    if not testo:
        raise MessaggioRifiutato(_("Manca il testo: scrivi che cosa vuoi dire o chiedere."))
    gia = _gia_scritto(intervento, filo, testo, autore)
    if gia is not None:
        return gia
    messaggio = Messaggio.objects.create(
        intervento=intervento,
        avanzamento_id=avanzamento_id if filo is None else filo.avanzamento_id,
        risponde_a=filo,
        autore=autore,
        dal_comune=not su_tutti(autore, Permesso.SCRIVERE_MESSAGGI),
        testo=testo,
    )
    annota(
        messaggio,
        "messaggio scritto" if filo is None else "risposta scritta",
        autore=autore,
        dopo={"intervento": intervento.codice, "risponde_a": None if filo is None else filo.pk, "testo": testo},
    )
    if filo is not None:
        _riapri(filo, autore)
        # Whoever of this side was waiting to answer need not any more.
        supera(chiavi=_chiavi(filo, dal_comune=not messaggio.dal_comune))
    avvisa(utenti=_altra_parte(messaggio, filo), avviso=_avviso(messaggio, intervento))
    return messaggio


@transaction.atomic
def chiudi(*, messaggio_id: int, autore: Utente) -> Messaggio:
    """Close the thread of a message: nothing more is expected of anybody. Raises MessaggioRifiutato, DoesNotExist."""
    intervento = Intervento.objects.get(messaggi=messaggio_id)
    _controlla(autore, intervento)
    filo = _filo(messaggio_id, intervento)
    if filo.chiuso_il is not None:
        raise MessaggioRifiutato(
            _("La conversazione è già stata chiusa il %(quando)s.") % {"quando": formati.data_ora(filo.chiuso_il)}
        )
    filo.chiuso_il, filo.chiuso_da = timezone.now(), autore
    filo.save(update_fields=["chiuso_il", "chiuso_da"])
    supera(chiavi=_chiavi(filo))
    annota(filo, CHIUSA, autore=autore, dopo={"intervento": intervento.codice})
    return filo


def _controlla(autore: Utente, intervento: Intervento) -> None:
    if not puo(autore, Permesso.LEGGERE_MONITORAGGIO, intervento):
        raise Intervento.DoesNotExist
    if not puo(autore, Permesso.SCRIVERE_MESSAGGI, intervento):
        raise MessaggioRifiutato(
            _("Su questo intervento scrivono il suo soggetto attuatore e gli uffici della Città metropolitana.")
        )


def _filo(messaggio_id: int, intervento: Intervento) -> Messaggio:
    """The first message of the thread, locked."""
    messaggio = Messaggio.objects.get(pk=messaggio_id, intervento=intervento)
    return Messaggio.objects.select_for_update(of=("self",)).get(pk=messaggio.risponde_a_id or messaggio.pk)


def _gia_scritto(intervento: Intervento, filo: Messaggio | None, testo: str, autore: Utente) -> Messaggio | None:
    da_poco = Messaggio.objects.filter(quando__gte=timezone.now() - DOPPIO)
    return da_poco.filter(intervento=intervento, risponde_a=filo, testo=testo, autore=autore).last()


def _riapri(filo: Messaggio, autore: Utente) -> None:
    if filo.chiuso_il is None:
        return
    prima = {"chiusa_il": filo.chiuso_il, "chiusa_da": nome_nel_registro(filo.chiuso_da) if filo.chiuso_da else ""}
    filo.chiuso_il, filo.chiuso_da = None, None
    filo.save(update_fields=["chiuso_il", "chiuso_da"])
    annota(filo, RIAPERTA, autore=autore, prima=prima)


def _chiavi(filo: Messaggio, **quali: bool) -> list[str]:
    """The keys of what was told about the messages of a thread, or about those of one side."""
    del_filo = Messaggio.objects.filter(Q(pk=filo.pk) | Q(risponde_a=filo), **quali)
    return [f"messaggio:{pk}" for pk in del_filo.values_list("pk", flat=True)]


def _altra_parte(messaggio: Messaggio, filo: Messaggio | None) -> Collection[int]:
    """Whom to tell: the people of the Comune; of the staff, who took part in the thread or else the istruttori."""
    oggi = timezone.localdate()
    if messaggio.dal_comune:
        persone = _partecipanti(filo) & set(destinatari.dell_ufficio(Permesso.SCRIVERE_MESSAGGI, oggi=oggi))
        return persone or destinatari.istruttori(Permesso.SCRIVERE_MESSAGGI, oggi=oggi)
    attuatore = messaggio.intervento.soggetto_attuatore_id
    if attuatore is None:
        return set()
    del_comune = destinatari.per_ente(Permesso.SCRIVERE_MESSAGGI, oggi=oggi, enti=[attuatore])
    return del_comune.get(attuatore, set()) - {messaggio.autore_id}


def _partecipanti(filo: Messaggio | None) -> set[int]:
    if filo is None:
        return set()
    dello_staff = Messaggio.objects.filter(Q(pk=filo.pk) | Q(risponde_a=filo), dal_comune=False)
    return set(dello_staff.order_by().values_list("autore", flat=True))


def _avviso(messaggio: Messaggio, intervento: Intervento) -> Avviso:
    testo = messaggio.testo if len(messaggio.testo) <= ESTRATTO else f"{messaggio.testo[: ESTRATTO - 1]}…"
    nomi = {"chi": messaggio.autore, "intervento": intervento.nome}
    return Avviso(
        tipo=TipoAllerta.MESSAGGIO,
        chiave=f"messaggio:{messaggio.pk}",
        titolo=(
            _("Risposta di %(chi)s: %(intervento)s")
            if messaggio.risponde_a_id
            else _("Messaggio di %(chi)s: %(intervento)s")
        )
        % nomi,
        testo=testo,
        indirizzo=f"{reverse('intervento-messaggi', args=[intervento.pk])}#messaggio-{messaggio.pk}",
        intervento_id=intervento.pk,
    )
