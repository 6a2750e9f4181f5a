"""The waivers: all those of a piano, a new one, one that holds no more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from piani_integrati import deroghe, services
from piani_integrati.forms_deroghe import DerogaForm, RitiroForm
from piani_integrati.models import Deroga, PianoIntegrato
from piani_integrati.regole import PER_CODICE, Contesto
from piani_integrati.services import ripensamenti
from psttm import formati
from registro.ripensamenti import offri


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def elenco(request: HttpRequest, slug: str) -> HttpResponse:
    chi = persona(request)
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    contesto = {
        "piano": piano,
        "elenco": deroghe.elenco(piano, Contesto.al_giorno(timezone.localdate()), chi),
        "puo_gestire": consente(Permesso.GESTIRE_PIANI, chi.ruoli),
    }
    return render(request, "piani_integrati/deroghe/elenco.html", contesto)


@richiede(Permesso.GESTIRE_PIANI, modulo=DerogaForm)
@require_http_methods(["GET", "POST"])
def nuova(request: HttpRequest, slug: str) -> HttpResponse:
    """The address may say the rule and the intervento: they are proposed in the form."""
    piano = get_object_or_404(PianoIntegrato, slug=slug)
    proposti = {campo: request.GET.get(campo, "") for campo in ("regola", "intervento")}
    modulo = DerogaForm(request.POST or None, piano=piano, initial=proposti)
    if request.method == "POST" and modulo.is_valid():
        try:
            deroga = services.registra_deroga(piano_id=piano.pk, autore=persona(request), **modulo.dati())
        except services.DerogaRifiutata as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            testo = _("Deroga n. %(numero)s registrata il %(quando)s. Sta accanto all'esito, che resta quello che è.")
            valori = {"numero": deroga.pk, "quando": formati.data_ora(deroga.quando)}
            offri(request, testo % valori, ripensamenti.DEROGA, {"deroga": deroga.pk})
            return redirect("piano-integrato-regola", piano.slug, deroga.regola)
    return render(request, "piani_integrati/deroghe/nuova.html", {"piano": piano, "modulo": modulo})


@richiede(Permesso.GESTIRE_PIANI, modulo=RitiroForm)
@require_http_methods(["GET", "POST"])
def ritira(request: HttpRequest, pk: int) -> HttpResponse:
    cercate = Deroga.objects.select_related("piano", "intervento", "autore", "ritirata_da")
    deroga = get_object_or_404(cercate, pk=pk)
    modulo = RitiroForm(request.POST or None)
    if request.method == "POST" and modulo.is_valid():
        try:
            ritirata = services.ritira_deroga(
                deroga_id=deroga.pk, motivo=modulo.cleaned_data["motivo"], autore=persona(request)
            )
        except services.DerogaRifiutata as rifiuto:
            messages.error(request, str(rifiuto))
            return redirect("deroga-ritira", deroga.pk)
        testo = _("Deroga n. %(numero)s ritirata il %(quando)s. Resta nell'elenco, con il motivo.")
        messages.success(request, testo % {"numero": deroga.pk, "quando": formati.data_ora(ritirata.ritirata_il)})
        if deroga.regola not in PER_CODICE:
            return redirect("piano-integrato-deroghe", deroga.piano.slug)
        return redirect("piano-integrato-regola", deroga.piano.slug, deroga.regola)
    contesto = {"deroga": deroga, "titolo": deroghe.titolo_di(deroga.regola), "modulo": modulo}
    return render(request, "piani_integrati/deroghe/ritira.html", contesto)
