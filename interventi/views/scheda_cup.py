"""The guided sheet with what the Sistema CUP asks, to copy or to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from interventi.models import Intervento
from interventi.scheda_cup import scheda


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def scheda_cup(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    letti = (
        Intervento.objects.visibili_a(chi)
        .select_related("submisura", "soggetto_attuatore", "classificazione", "requisiti", "dati_cup")
        .prefetch_related("localizzazioni__comune", "finanziamenti", "quadro_economico", "indicatori")
    )
    intervento = get_object_or_404(letti, pk=pk)
    risposte = scheda(intervento)
    contesto = {
        "intervento": intervento,
        "risposte": risposte,
        "mancano": sum(risposta.manca for risposta in risposte),
        "puo_modificare": consente(Permesso.MODIFICARE_INTERVENTI, chi.ruoli),
    }
    return render(request, "interventi/scheda_cup.html", contesto)
