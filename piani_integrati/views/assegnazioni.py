"""Assigning interventi to piani, Driver and STTM: many chosen from the list, or those of a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from interventi.elenco import scelti
from interventi.importazione.tipi import FileNonLeggibile
from piani_integrati import selectors, services
from piani_integrati.forms import AssegnazioneForm, FileForm, FileProvatoForm
from piani_integrati.services import ripensamenti
from registro.models import Evento
from registro.ripensamenti import offri


@richiede(Permesso.GESTIRE_PIANI, modulo=AssegnazioneForm)
@require_http_methods(["GET", "POST"])
def assegna(request: HttpRequest) -> HttpResponse:
    """First what was chosen and what to do with it, then, with `conferma`, the doing; the receipt has its address."""
    if request.method == "GET":
        return render(request, "piani_integrati/assegna.html", {"ricevuta": _ricevuta(request)})
    interventi = scelti(request.POST, persona(request))
    quanti = interventi.count()
    conferma = "conferma" in request.POST
    modulo = AssegnazioneForm(request.POST if conferma else None)
    cambiati = conferma and request.POST.get("quanti") != str(quanti)
    if conferma and quanti and not cambiati and modulo.is_valid():
        risposta = _fai(request, interventi, modulo)
        if risposta is not None:
            return risposta
    contesto = {
        "modulo": modulo,
        "scelta": selectors.scelta(interventi) if quanti else None,
        "quanti": quanti,
        "cambiati": cambiati,
        "tutti": request.POST.get("tutti", ""),
        "filtri": request.POST.get("filtri", ""),
        "chiavi": [] if request.POST.get("tutti") else list(interventi.order_by("pk").values_list("pk", flat=True)),
        "senza_scelta": not quanti,
    }
    return render(request, "piani_integrati/assegna.html", contesto)


def _fai(request: HttpRequest, interventi: Any, modulo: AssegnazioneForm) -> HttpResponse | None:
    """Do it and show the receipt; None, with the reason in the form, where it cannot be done."""
    dati = modulo.cleaned_data
    try:
        evento = services.in_blocco(
            interventi_ids=list(interventi.values_list("pk", flat=True)),
            piano=dati["piano"],
            togli_dal_piano=dati["togli"],
            driver=list(dati["driver"]),
            strategie=list(dati["strategie"]),
            motivo=dati["motivo"],
            attuatore=dati["attuatore"],
            autore=persona(request),
        )
    except (services.PianoChiuso, services.AssegnazioneRifiutata) as rifiuto:
        modulo.add_error(None, str(rifiuto))
        return None
    _offri(request, evento)
    return redirect(reverse("piani-assegna", query={"ricevuta": evento.pk}))


def _offri(request: HttpRequest, evento: Evento) -> None:
    """The way back from an assignment: by the action that its rows were written in."""
    testo = _("Assegnazione registrata con il n. %(numero)s: se è uno sbaglio, puoi tornare indietro.")
    offri(request, testo % {"numero": evento.pk}, ripensamenti.IN_BLOCCO, {"azione": evento.azione})


def _ricevuta(request: HttpRequest) -> Evento | None:
    """The receipt that the address asks for. Raises Http404 when there is no such receipt."""
    chiesta = request.GET.get("ricevuta")
    if chiesta is None:
        return None
    trovata = services.ricevuta(int(chiesta)) if chiesta.isdecimal() and len(chiesta) < 19 else None
    if trovata is None:
        raise Http404
    return trovata


@richiede(Permesso.GESTIRE_PIANI, modulo=FileForm)
@require_http_methods(["GET", "POST"])
def assegna_file(request: HttpRequest) -> HttpResponse:
    """A file is tried, then written; what was tried is written without choosing the file again."""
    if request.method == "GET":
        ricevuta = _ricevuta(request)
        contesto = {"modulo": FileForm(), "ricevuta": ricevuta, **_rilievi(ricevuta)}
        return render(request, "piani_integrati/assegna_file.html", contesto)
    if "conservato" in request.POST:
        provato = FileProvatoForm(request.POST)
        if provato.is_valid():
            nome, contenuto = provato.cleaned_data["conservato"]
            return _da_file(request, FileForm(), nome, contenuto, prova=False)
        modulo = FileForm({})
        modulo.errors["file"] = provato.errors["conservato"]
        return render(request, "piani_integrati/assegna_file.html", {"modulo": modulo})
    modulo = FileForm(request.POST, request.FILES)
    if not modulo.is_valid():
        return render(request, "piani_integrati/assegna_file.html", {"modulo": modulo})
    caricato = modulo.cleaned_data["file"]
    return _da_file(request, modulo, caricato.name, caricato.read(), prova=modulo.cleaned_data["prova"])


def _da_file(request: HttpRequest, modulo: FileForm, nome: str, contenuto: bytes, *, prova: bool) -> HttpResponse:
    contesto: dict[str, Any] = {"modulo": modulo}
    try:
        esito = services.assegna_da_file(nome=nome, contenuto=contenuto, autore=persona(request), prova=prova)
    except FileNonLeggibile as errore:
        modulo.add_error("file", str(errore))
        return render(request, "piani_integrati/assegna_file.html", contesto)
    if esito.evento is not None:
        _offri(request, esito.evento)
        return redirect(reverse("piani-assegna-file", query={"ricevuta": esito.evento.pk}))
    if not prova:
        messages.info(request, _("Era già tutto così: non è cambiato nulla."))
    contesto |= {
        "esito": esito,
        "frasi": services.frasi(esito),
        "rifiutate": esito.rifiutate,
        "dubbie": esito.dubbie,
    }
    if prova and esito.cambiati:
        contesto["conservato"] = FileProvatoForm.sigilla(nome, contenuto)
    return render(request, "piani_integrati/assegna_file.html", contesto)


def _rilievi(ricevuta: Evento | None) -> dict[str, Any]:
    """The rows with a remark that a receipt keeps."""
    dati = (ricevuta.dopo if ricevuta is not None else None) or {}
    return {nome: [services.Rilievo(*riga) for riga in dati.get(nome, [])] for nome in ("rifiutate", "dubbie")}
