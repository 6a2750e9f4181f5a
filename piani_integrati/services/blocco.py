"""One gesture on many interventi: piano, Driver, STTM, body; one transaction, one receipt."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.services.legami import attuatore_dal_comune, collega
from piani_integrati.models import PianoIntegrato
from piani_integrati.services.assegnazione import Esito, assegna, togli
from psttm.models import Driver, Strategia
from registro.models import Evento
from registro.services import annota

VERBO = "assegnazione in blocco"


@transaction.atomic
def in_blocco(
    *,
    interventi_ids: Collection[int],
    piano: PianoIntegrato | None,
    togli_dal_piano: bool,
    driver: Collection[Driver],
    strategie: Collection[Strategia],
    motivo: str,
    attuatore: bool,
    autore: Utente,
) -> Evento:
    """Do to all the interventi what is asked, or nothing; the event is the receipt: number, time, words.

    Raises what `assegna` and `togli` raise.
    """
    frasi = [_("Interventi scelti: %(quanti)s.") % {"quanti": len(interventi_ids)}]
    if togli_dal_piano:
        tolti = togli(interventi_ids=interventi_ids, autore=autore, motivo=motivo)
        frasi.append(_("Tolti dai loro piani: %(quanti)s.") % {"quanti": sum(tolti.values())})
    elif piano is not None:
        frasi += frasi_esito(assegna(piano_id=piano.pk, interventi_ids=interventi_ids, autore=autore, evidenza=motivo))
    if driver or strategie:
        nuovi = collega(interventi_ids=interventi_ids, driver=driver, strategie=strategie, motivo=motivo, autore=autore)
        frasi.append(_("Legami nuovi con Driver e STTM: %(quanti)s.") % {"quanti": nuovi})
    if attuatore:
        quanti = attuatore_dal_comune(interventi_ids=interventi_ids, autore=autore)
        frasi.append(
            _("Affidati al Comune in cui si trovano: %(quanti)s (gli altri hanno già un attuatore, o più Comuni).")
            % {"quanti": quanti}
        )
    return annota(piano, VERBO, autore=autore, nota=" ".join(frasi))


def frasi_esito(esito: Esito) -> list[str]:
    """What an assignment did, in words."""
    codice = esito.piano.codice
    frasi = []
    if esito.nuovi:
        frasi.append(_("Assegnati a %(piano)s: %(quanti)s.") % {"piano": codice, "quanti": esito.nuovi})
    for altro, quanti in esito.spostati.items():
        frasi.append(
            _("Spostati da %(altro)s a %(piano)s: %(quanti)s.") % {"altro": altro, "piano": codice, "quanti": quanti}
        )
    if esito.annotati:
        frasi.append(_("In %(piano)s, con linea o prova nuove: %(n)s.") % {"piano": codice, "n": esito.annotati})
    if esito.invariati:
        frasi.append(_("Già in %(piano)s: %(quanti)s.") % {"piano": codice, "quanti": esito.invariati})
    if esito.dimostrativi_tolti:
        frasi.append(
            _(
                "Da %(piano)s sono usciti %(quanti)s interventi di dimostrazione: restano nel registro, fuori dai "
                "piani, perché un piano non mescola dati veri e dati inventati."
            )
            % {"piano": codice, "quanti": esito.dimostrativi_tolti}
        )
    if esito.dimostrativi_esclusi:
        frasi.append(_("Lasciati fuori, perché di dimostrazione: %(quanti)s.") % {"quanti": esito.dimostrativi_esclusi})
    return frasi


def ricevuta(evento_id: int) -> Evento | None:
    """The receipt with this number, if it is one of ours."""
    return Evento.objects.filter(pk=evento_id, verbo=VERBO).first()
