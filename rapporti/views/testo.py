"""The report in short, to be pasted elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from enti.accesso import richiede
from enti.permessi import Permesso
from rapporti.formati.letti import Dati
from rapporti.formati.testo import in_html, in_testo
from rapporti.models import Rapporto
from rapporti.views.dati import con_dati


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
@con_dati
def pagina(request: HttpRequest, rapporto: Rapporto, dati: Dati) -> HttpResponse:
    return render(request, "rapporti/testo/pagina.html", {"rapporto": rapporto, "testo": in_html(dati)})


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
@con_dati
def semplice(request: HttpRequest, rapporto: Rapporto, dati: Dati) -> HttpResponse:
    return HttpResponse(in_testo(dati), content_type="text/plain; charset=utf-8")
