"""Pages of the registro: jobs and events. Who may enter is said where the addresses are (`psttm.urls`)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registro import lavori as motore
from registro import selectors
from registro.filters import EventoFilter
from registro.models import Evento

PER_PAGINA = 50


@require_safe
def lavori(request: HttpRequest) -> HttpResponse:
    pagina = Paginator(selectors.lavori_visibili_a(request.user), PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "registro/lavori.html", {"pagina": pagina})


@require_safe
def lavoro(request: HttpRequest, pk: int) -> HttpResponse:
    trovato = get_object_or_404(selectors.lavori_visibili_a(request.user), pk=pk)
    return render(request, "registro/lavoro.html", {"lavoro": trovato, "cronologia": selectors.cronologia(trovato)})


@require_safe
def lavoro_stato(request: HttpRequest, pk: int) -> JsonResponse:
    trovato = get_object_or_404(selectors.lavori_visibili_a(request.user), pk=pk)
    return JsonResponse(
        {
            "stato": trovato.stato,
            "parola": trovato.get_stato_display(),
            "aperto": trovato.aperto,
            "fatti": trovato.fatti,
            "totale": trovato.totale,
            "frase": trovato.frase,
        }
    )


@require_POST
def lavoro_prova(request: HttpRequest) -> HttpResponse:
    nuovo = motore.accoda(tipo="prova", parametri={"passi": 20, "secondi": 0.5}, autore=request.user)
    return redirect("lavoro", pk=nuovo.pk)


@require_POST
def lavoro_annulla(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(selectors.lavori_visibili_a(request.user), pk=pk)
    try:
        annullato = motore.annulla(lavoro_id=pk, autore=request.user)
    except motore.LavoroNonAmmesso as errore:
        messages.error(request, str(errore))
    else:
        fermo = not annullato.aperto
        messages.success(request, _("Lavoro annullato.") if fermo else _("Il lavoro si ferma al primo passo utile."))
    return redirect("lavoro", pk=pk)


@require_POST
def lavoro_ripeti(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(selectors.lavori_visibili_a(request.user), pk=pk)
    try:
        motore.ritenta(lavoro_id=pk, autore=request.user)
    except motore.LavoroNonAmmesso as errore:
        messages.error(request, str(errore))
    else:
        messages.success(request, _("Il lavoro è di nuovo in coda."))
    return redirect("lavoro", pk=pk)


@require_safe
def registro(request: HttpRequest) -> HttpResponse:
    filtro = EventoFilter(request.GET, queryset=Evento.objects.select_related("autore"))
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {"filtro": filtro, "pagina": pagina, "eventi": selectors.con_nomi(pagina.object_list)}
    return render(request, "registro/registro.html", contesto)
