"""The proposal of a piano, its passages from a state to another, and the list of its financed CUPs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from piani_integrati import completezza, selectors, services
from piani_integrati.elenco_cup import csv_a_pezzi
from piani_integrati.flusso import TRANSIZIONI, StatoPiano, TransizioneNonPermessa, possibili
from piani_integrati.forms import PassaggioForm, PropostaForm
from piani_integrati.models import PianoIntegrato, TipoPiano
from registro.tabella_csv import scaricata


@richiede(Permesso.GESTIRE_PIANI, modulo=PropostaForm)
@require_http_methods(["GET", "POST"])
def proposta(request: HttpRequest, slug: str) -> HttpResponse:
    trovato = get_object_or_404(PianoIntegrato.objects.select_related("proponente"), slug=slug)
    modulo = PropostaForm(request.POST or None, instance=trovato)
    if request.method == "POST" and modulo.is_valid():
        try:
            services.salva_proposta(piano_id=trovato.pk, dati=modulo.dati(), autore=persona(request))
        except TransizioneNonPermessa as rifiuto:
            messages.error(request, str(rifiuto))
            return redirect("piano-integrato", slug=slug)
        if "presenta" in request.POST:
            return redirect("piano-integrato-passaggio", slug=slug, passaggio="presenta")
        messages.success(request, _("Bozza della proposta salvata."))
        return redirect("piano-integrato-proposta", slug=slug)
    contesto = {
        "piano": trovato,
        "modulo": modulo,
        "mancanze": completezza.valuta(trovato),
        "in_bozza": trovato.stato == StatoPiano.BOZZA,
        "e_un_pui": trovato.tipo == TipoPiano.PUI,
        "puo_modificare_interventi": consente(Permesso.MODIFICARE_INTERVENTI, persona(request).ruoli),
    }
    return render(request, "piani_integrati/proposta.html", contesto)


@richiede(Permesso.GESTIRE_PIANI, modulo=PassaggioForm)
@require_http_methods(["GET", "POST"])
def passaggio(request: HttpRequest, slug: str, passaggio: str) -> HttpResponse:
    trovato = get_object_or_404(PianoIntegrato, slug=slug)
    if passaggio not in TRANSIZIONI:
        raise Http404
    modulo = PassaggioForm(request.POST or None)
    if request.method == "POST" and modulo.is_valid():
        try:
            services.passa(piano_id=trovato.pk, passaggio=passaggio, autore=persona(request), **modulo.dati())
        except services.PropostaIncompleta as rifiuto:
            messages.error(request, str(rifiuto))
            return redirect("piano-integrato-proposta", slug=slug)
        except TransizioneNonPermessa as rifiuto:
            messages.error(request, str(rifiuto))
            return redirect("piano-integrato", slug=slug)
        except services.AttoRifiutato as rifiuto:
            modulo.add_error("data_atto", str(rifiuto))
        else:
            messages.success(request, _("Registrato: il piano ora è «%(stato)s».") % {"stato": _stato(passaggio)})
            return redirect("piano-integrato", slug=slug)
    contesto = {
        "piano": trovato,
        "modulo": modulo,
        "transizione": TRANSIZIONI[passaggio],
        "permessa": passaggio in possibili(trovato.stato),
        "possibili": possibili(trovato.stato),
        "mancanze": completezza.valuta(trovato) if passaggio == "presenta" else None,
    }
    return render(request, "piani_integrati/passaggio.html", contesto)


def _stato(passaggio: str) -> str:
    return str(TRANSIZIONI[passaggio].a.label)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def cup(request: HttpRequest, slug: str) -> HttpResponse:
    trovato = get_object_or_404(PianoIntegrato.objects.select_related("misura", "proponente"), slug=slug)
    contesto = {"piano": trovato, "elenco": selectors.elenco_cup(trovato)}
    return render(request, "piani_integrati/cup.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def cup_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    trovato = get_object_or_404(PianoIntegrato.objects.select_related("misura"), slug=slug)
    return scaricata(csv_a_pezzi(trovato, selectors.elenco_cup(trovato)), f"cup-finanziati-{trovato.slug}.csv")
