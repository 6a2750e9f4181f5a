"""The files of a report, as they are in the archive."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enti.accesso import richiede
from enti.permessi import Permesso
from rapporti.models import Rapporto
from rapporti.services import archivio
from rapporti.services.archivio import Quale
from rapporti.views.rapporti import trova

TIPI = {
    Quale.PDF: "application/pdf",
    Quale.DATI: "application/json",
    Quale.FOGLIO: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def pdf(request: HttpRequest, codice: str) -> HttpResponseBase:
    """Shown by the browser; saved under its name."""
    return _file(request, codice, Quale.PDF)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def foglio(request: HttpRequest, codice: str) -> HttpResponseBase:
    return _file(request, codice, Quale.FOGLIO)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def dati(request: HttpRequest, codice: str) -> HttpResponseBase:
    return _file(request, codice, Quale.DATI)


def _file(request: HttpRequest, codice: str, quale: Quale) -> HttpResponseBase:
    rapporto = trova(codice)
    if not rapporto.pronto:
        messages.error(request, _("Il rapporto non è ancora pronto: il file si scarica quando lo è."))
        return redirect("rapporto", codice)
    etag = f'"{_impronta(rapporto, quale)}"'
    gia_avuto = get_conditional_response(request, etag=etag)
    try:
        risposta: HttpResponseBase = gia_avuto or _intero(rapporto, quale)
    except archivio.FileMancante as errore:
        messages.error(request, str(errore))
        return redirect("rapporto", codice)
    risposta.headers["ETag"] = etag
    # Kept by the reader's own browser only, which asks each time whether she may still have it.
    risposta.headers["Cache-Control"] = "private, no-cache"
    risposta.headers["X-Content-Type-Options"] = "nosniff"
    return risposta


def _impronta(rapporto: Rapporto, quale: Quale) -> str:
    """What tells the file from any other: its SHA-256; of the XLSX, that of the PDF it is the twin of."""
    return {
        Quale.PDF: rapporto.impronta,
        Quale.DATI: rapporto.impronta_dati,
        Quale.FOGLIO: f"{rapporto.impronta}-xlsx",
    }[quale]


def _intero(rapporto: Rapporto, quale: Quale) -> FileResponse:
    """Raises FileMancante."""
    nome = PurePath(rapporto.nome_file).with_suffix(f".{quale.value}").name
    return FileResponse(
        archivio.apri(rapporto, quale), as_attachment=quale != Quale.PDF, filename=nome, content_type=TIPI[quale]
    )
