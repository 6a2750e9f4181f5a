"""The list of the piani, the page of each, and the form of its data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti import mappa
from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from piani_integrati import selectors, selectors_matrice, services
from piani_integrati.flusso import CHIUSI, StatoPiano, possibili
from piani_integrati.forms import PianoForm
from piani_integrati.models import PianoIntegrato, TipoPiano
from registro.estensioni import sezioni
from registro.models import Fonte

FONTE_PORTALE = "portale"


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    puo_gestire = consente(Permesso.GESTIRE_PIANI, chi.ruoli)
    piani = selectors.elenco()
    contesto = {
        "elenco": piani,
        "conti": selectors.conti_per_tipo(piani),
        "tipo_pui": TipoPiano.PUI,
        "puo_gestire": puo_gestire,
        "senza_piano": selectors.senza_piano(chi).count() if puo_gestire else 0,
    }
    return render(request, "piani_integrati/piani.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def piano(request: HttpRequest, slug: str) -> HttpResponse:
    chi = persona(request)
    trovato = get_object_or_404(selectors_matrice.con_esiti_attuali(selectors.piano_completo()), slug=slug)
    per_comune = selectors.quanti_per_comune(trovato)
    totali = selectors.totali_del(trovato, per_comune)
    puo_gestire = consente(Permesso.GESTIRE_PIANI, chi.ruoli)
    contesto = {
        "piano": trovato,
        "totali": totali,
        "fonti": selectors.fonti_di_finanziamento(trovato, totali),
        "mappa": selectors.mappa(per_comune) if per_comune else None,
        "viewbox": mappa.VIEWBOX,
        "contorni": mappa.contorni_zone(),
        "tabella": selectors.tabella(trovato, totali.quanti, chi),
        "dichiarati": selectors.dichiarati(trovato),
        "regole": selectors_matrice.sezione(trovato),
        "passaggi_possibili": possibili(trovato.stato) if puo_gestire else {},
        "in_bozza": trovato.stato == StatoPiano.BOZZA,
        "chiuso": trovato.stato in CHIUSI,
        "puo_gestire": puo_gestire,
        "sezioni": sezioni("piano", trovato, chi),
    }
    return render(request, "piani_integrati/piano.html", contesto)


@richiede(Permesso.GESTIRE_PIANI, modulo=PianoForm)
@require_http_methods(["GET", "POST"])
def nuovo(request: HttpRequest) -> HttpResponse:
    iniziale = {"fonte": Fonte.objects.filter(codice=FONTE_PORTALE).first()}
    modulo = PianoForm(request.POST or None, initial=iniziale)
    if request.method == "POST" and modulo.is_valid():
        creato = services.crea(dati=modulo.dati(), autore=persona(request))
        messages.success(request, _("Piano %(codice)s creato, in bozza.") % {"codice": creato.codice})
        return redirect("piano-integrato", slug=creato.slug)
    return render(request, "piani_integrati/piano_modulo.html", {"modulo": modulo})


@richiede(Permesso.GESTIRE_PIANI, modulo=PianoForm)
@require_http_methods(["GET", "POST"])
def modifica(request: HttpRequest, slug: str) -> HttpResponse:
    trovato = get_object_or_404(PianoIntegrato, slug=slug)
    modulo = PianoForm(request.POST or None, instance=trovato, initial=_iniziale(trovato))
    if request.method == "POST" and modulo.is_valid():
        try:
            services.correggi(piano_id=trovato.pk, dati=modulo.dati(), autore=persona(request))
        except services.PianoChiuso as rifiuto:
            messages.error(request, str(rifiuto))
        else:
            messages.success(request, _("Piano %(codice)s salvato.") % {"codice": modulo.cleaned_data["codice"]})
        return redirect("piano-integrato", slug=slug)
    return render(request, "piani_integrati/piano_modulo.html", {"modulo": modulo, "piano": trovato})


def _iniziale(piano: PianoIntegrato) -> dict[str, Any]:
    return model_to_dict(piano, fields=PianoForm.Meta.fields)
