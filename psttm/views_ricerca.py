"""The search of every page: results by kind, suggestions while one types, and a code that leads straight to its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from psttm import formati
from registro import ricerca
from registro.ricerca import Fornitore, Trovati


@dataclass(frozen=True)
class Sezione:
    """What was found of a kind."""

    fornitore: Fornitore
    trovati: Trovati

    @property
    def conto(self) -> str:
        """31 interventi."""
        nome = self.fornitore.singolare if self.trovati.quanti == 1 else self.fornitore.molti
        return f"{formati.numero(self.trovati.quanti)}{formati.SPAZIO}{nome}"

    @property
    def altri(self) -> int:
        return self.trovati.quanti - len(self.trovati.risultati)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def cerca(request: HttpRequest) -> HttpResponse:
    """A code that one thing has leads straight to it; anything else shows what was found, by kind."""
    testo = ricerca.pulito(request.GET.get("q", ""))
    corto = bool(testo) and ricerca.corto(testo)
    contesto: dict[str, Any] = {"testo": testo, "corto": corto, "minimo": ricerca.MINIMO}
    if testo and not corto:
        chi = persona(request)
        codici = [
            indirizzo
            for fornitore in ricerca.fornitori()
            if fornitore.esatti is not None
            for indirizzo in fornitore.esatti(chi, testo)
        ]
        if len(codici) == 1:
            return redirect(codici[0])
        sezioni = [Sezione(fornitore, fornitore.cerca(chi, testo)) for fornitore in ricerca.fornitori()]
        contesto["sezioni"] = [sezione for sezione in sezioni if sezione.trovati.quanti]
    return render(request, "psttm/cerca.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def suggerimenti(request: HttpRequest) -> JsonResponse:
    """At most eight, for the script of the search box."""
    testo = ricerca.pulito(request.GET.get("q", ""))
    voci = ricerca.suggerimenti(persona(request), testo)
    risposta = JsonResponse(
        {
            "testo": testo,
            "tutti": reverse("cerca", query={"q": testo}),
            "voci": [
                {
                    "genere": voce.genere,
                    "titolo": voce.risultato.titolo,
                    "sottotitolo": voce.risultato.sottotitolo,
                    "indirizzo": voce.risultato.indirizzo,
                }
                for voce in voci
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    risposta["Cache-Control"] = "no-store"
    return risposta


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def cerca_di_prima(request: HttpRequest) -> HttpResponse:
    """Where the search stood before it was of everything."""
    return redirect(reverse("cerca", query=request.GET or None), permanent=True)
