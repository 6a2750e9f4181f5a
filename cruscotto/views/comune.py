"""The Cruscotto of who works for a Comune: what is due, what came back, the one next thing to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cruscotto.selectors import comune
from cruscotto.selectors.comune import Chiesto, Mostra
from enti.accesso import persona
from monitoraggio import tempo as tempi
from monitoraggio.views.allora import del_tempo


def pagina(request: HttpRequest) -> HttpResponse:
    tempo = tempi.leggi(request.GET)
    mostra = request.GET.get("mostra", "")
    # On a past day nothing is to be done: that list is not there.
    conosciuta = mostra in Mostra.values and (tempo.attuale or mostra != Mostra.DA_FARE)
    chiesto = Chiesto(
        mostra=Mostra(mostra) if conosciuta else Mostra.TUTTI,
        q=request.GET.get("q", "").strip(),
        pagina=request.GET.get("pagina"),
    )
    contesto = {
        **del_tempo(request, tempo),
        "cruscotto": comune.leggi(persona(request), tempo, chiesto),
        "ignorata": "" if conosciuta else mostra[:40],
    }
    return render(request, "cruscotto/comune.html", contesto)
