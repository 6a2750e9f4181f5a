"""The workbook of the month: download it, hand it back, see what it would change, have it written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.base import File
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from monitoraggio.foglio.lettura import massimo_byte
from monitoraggio.foglio.tipi import FoglioRifiutato
from monitoraggio.forms.foglio import CaricamentoForm, SceltaForm
from monitoraggio.models import FoglioCaricato
from monitoraggio.presentazione import foglio as quadro_foglio
from monitoraggio.selectors import foglio as selectors
from monitoraggio.services import foglio as servizi
from registro.models import Lavoro

PER_PAGINA = 20
ULTIMI = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@richiede(Permesso.COMPILARE_AVANZAMENTI, modulo=CaricamentoForm)
@require_http_methods(["GET", "POST"])
def foglio(request: HttpRequest) -> HttpResponse:
    """Two forms, one under the other: the choice of what to download is in the address, the file comes by POST."""
    chi = persona(request)
    scelta_form = SceltaForm(request.GET if "mese" in request.GET else None, utente=chi)
    scelta = scelta_form.scelta()
    if request.method == "POST":
        modulo = CaricamentoForm(request.POST, request.FILES)
        if modulo.is_valid():
            file: File[bytes] = modulo.cleaned_data["file"]
            try:
                creato = servizi.carica(nome=file.name or "", file=file, mese=modulo.cleaned_data["mese"], autore=chi)
            except FoglioRifiutato as rifiuto:
                modulo.add_error("file", str(rifiuto))
            else:
                return redirect("foglio-esito", creato.pk)
    else:
        modulo = CaricamentoForm(initial={"mese": scelta.mese.isoformat()})
    if not scelta_form.is_bound:
        scelta_form = SceltaForm(initial={"mese": scelta.mese.isoformat()}, utente=chi)
    aperti, chiusi = selectors.conti(chi, scelta)
    contesto = {
        "scelta_form": scelta_form,
        "scelta": scelta,
        "modulo": modulo,
        "massimo_byte": massimo_byte(),
        "aperti": aperti,
        "chiusi": chiusi,
        "troppi": aperti > settings.FOGLIO_INTERVENTI,
        "massimo": settings.FOGLIO_INTERVENTI,
        "giorni": settings.FOGLIO_GIORNI,
        "fogli": [quadro_foglio.voce(caricato) for caricato in selectors.miei(chi)[:ULTIMI]],
    }
    return render(request, "monitoraggio/foglio/foglio.html", contesto)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_safe
def scarica(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    scelta_form = SceltaForm(request.GET, utente=chi)
    if not scelta_form.is_valid():
        messages.error(request, _("Scegli dall'elenco il mese del foglio da scaricare."))
        return redirect("foglio")
    scelta = scelta_form.scelta()
    try:
        byte = servizi.prepara(scelta=scelta, autore=chi)
    except FoglioRifiutato as rifiuto:
        messages.error(request, str(rifiuto))
        return redirect("foglio")
    return _xlsx(HttpResponse(byte), f"avanzamenti-{scelta.mese:%Y-%m}.xlsx")


def _xlsx(risposta: Any, nome: str) -> Any:
    risposta["Content-Type"] = XLSX
    risposta["Content-Disposition"] = f'attachment; filename="{nome}"'
    risposta["X-Content-Type-Options"] = "nosniff"
    return risposta


def _trova(request: HttpRequest, pk: int) -> FoglioCaricato:
    return get_object_or_404(selectors.miei(persona(request)), pk=pk)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_safe
def esito(request: HttpRequest, pk: int) -> HttpResponse:
    trovato = _trova(request, pk)
    pagina = Paginator(selectors.per_intervento(trovato), PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        "foglio": trovato,
        "posizione": quadro_foglio.posizione(trovato),
        "conti": quadro_foglio.conti(trovato),
        "note": quadro_foglio.note(trovato),
        "pagina": pagina,
        "interventi": [quadro_foglio.intervento(riga) for riga in pagina],
    }
    return render(request, "monitoraggio/foglio/esito.html", contesto)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_safe
def stato(request: HttpRequest, pk: int) -> JsonResponse:
    """How far the job of a workbook is: the page of the jobs is for the staff, this is for who handed it in."""
    lavoro = _trova(request, pk).lavoro or Lavoro()
    return JsonResponse(
        {
            "stato": lavoro.stato,
            "parola": lavoro.get_stato_display(),
            "aperto": bool(lavoro.pk) and lavoro.aperto,
            "fatti": lavoro.fatti,
            "totale": lavoro.totale,
            "frase": lavoro.frase,
        }
    )


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_safe
def restituito(request: HttpRequest, pk: int) -> FileResponse:
    """The same workbook, with the marks of what was refused."""
    trovato = _trova(request, pk)
    if not trovato.restituito:
        raise Http404
    return _xlsx(FileResponse(trovato.restituito.open("rb")), f"avanzamenti-{trovato.mese:%Y-%m}-esiti.xlsx")


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def applica(request: HttpRequest, pk: int) -> HttpResponse:
    return _fai(request, pk, servizi.conferma)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def scarta(request: HttpRequest, pk: int) -> HttpResponse:
    return _fai(request, pk, servizi.scarta)


@richiede(Permesso.COMPILARE_AVANZAMENTI)
@require_POST
def riprova(request: HttpRequest, pk: int) -> HttpResponse:
    return _fai(request, pk, servizi.riprova)


def _fai(request: HttpRequest, pk: int, servizio: Callable[..., Any]) -> HttpResponse:
    """Ask for it, and show on the page of the workbook how it went."""
    try:
        servizio(foglio_id=pk, autore=persona(request))
    except FoglioCaricato.DoesNotExist:
        raise Http404 from None
    except FoglioRifiutato as rifiuto:
        messages.error(request, str(rifiuto))
    return redirect("foglio-esito", pk)
