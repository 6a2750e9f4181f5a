"""Whether the portal is alive and ready, its measures, and the state of the system, for whoever watches over it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from enti.accesso import richiede
from enti.permessi import Permesso
from esercizio import metriche, salute, selectors, stato


@richiede(Permesso.PUBBLICO)
@require_safe
def viva(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is touched: with the database away, starting it again would not help."""
    return _mai_conservata(JsonResponse({"stato": "viva"}))


@richiede(Permesso.PUBBLICO)
@require_safe
def pronta(request: HttpRequest) -> HttpResponse:
    """Every part that the portal needs is there; else 503, with the part that is not."""
    risposte = salute.interroga()
    bene = all(risposta.bene for risposta in risposte)
    corpo = {
        "stato": "pronta" if bene else "non pronta",
        "parti": {risposta.parte.nome: risposta.guasto or "bene" for risposta in risposte},
    }
    esito = HTTPStatus.OK if bene else HTTPStatus.SERVICE_UNAVAILABLE
    pagina = JsonResponse(corpo, status=esito, json_dumps_params={"ensure_ascii": False})
    if not bene:
        pagina["Retry-After"] = "5"
    return _mai_conservata(pagina)


@richiede(Permesso.PUBBLICO)
@require_safe
def misure(request: HttpRequest) -> HttpResponse:
    """For Prometheus. To anybody else there is nothing at this address."""
    if not metriche.ammessa(request):
        testo = _("Qui non c'è nulla da leggere senza il token delle misure (METRICHE_TOKEN).")
        return _mai_conservata(
            HttpResponse(f"{testo}\n", status=HTTPStatus.NOT_FOUND, content_type="text/plain; charset=utf-8")
        )
    return _mai_conservata(HttpResponse(metriche.testo(), content_type=CONTENT_TYPE_LATEST))


@richiede(Permesso.AMMINISTRARE)
@require_safe
def sistema(request: HttpRequest) -> HttpResponse:
    adesso = timezone.now()
    contesto = {"adesso": adesso, "stato": stato.leggi(adesso=adesso), "versioni": selectors.versioni()}
    return render(request, "esercizio/sistema.html", contesto)


def _mai_conservata(risposta: HttpResponse) -> HttpResponse:
    risposta["Cache-Control"] = "no-store"
    return risposta
