"""The first page after signing in: each role has its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cruscotto.views import comune, ufficio
from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from interventi.viste import iniziale
from psttm.views import programma


@richiede(Permesso.PUBBLICO)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who has a Cruscotto is led to it, as she wants it to open; everybody else reads what the programme is."""
    if request.user.is_authenticated and consente(Permesso.LEGGERE_MONITORAGGIO, request.user.ruoli):
        return redirect(iniziale(persona(request), "cruscotto"))
    return programma(request)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def cruscotto(request: HttpRequest) -> HttpResponse:
    """Who sees the whole programme sees it; who works for a Comune sees what the Comune has to do."""
    return ufficio.pagina(request) if persona(request).vede_tutto else comune.pagina(request)
