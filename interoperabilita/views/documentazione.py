"""The documentation of the API for people, from the same document that programs read: a guide, and each operation."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from enti.accesso import richiede
from enti.permessi import Permesso
from interoperabilita.models import Ambito
from interoperabilita.schema import risposte
from interoperabilita.schema.documento import documento
from interoperabilita.schema.lettura import operazioni
from interoperabilita.schema.parametri import LIMITE, LIMITE_MASSIMO


@richiede(Permesso.PUBBLICO)
@require_safe
def guida(request: HttpRequest) -> HttpResponse:
    lette = list(operazioni().values())
    return render(
        request,
        "interoperabilita/documentazione/guida.html",
        {
            "gruppi": [(nome, list(voci)) for nome, voci in groupby(lette, key=lambda letta: letta.gruppo)],
            "quante": len(lette),
            "versione": documento()["info"]["version"],
            "base": documento()["servers"][0]["url"],
            "ambiti": Ambito.choices,
            "errori": [(stato.value, parole) for stato, (_, parole, _, _) in risposte.ERRORI.items()],
            "limite": LIMITE,
            "limite_massimo": LIMITE_MASSIMO,
            "giorni": settings.API_GIORNI_VERSIONI,
            "contatto": settings.API_CONTATTO_EMAIL,
        },
    )


@richiede(Permesso.PUBBLICO)
@require_safe
def operazione(request: HttpRequest, nome: str) -> HttpResponse:
    letta = operazioni().get(nome)
    if letta is None:
        raise Http404
    contesto = {"operazione": letta, "base": documento()["servers"][0]["url"]}
    return render(request, "interoperabilita/documentazione/operazione.html", contesto)
