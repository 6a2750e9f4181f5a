"""Undoing what was just done in the monitoring. Each asks again who may, and whether things are as they were left.

What is not here cannot be taken back: an approval is known by then, what was returned or asked for has been told to
people, a variazione decided has moved deadlines and amounts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio import flusso
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.models import Allerta, Avanzamento, Documento, Segnale, Silenzio, Traguardo, VersioneDocumento, Visto
from monitoraggio.poteri import puo
from monitoraggio.selectors import allerte as casella
from monitoraggio.services import passaggi, silenzi, traguardi
from monitoraggio.services.bozze import NonTrovato
from psttm import formati
from registro.ripensamenti import Annullato, NonAnnullabile

ALLERTE, VISTA, INVIO = "allerte lette", "correzione vista", "avanzamento inviato"
DOCUMENTO, TRAGUARDO, SILENZIO = "documento eliminato", "traguardo modificato", "segnale messo da parte"


def rileggi(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """The allerte read at an instant are to be read again, but for those read or overtaken otherwise since."""
    lette = casella.sue(autore).filter(letta_il=datetime.fromisoformat(dati["lette_il"]), superata_il__isnull=True)
    quante = Allerta.objects.filter(pk__in=lette.values("pk")).update(letta_il=None)
    if not quante:
        raise NonAnnullabile(_("Intanto non valgono più, o sono state rilette: non c'è niente da riportare."))
    testo = ngettext("Un'allerta è di nuovo da leggere.", "%(quante)s allerte sono di nuovo da leggere.", quante)
    return Annullato(testo % {"quante": formati.numero(quante)})


def togli_visto(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """A correction that she marked as seen is to be seen again."""
    visto = Visto.objects.select_for_update().filter(avanzamento=dati["avanzamento"], autore=autore).first()
    if visto is None:
        raise NonAnnullabile(_("Intanto la correzione non risulta più vista da te: non è cambiato nulla."))
    avanzamento = Avanzamento.objects.select_related("intervento").get(pk=visto.avanzamento_id)
    if not puo(autore, flusso.CHI_AVANZAMENTO["approva"], avanzamento.intervento):
        raise _senza_ruolo()
    visto.delete()
    return Annullato(_("La correzione è di nuovo fra quelle da vedere."), avanzamento)


def riprendi(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """An avanzamento just sent is a draft again, by the same passage as «Riprendi in bozza»."""
    inviato = Avanzamento.objects.filter(pk=dati["avanzamento"], inviato_il=datetime.fromisoformat(dati["inviato_il"]))
    if not inviato.exists():
        raise NonAnnullabile(_("Intanto l'avanzamento è stato ripreso e inviato di nuovo: resta com'è adesso."))
    try:
        ripreso = passaggi.ritira(avanzamento_id=dati["avanzamento"], autore=autore)
    except NonTrovato as assente:
        raise NonAnnullabile(str(assente)) from assente
    except TransizioneNonPermessa as ferma:
        raise NonAnnullabile(str(ferma)) from ferma
    return Annullato(_("L'avanzamento è di nuovo in bozza: non è più fra quelli da istruire."), ripreso)


def rimetti_documento(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """A document just deleted is there again: its file has never gone."""
    eliminati = Documento.objects.visibili_a(autore).select_for_update(of=("self",)).select_related("intervento")
    documento = eliminati.filter(
        pk=dati["documento"], eliminato_da=autore, eliminato_il=datetime.fromisoformat(dati["eliminato_il"])
    ).first()
    if documento is None or VersioneDocumento.objects.filter(documento=documento, distrutta_il__isnull=False).exists():
        raise NonAnnullabile(_("Intanto il documento è cambiato, o il suo file non c'è più: resta com'è adesso."))
    if not puo(autore, Permesso.ELIMINARE_DOCUMENTI, documento.intervento):
        raise _senza_ruolo()
    documento.eliminato_il, documento.eliminato_da = None, None
    documento.eliminato_atto, documento.eliminato_motivo = "", ""
    documento.save(update_fields=["eliminato_il", "eliminato_da", "eliminato_atto", "eliminato_motivo"])
    return Annullato(_("Il documento «%(titolo)s» c'è di nuovo.") % {"titolo": documento.titolo}, documento)


def riporta_traguardo(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """A traguardo says what it said in the version before the one just written."""
    traguardo_id, versione = dati["traguardo"], dati["versione"]
    prima = Traguardo.storico.filter(id=traguardo_id, history_id__lt=versione).order_by("-history_id").first()
    if prima is None:
        raise NonAnnullabile(_("Di com'era prima il traguardo non c'è memoria: resta com'è adesso."))
    valori = {campo: getattr(prima, campo) for campo in traguardi.CORREGGIBILI}
    try:
        traguardo = traguardi.modifica(traguardo_id=traguardo_id, dati=valori, vista=versione, autore=autore)
    except traguardi.TraguardoRifiutato as rifiuto:
        raise NonAnnullabile(str(rifiuto)) from rifiuto
    except PermissionDenied as rifiuto:
        raise NonAnnullabile(str(rifiuto)) from rifiuto
    return Annullato(_("Il traguardo %(codice)s è tornato com'era.") % {"codice": traguardo.codice}, traguardo)


def riattiva(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """A warning just set aside is among those to look at again."""
    if not Silenzio.objects.filter(pk=dati["silenzio"], autore=autore, tolto_il__isnull=True).exists():
        raise NonAnnullabile(_("Intanto il segnale è già stato ripreso: non è cambiato nulla."))
    try:
        silenzio = silenzi.riattiva(segnale_id=dati["segnale"], autore=autore)
    except (silenzi.SilenzioRifiutato, PermissionDenied) as rifiuto:
        raise NonAnnullabile(str(rifiuto)) from rifiuto
    except Segnale.DoesNotExist as assente:
        raise _senza_ruolo() from assente
    return Annullato(_("Il segnale è di nuovo fra quelli da guardare."), silenzio.segnale)


def _senza_ruolo() -> NonAnnullabile:
    return NonAnnullabile(_("Il tuo ruolo su questo intervento è cambiato: ciò che hai fatto resta com'è."))
