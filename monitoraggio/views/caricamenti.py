"""The upload of a document in pieces, as the browser does it; ending and giving up work without scripts as well."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from enti.accesso import persona, problema, richiede, vuole_json
from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio.documenti.tipi import AntivirusAssente
from monitoraggio.forms.documenti import DocumentoForm
from monitoraggio.models import CaricamentoDocumento, Documento
from monitoraggio.presentazione import documenti as riquadro_documenti
from monitoraggio.selectors import documenti as selectors
from monitoraggio.services import accettazione
from monitoraggio.services import caricamenti as servizi
from monitoraggio.services.caricamenti import DocumentoRifiutato, PezzoFuoriPosto
from psttm.chiesto import MASSIMO, intero

# Where the piece starts in the file.
POSTO = "Upload-Offset"
RIPROVA_SECONDI = 20


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def inizia(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a file: what the document is, its name and its size. Answers where it has got to."""
    chi = persona(request)
    intervento = get_object_or_404(selectors.interventi(chi), pk=pk)
    try:
        dichiarato = _dichiarato(request)
    except ValueError as errore:
        return problema(HTTPStatus.BAD_REQUEST, _("Il portale non capisce questa richiesta"), str(errore))
    documento, dati = dichiarato["documento"], None
    if documento is None:
        modulo = DocumentoForm(dichiarato)
        if not modulo.is_valid():
            errori = {campo: " ".join(str(errore) for errore in detti) for campo, detti in modulo.errors.items()}
            return _rifiutato(_("Ci sono cose da correggere."), errori)
        dati = modulo.dati()
    try:
        caricamento = servizi.inizia_caricamento(
            intervento_id=intervento.pk,
            autore=chi,
            nome=dichiarato["nome"],
            dimensione=dichiarato["dimensione"],
            impronta=dichiarato["impronta"],
            dati=dati,
            documento_id=documento,
        )
    except DocumentoRifiutato as rifiuto:
        return _rifiutato(str(rifiuto), {rifiuto.campo: str(rifiuto)} if rifiuto.campo else {})
    except Documento.DoesNotExist as errore:
        raise Http404 from errore
    return JsonResponse(riquadro_documenti.stato(caricamento), status=HTTPStatus.CREATED)


def _dichiarato(request: HttpRequest) -> dict[str, Any]:
    """The body of the declaration. Raises ValueError when it has not its shape."""
    try:
        corpo = orjson.loads(request.body)
    except ValueError:
        corpo = None
    if not isinstance(corpo, dict):
        raise ValueError(_("Serve un oggetto JSON con nome e dimensione del file."))
    documento, dimensione = corpo.get("documento"), corpo.get("dimensione")
    if not _numero(dimensione) or not isinstance(corpo.get("nome"), str):
        raise ValueError(_("Servono nome e dimensione del file."))
    if documento is not None and not _numero(documento):
        raise ValueError(_("Il documento è il suo numero."))
    impronta = "".join(lettera for lettera in str(corpo.get("impronta") or "") if lettera.isprintable())
    return {**corpo, "documento": documento, "impronta": impronta[:100]}


def _numero(valore: object) -> bool:
    """Whether it is a whole number that a size or a key can be."""
    return isinstance(valore, int) and not isinstance(valore, bool) and 0 <= valore <= MASSIMO


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_http_methods(["GET", "POST"])
def caricamento(request: HttpRequest, chiave: uuid.UUID) -> HttpResponse:
    """Where an upload has got to, or one more piece of it: its bytes are the body, its place in a header."""
    chi = persona(request)
    trovato = _trova(chi, chiave)
    if request.method == "GET":
        return JsonResponse(riquadro_documenti.stato(trovato))
    posto = intero(request.headers.get(POSTO, ""))
    if posto is None:
        return problema(
            HTTPStatus.BAD_REQUEST,
            _("Manca il posto del pezzo"),
            _("L'intestazione %(nome)s dice da quale byte comincia.") % {"nome": POSTO},
        )
    try:
        trovato = servizi.aggiungi_pezzo(chiave=chiave, autore=chi, inizio=posto, pezzo=request.body)
    except PezzoFuoriPosto as errore:
        return _fuori_posto(errore)
    except DocumentoRifiutato as rifiuto:
        return _rifiutato(str(rifiuto))
    return JsonResponse({"ricevuti": trovato.ricevuti, "dimensione": trovato.dimensione})


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def concludi(request: HttpRequest, chiave: uuid.UUID) -> HttpResponse:
    """Check the file and take it in: the receipt for scripts, the page of the document for people."""
    chi = persona(request)
    trovato = _trova(chi, chiave)
    in_json = vuole_json(request)
    try:
        versione = accettazione.concludi(chiave=chiave, autore=chi, sha256=request.POST.get("sha256", ""))
    except PezzoFuoriPosto as errore:
        if in_json:
            return _fuori_posto(errore)
        messages.error(request, _("Il file non è arrivato tutto: sceglilo di nuovo, riprende da dove era."))
    except DocumentoRifiutato as rifiuto:
        if in_json:
            return _rifiutato(str(rifiuto))
        messages.error(request, str(rifiuto))
    except AntivirusAssente as errore:
        if in_json:
            risposta = problema(HTTPStatus.SERVICE_UNAVAILABLE, _("Antivirus non disponibile"), str(errore))
            risposta["Retry-After"] = str(RIPROVA_SECONDI)
            return risposta
        messages.error(request, str(errore))
    else:
        if in_json:
            return JsonResponse(riquadro_documenti.ricevuta(versione))
        return redirect("documento", versione.documento_id)
    return redirect(riquadro_documenti.pagina(trovato.intervento_id, trovato.documento))


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def annulla(request: HttpRequest, chiave: uuid.UUID) -> HttpResponse:
    chi = persona(request)
    trovato = _trova(chi, chiave)
    in_json = vuole_json(request)
    try:
        servizi.annulla_caricamento(chiave=chiave, autore=chi)
    except DocumentoRifiutato as rifiuto:
        if in_json:
            return _rifiutato(str(rifiuto))
        messages.error(request, str(rifiuto))
    else:
        if in_json:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        messages.info(request, _("Il caricamento di «%(nome)s» è stato lasciato perdere.") % {"nome": trovato.nome})
    return redirect(riquadro_documenti.pagina(trovato.intervento_id, trovato.documento))


def _trova(chi: Utente, chiave: uuid.UUID) -> CaricamentoDocumento:
    try:
        return selectors.caricamento(chi, chiave)
    except CaricamentoDocumento.DoesNotExist as errore:
        raise Http404 from errore


def _rifiutato(dettaglio: str, campi: dict[str, str] | None = None) -> JsonResponse:
    stato = HTTPStatus.UNPROCESSABLE_ENTITY
    corpo = {
        "type": "about:blank",
        "title": _("Documento non accettato"),
        "status": stato.value,
        "detail": dettaglio,
        "errori": campi or {},
    }
    return JsonResponse(corpo, status=stato, content_type="application/problem+json")


def _fuori_posto(errore: PezzoFuoriPosto) -> JsonResponse:
    stato = HTTPStatus.CONFLICT
    corpo = {
        "type": "about:blank",
        "title": _("Il pezzo è fuori posto"),
        "status": stato.value,
        "detail": str(errore),
        "ricevuti": errore.ricevuti,
    }
    return JsonResponse(corpo, status=stato, content_type="application/problem+json")
