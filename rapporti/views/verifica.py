"""The page where anybody finds out whether a report is ours and as we made it, without an account."""

from __future__ import annotations

from typing import Any

from allauth.core.internal import ratelimit
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from enti.accesso import richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from rapporti.forms_verifica import VerificaCodiceForm, VerificaFileForm
from rapporti.services import verifica as servizi
from rapporti.services.verifica import MASSIMO_BYTE, Esito, Lettura, Verifica

LIMITI = {"verifica": "30/m/ip"}
ATTESA_SECONDI = 60
# What the form adds around the file.
INVOLUCRO = 100_000
STATI = {Esito.TROPPO_GRANDE: 413, Esito.ILLEGGIBILE: 400}


class FileLetto(UploadedFile):
    """A file that was read while it arrived, of which only what was read is left."""

    def __init__(self, nome: str, lettura: Lettura) -> None:
        super().__init__(file=None, name=nome, size=lettura.byte)
        self.lettura = lettura


class LettoreDiFile(FileUploadHandler):
    """Reads the files of a request piece by piece, and keeps none, in memory or on disk."""

    lettura: Lettura

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.lettura = Lettura()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.lettura.aggiungi(raw_data)

    def file_complete(self, file_size: int) -> FileLetto:
        return FileLetto(self.file_name or "", self.lettura)


# Nothing is written, so there is nothing to forge; and the check would read the whole file before us.
@csrf_exempt
@richiede(Permesso.PUBBLICO)
@require_http_methods(["GET", "HEAD", "POST"])
def verifica(request: HttpRequest) -> HttpResponse:
    """A file comes by POST; a code is in the address, which the PDF itself links to."""
    codice = request.GET.get("codice", "")
    if request.method != "POST" and not codice:
        return _pagina(request)
    if not ratelimit.consume(request, app="rapporti", action="verifica", config=LIMITI, limit_get=True):
        risposta = _pagina(request, codice=codice, troppe=True, status=429)
        risposta["Retry-After"] = str(ATTESA_SECONDI)
        return risposta
    if request.method != "POST":
        return _pagina(request, servizi.del_codice(codice), codice=codice)
    esito, nome = _del_file(request)
    return _pagina(request, esito, nome=nome, status=STATI.get(esito.esito, 200))


def _del_file(request: HttpRequest) -> tuple[Verifica, str]:
    """The outcome and the name of the file that comes with the request."""
    annunciati = str(request.META.get("CONTENT_LENGTH") or "0")
    if annunciati.isdecimal() and (len(annunciati) > 18 or int(annunciati) > MASSIMO_BYTE + INVOLUCRO):
        return Verifica(Esito.TROPPO_GRANDE), ""
    request.upload_handlers = [LettoreDiFile(request)]
    try:
        caricato = request.FILES.get("file")
    except MultiPartParserError:
        return Verifica(Esito.ILLEGGIBILE), ""
    if not isinstance(caricato, FileLetto):
        return Verifica(Esito.MANCANTE), ""
    return servizi.del_file(caricato.lettura), caricato.name or ""


def _pagina(request: HttpRequest, trovato: Verifica | None = None, *, status: int = 200, **altro: Any) -> HttpResponse:
    legge = isinstance(request.user, Utente) and consente(Permesso.LEGGERE_RAPPORTI, request.user.ruoli)
    contesto = {
        "verifica": trovato,
        "titolo": _titolo(trovato),
        "legge_rapporti": legge,
        "modulo_file": VerificaFileForm(),
        "modulo_codice": VerificaCodiceForm(initial={"codice": altro.get("codice", "")}),
        **altro,
    }
    return render(request, "rapporti/verifica/verifica.html", contesto, status=status)


def _titolo(trovato: Verifica | None) -> str:
    """Of the browser's window: who listens to it hears the outcome first."""
    if trovato is None:
        return _("Verifica un rapporto")
    if trovato.esito == Esito.INTATTO:
        return _("È nostro e non è stato modificato")
    if trovato.esito == Esito.MODIFICATO:
        return _("È un nostro rapporto, ma il file è stato modificato")
    return _("Esito della verifica")
