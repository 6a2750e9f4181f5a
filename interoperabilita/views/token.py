"""The personal tokens of the staff: hers, a new one, the end of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from interoperabilita.forms.chiavi import RevocaForm, TokenForm
from interoperabilita.models import ChiaveApi
from interoperabilita.selectors import chiavi as letture
from interoperabilita.services import chiavi as servizi
from interoperabilita.services.chiavi import ChiaveRifiutata
from interoperabilita.views.chiavi import chiudi, consegna


@richiede(Permesso.TOKEN_PERSONALI)
@require_safe
def miei(request: HttpRequest) -> HttpResponse:
    righe = letture.personali(persona(request), timezone.now())
    contesto = {"righe": righe, "buoni": sum(riga.buona for riga in righe)}
    return render(request, "interoperabilita/token/elenco.html", contesto)


@richiede(Permesso.TOKEN_PERSONALI, modulo=TokenForm)
@require_http_methods(["GET", "POST"])
def nuovo(request: HttpRequest) -> HttpResponse:
    modulo = TokenForm(request.POST or None)
    if request.method == "POST" and modulo.is_valid():
        try:
            chiave, segreto = servizi.crea_personale(autore=persona(request), **modulo.dati())
        except ChiaveRifiutata as rifiuto:
            modulo.rifiuta(rifiuto)
        else:
            return consegna(request, chiave, segreto)
    return render(request, "interoperabilita/token/nuovo.html", {"modulo": modulo})


@richiede(Permesso.TOKEN_PERSONALI, modulo=RevocaForm)
@require_http_methods(["GET", "POST"])
def revoca(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own alone."""
    trovato = get_object_or_404(ChiaveApi, pk=pk, utente=persona(request), personale=True)
    return chiudi(request, trovato, torna=reverse("token-personali"))
