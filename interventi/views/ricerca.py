"""The search box of every page: a CUP, a CIG, words of a title, a Comune."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from interventi import selectors
from interventi.models import Intervento
from interventi.ricerca import normalizza

# Shorter texts are in almost every row, and no index helps to find them.
MINIMO = 3
MOSTRATI = 10


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def cerca(request: HttpRequest) -> HttpResponse:
    """A code that one intervento has leads straight to it; anything else shows what was found, by kind."""
    testo = request.GET.get("q", "").replace("\0", "").strip()[:200]
    visibili = Intervento.objects.visibili_a(persona(request))
    contesto: dict[str, Any] = {"testo": testo, "corto": 0 < len(normalizza(testo)) < MINIMO, "minimo": MINIMO}
    if testo and not contesto["corto"]:
        del_codice = list(selectors.per_codice(visibili, testo).values_list("pk", flat=True)[:2])
        if len(del_codice) == 1:
            return redirect("intervento", pk=del_codice[0])
        contesto |= _trovati(visibili, testo)
    return render(request, "interventi/cerca.html", contesto)


def _trovati(visibili: Any, testo: str) -> dict[str, Any]:
    interventi = selectors.per_testo(visibili, testo)
    comuni = selectors.comuni_per_nome(testo)
    quanti = selectors.quanti_per_comune(visibili, comuni)
    return {
        "totali": selectors.totali(interventi),
        "interventi": list(interventi.defer("testo_ricerca", "sintesi").order_by("cup", "clp", "pk")[:MOSTRATI]),
        "elenco": reverse("interventi", query={"q": testo}),
        "comuni": [(comune, quanti.get(comune.pk, 0)) for comune in comuni],
    }
