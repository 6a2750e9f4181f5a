"""The archive of the reports, the form that asks for one, and the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from rapporti import presentazione, selectors
from rapporti.domanda import codice_letto
from rapporti.filters import RapportoFilter
from rapporti.forms import CAMPI, RapportoForm
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.services import archivio, richieste

PER_PAGINA = 50


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    filtro = RapportoFilter(request.GET, queryset=selectors.archivio())
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters),
        "pagina": pagina,
        "righe": [
            {"rapporto": uno, "nome": presentazione.nome_breve(uno), "posizione": presentazione.posizione(uno)}
            for uno in pagina
        ],
        "sommario": presentazione.sommario(
            Rapporto.objects.pronti().count(), selectors.ultimo_pronto(), selectors.in_preparazione()
        ),
        "puo_chiedere": _puo_chiedere(persona(request)),
    }
    return render(request, "rapporti/elenco.html", contesto)


def _puo_chiedere(chi: Utente) -> bool:
    return consente(Permesso.CHIEDERE_RAPPORTI, chi.ruoli)


@richiede(Permesso.CHIEDERE_RAPPORTI, modulo=RapportoForm)
@require_http_methods(["GET", "POST"])
def nuovo(request: HttpRequest) -> HttpResponse:
    """The address may propose: kind, perimeter with its key, days, the report to compare with."""
    modulo = RapportoForm(request.POST) if request.method == "POST" else RapportoForm(initial=_proposti(request))
    if request.method == "POST" and modulo.is_valid():
        gia = Rapporto.objects.filter(codice=modulo.domanda.codice).exists()
        rapporto = richieste.richiedi(domanda=modulo.domanda, autore=persona(request))
        if gia:
            messages.info(request, _("Questo rapporto esiste già: la stessa domanda dà lo stesso file."))
        return redirect("rapporto", rapporto.codice)
    contesto = {"modulo": modulo, "giorni": selectors.giorni_comodi()}
    return render(request, "rapporti/nuovo.html", contesto)


def _proposti(request: HttpRequest) -> dict[str, Any]:
    nomi = ("tipo", "perimetro", "al", "noto_al", "confronto", "confronto_al")
    proposti: dict[str, Any] = {nome: request.GET[nome] for nome in nomi if request.GET.get(nome)}
    proposti.setdefault("tipo", TipoRapporto.AVANZAMENTO.value)
    proposti.setdefault("perimetro", TipoPerimetro.PROGRAMMA.value)
    proposti.setdefault("al", selectors.giorno_consueto().isoformat())
    if proposti["perimetro"] in CAMPI:
        proposti[proposti["perimetro"]] = request.GET.get("chiave", "")
    return proposti


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def rapporto(request: HttpRequest, codice: str) -> HttpResponse:
    """How far it is; once ready, what it says in short, how to have it, and what tells it from any other."""
    if codice != (giusto := codice_letto(codice)):
        return redirect("rapporto", giusto) if giusto else _inesistente()
    trovato = trova(codice)
    chi = persona(request)
    manca = trovato.pronto and not archivio.intero(trovato)
    contesto = {
        "rapporto": trovato,
        "nome": presentazione.nome_breve(trovato),
        "posizione": presentazione.posizione(trovato),
        "manca_un_file": manca,
        "lavoro": selectors.ultimo_lavoro(trovato) if manca else trovato.lavoro,
        "precedenti": selectors.precedenti(trovato),
        "puo_decidere": richieste.puo_decidere(trovato, chi),
        "di_nuovo": _di_nuovo(trovato) if _puo_chiedere(chi) else "",
    }
    return render(request, "rapporti/rapporto.html", contesto)


def trova(codice: str) -> Rapporto:
    return get_object_or_404(selectors.archivio(), codice=codice)


def _inesistente() -> HttpResponse:
    raise Http404


def _di_nuovo(trovato: Rapporto) -> str:
    """The form that asks the same question, with what is known now."""
    chiesto = {
        "tipo": trovato.tipo,
        "perimetro": trovato.perimetro,
        "chiave": trovato.chiave,
        "al": trovato.al.isoformat(),
        "confronto_al": trovato.confronto_al.isoformat(),
    }
    return reverse("rapporto-nuovo", query=chiesto)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_POST
def annulla(request: HttpRequest, codice: str) -> HttpResponse:
    trovato = trova(codice)
    try:
        lavoro = richieste.annulla(rapporto_id=trovato.pk, autore=persona(request))
    except richieste.RichiestaNonAmmessa as errore:
        messages.error(request, str(errore))
    else:
        fermo = not lavoro.aperto
        testo = _("Preparazione annullata.") if fermo else _("La preparazione si ferma al primo passo utile.")
        messages.success(request, testo)
    return redirect("rapporto", codice)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_POST
def ritenta(request: HttpRequest, codice: str) -> HttpResponse:
    trovato = trova(codice)
    try:
        richieste.ritenta(rapporto_id=trovato.pk, autore=persona(request))
    except richieste.RichiestaNonAmmessa as errore:
        messages.error(request, str(errore))
    return redirect("rapporto", codice)
