"""Where ReGiS says otherwise than people entered here: list, and decision on one or on several."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from interventi import selectors_importazioni
from interventi.filters_importazioni import DifferenzeFilter
from interventi.forms.importazioni import DecisioneForm, DecisioniForm
from interventi.models import Differenza, Intervento
from interventi.models.importazioni import StatoDifferenza
from interventi.services import importazioni as servizi
from psttm import formati
from psttm.chiesto import intero

PER_PAGINA = 50


@richiede(Permesso.VEDERE_IMPORTAZIONI)
@require_safe
def differenze(request: HttpRequest) -> HttpResponse:
    """Other pages link with the key of an intervento: the address then says its code, as people do."""
    chiave = intero(request.GET.get("intervento", ""))
    if chiave is not None and (trovato := Intervento.objects.filter(pk=chiave).first()):
        parametri = request.GET.copy()
        parametri["intervento"] = trovato.codice
        return redirect(f"{request.path}?{parametri.urlencode()}")
    return _elenco(request, None)


def _elenco(request: HttpRequest, modulo: DecisioniForm | None) -> HttpResponse:
    filtro = DifferenzeFilter(request.GET, queryset=selectors_importazioni.differenze())
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    aperte = [differenza.pk for differenza in pagina if differenza.stato == StatoDifferenza.APERTA]
    contesto = {
        "filtro": filtro,
        "pagina": pagina,
        "aperte": selectors_importazioni.differenze_aperte(),
        "modulo": modulo or DecisioniForm(aperte=aperte),
        "segnate": set(request.POST.getlist("scelti")),
        "si_decide": bool(aperte) and consente(Permesso.IMPORTARE, persona(request).ruoli),
    }
    return render(request, "interventi/importazioni/differenze.html", contesto)


@richiede(Permesso.IMPORTARE, modulo=DecisioneForm)
@require_POST
def decidi_insieme(request: HttpRequest) -> HttpResponse:
    """The same choice for the differences marked in the list; each is decided on its own."""
    scelti = [chiave for scelto in request.POST.getlist("scelti") if (chiave := intero(scelto)) is not None]
    esistenti = Differenza.objects.filter(pk__in=scelti).values_list("pk", flat=True)
    modulo = DecisioniForm(request.POST, aperte=list(esistenti))
    if not modulo.is_valid():
        return _elenco(request, modulo)
    decise = 0
    for pk in modulo.cleaned_data["scelti"]:
        try:
            _decidi(request, pk, modulo)
        except servizi.ImportazioneNonAmmessa as errore:
            messages.error(request, str(errore))
        else:
            decise += 1
    if decise:
        frase = ngettext(
            "%(quante)s differenza decisa il %(quando)s: %(scelta)s.",
            "%(quante)s differenze decise il %(quando)s: %(scelta)s.",
            decise,
        )
        scelta = StatoDifferenza(modulo.cleaned_data["scelta"]).label
        quando = formati.data_ora(timezone.now())
        messages.success(request, frase % {"quante": formati.numero(decise), "quando": quando, "scelta": scelta})
    return redirect(f"{reverse('differenze')}?{request.GET.urlencode()}" if request.GET else "differenze")


def _decidi(request: HttpRequest, pk: int, modulo: DecisioneForm) -> None:
    servizi.decidi(
        differenza_id=pk,
        scelta=modulo.cleaned_data["scelta"],
        autore=persona(request),
        motivo=modulo.cleaned_data["motivo"],
    )


@richiede(Permesso.IMPORTARE, modulo=DecisioneForm)
@require_http_methods(["GET", "POST"])
def decidi(request: HttpRequest, pk: int) -> HttpResponse:
    """One difference: to decide, or its receipt once decided."""
    differenza = get_object_or_404(selectors_importazioni.differenze(), pk=pk)
    modulo = DecisioneForm(request.POST or None)
    if modulo.is_valid():
        try:
            _decidi(request, pk, modulo)
        except servizi.ImportazioneNonAmmessa as errore:
            modulo.add_error(None, str(errore))
        else:
            return redirect("differenza-decidi", pk=pk)
    contesto = {
        "differenza": differenza,
        "modulo": modulo,
        "aperta": differenza.stato == StatoDifferenza.APERTA,
        "titolo_ricevuta": _("Differenza decisa: %(scelta)s") % {"scelta": differenza.get_stato_display()},
    }
    return render(request, "interventi/importazioni/differenza.html", contesto)
