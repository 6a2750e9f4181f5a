"""The pages of the open data, their files and their catalogue: for everybody, without signing in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rdflib import Graph

from enti.accesso import problema, richiede, vuole_json
from enti.permessi import Permesso
from interoperabilita.dataset import catalogo as dcat
from interoperabilita.dataset import titolare
from interoperabilita.dataset.tipi import dizionario
from interoperabilita.formati.scarico import PEZZO, Scarico
from interoperabilita.models import FileDataset
from interoperabilita.posti import APERTI, PostiOccupati
from interoperabilita.selectors import open_data as selectors
from registro.azione import azione_corrente

CATALOGHI: dict[str, tuple[str, Callable[[Graph], bytes]]] = {
    "jsonld": ("application/ld+json", dcat.in_jsonld),
    "ttl": ("text/turtle; charset=utf-8", dcat.in_turtle),
}
TIPI = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


@richiede(Permesso.PUBBLICO)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    pubblicati = selectors.tutti()
    fatti = [uno.fatto for uno in pubblicati if uno.fatto is not None]
    contesto = {
        "pubblicati": pubblicati,
        "controllato_il": max((fatto.controllato_il for fatto in fatti), default=None),
        "con_dimostrazione": any(fatto.dimostrative for fatto in fatti),
        "titolare": titolare,
    }
    return render(request, "interoperabilita/open_data/elenco.html", contesto)


@richiede(Permesso.PUBBLICO)
@require_safe
def dataset(request: HttpRequest, codice: str) -> HttpResponse:
    uno = selectors.uno(codice)
    if uno is None:
        raise Http404
    intestazione, righe = selectors.anteprima(uno)
    contesto = {
        "uno": uno,
        "dizionario": dizionario(uno.dataset),
        "intestazione": intestazione,
        "righe": righe,
        "api": titolare.assoluto(f"/api/v1/{uno.dataset.api}"),
        "titolare": titolare,
    }
    return render(request, "interoperabilita/open_data/dataset.html", contesto)


@richiede(Permesso.PUBBLICO)
@require_safe
def scarica(request: HttpRequest, codice: str, formato: str) -> HttpResponseBase:
    """The file as it is in the store: its ETag is the SHA-256 that the catalogue states."""
    file = selectors.file_di(codice, formato)
    if file is None:
        raise Http404
    etag, modificato = f'"{file.sha256}"', int(file.dataset.aggiornato_il.timestamp())
    gia_avuto = get_conditional_response(request, etag=etag, last_modified=modificato)
    try:
        risposta: HttpResponseBase = gia_avuto or _intero(file, f"{codice}.{formato}")
    except FileNotFoundError as errore:
        raise Http404 from errore
    except PostiOccupati as occupati:
        return _occupato(request, occupati.fra)
    risposta.headers["Last-Modified"] = http_date(modificato)
    return _da_riusare(risposta, etag)


def _intero(file: FileDataset, nome: str) -> StreamingHttpResponse:
    """Raises FileNotFoundError and PostiOccupati."""
    with APERTI.uno() as posto, file.deposito.open("rb") as deposito:
        scarico = Scarico(iter(partial(deposito.read, PEZZO), b""), posto)
        intestazioni = {
            "Content-Length": str(scarico.lungo),
            "Content-Disposition": f'attachment; filename="{nome}"',
        }
        return StreamingHttpResponse(scarico, content_type=TIPI[file.formato], headers=intestazioni)


@richiede(Permesso.PUBBLICO)
@require_safe
def catalogo(request: HttpRequest, formato: str) -> HttpResponseBase:
    """The catalogue of the data sets as they are now, in DCAT-AP_IT."""
    pubblicati = selectors.tutti()
    if all(uno.fatto is None for uno in pubblicati):
        raise Http404
    tipo, scrivi = CATALOGHI[formato]
    corpo = scrivi(dcat.grafo(pubblicati))
    etag = f'"{hashlib.sha256(corpo).hexdigest()}"'
    risposta = get_conditional_response(request, etag=etag) or HttpResponse(corpo, content_type=tipo)
    return _da_riusare(risposta, etag)


def _da_riusare(risposta: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Anybody may keep it, and pages of other sites may read it, after asking whether it is still the same."""
    risposta.headers["ETag"] = etag
    risposta.headers["Cache-Control"] = "no-cache"
    risposta.headers["Access-Control-Allow-Origin"] = "*"
    return risposta


def _occupato(request: HttpRequest, fra: int) -> HttpResponse:
    titolo = _("Troppi scarichi insieme")
    spiegazione = _("In questo momento altri stanno scaricando: il portale ne serve pochi alla volta.")
    rimedio = _("Riprova fra %(fra)s secondi.") % {"fra": fra}
    stato = HTTPStatus.SERVICE_UNAVAILABLE
    if vuole_json(request):
        risposta: HttpResponse = problema(stato, titolo, f"{spiegazione} {rimedio}")
    else:
        contesto = {
            "stato": stato.value,
            "titolo": titolo,
            "spiegazione": spiegazione,
            "rimedio": rimedio,
            "numero": azione_corrente(),
        }
        risposta = render(request, "errori/errore.html", contesto, status=stato)
    risposta["Retry-After"] = str(fra)
    return risposta
