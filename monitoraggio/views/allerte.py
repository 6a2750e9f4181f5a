"""The inbox of a person, and what is expected of her."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from monitoraggio.selectors import allerte as selectors
from monitoraggio.selectors.attese import attese as cosa_si_aspetta
from monitoraggio.services import allerte as servizio
from psttm import formati

PER_PAGINA = 30


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    pagina = Paginator(selectors.casella(persona(request)), PER_PAGINA).get_page(request.GET.get("pagina"))
    nuove = [allerta for allerta in pagina.object_list if allerta.nuova]
    contesto = {
        "pagina": pagina,
        "nuove": nuove,
        "altre": [allerta for allerta in pagina.object_list if not allerta.nuova],
        "fino_a": max((allerta.pk for allerta in nuove), default=0),
    }
    return render(request, "monitoraggio/allerte/elenco.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def apri(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what an allerta speaks of: opening it, from the inbox or from the mail, is reading it."""
    chi = persona(request)
    allerta = get_object_or_404(selectors.sue(chi), pk=pk)
    servizio.leggi(allerta_id=allerta.pk, utente=chi)
    return redirect(allerta.indirizzo or "allerte")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_POST
def segna_letta(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    allerta = get_object_or_404(selectors.sue(chi), pk=pk)
    servizio.leggi(allerta_id=allerta.pk, utente=chi)
    messages.success(request, _("«%(titolo)s» segnata come letta.") % {"titolo": allerta.titolo})
    return redirect("allerte")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_POST
def segna_tutte(request: HttpRequest) -> HttpResponse:
    """All those there were when the page was drawn: what came since stays to be read."""
    fino_a = request.POST.get("fino_a", "")
    lette = servizio.leggi_tutte(utente=persona(request), fino_a=int(fino_a) if fino_a.isdecimal() else 0)
    testo = ngettext("Un'allerta segnata come letta.", "%(quante)s allerte segnate come lette.", lette)
    messages.success(request, testo % {"quante": formati.numero(lette)})
    return redirect("allerte")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def attese(request: HttpRequest) -> HttpResponse:
    oggi = timezone.localdate()
    contesto = {"attese": cosa_si_aspetta(persona(request), oggi=oggi), "oggi": oggi}
    return render(request, "monitoraggio/allerte/attese.html", contesto)
