"""The inbox of a person, and what is expected of her."""

from __future__ import annotations

from datetime import datetime

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
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors import allerte as selectors
from monitoraggio.selectors.attese import attese as cosa_si_aspetta
from monitoraggio.services import allerte as servizio
from monitoraggio.services import ripensamenti
from psttm import formati
from registro.ripensamenti import offri

PER_PAGINA = 30


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    vista, tipo = _scelti(request)
    conti = selectors.conti_casella(chi, vista, tipo)
    letti = selectors.casella(chi, vista, tipo)
    pagina = Paginator(letti, PER_PAGINA).get_page(request.GET.get("pagina"))
    nuove = [allerta for allerta in pagina.object_list if allerta.nuova]
    contesto = {
        "pagina": pagina,
        "nuove": nuove,
        "altre": [allerta for allerta in pagina.object_list if not allerta.nuova],
        "fino_a": max((allerta.pk for allerta in nuove), default=0),
        "vista": vista,
        "tipo": tipo,
        "nome_tipo": TipoAllerta(tipo).label if tipo else "",
        "linguette": [(parte, parte.label, conti.viste[parte]) for parte in selectors.Vista],
        "conti": conti,
    }
    return render(request, "monitoraggio/allerte/elenco.html", contesto)


def _scelti(request: HttpRequest) -> tuple[selectors.Vista, str]:
    """The part of the inbox and the kind that the address asks for; what makes no sense is as if it were not there."""
    vista, tipo = request.GET.get("vista", ""), request.GET.get("tipo", "")
    return (
        selectors.Vista(vista) if vista in selectors.Vista.values else selectors.Vista.DA_LEGGERE,
        tipo if tipo in TipoAllerta.values else "",
    )


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
    letta = servizio.leggi(allerta_id=allerta.pk, utente=chi)
    testo = _("«%(titolo)s» segnata come letta.") % {"titolo": allerta.titolo}
    if allerta.letta_il is None:
        _offri(request, testo, letta.letta_il)
    else:
        messages.success(request, testo)
    return redirect("allerte")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_POST
def segna_tutte(request: HttpRequest) -> HttpResponse:
    """All those there were when the page was drawn: what came since stays to be read."""
    fino_a, tipo = request.POST.get("fino_a", ""), request.POST.get("tipo", "")
    adesso = timezone.now()
    lette = servizio.leggi_tutte(
        utente=persona(request),
        fino_a=int(fino_a) if fino_a.isdecimal() and len(fino_a) < 19 else 0,
        tipo=tipo,
        adesso=adesso,
    )
    testo = ngettext("Un'allerta segnata come letta.", "%(quante)s allerte segnate come lette.", lette)
    detto = testo % {"quante": formati.numero(lette)}
    if lette:
        _offri(request, detto, adesso)
    else:
        messages.success(request, detto)
    return redirect("allerte")


def _offri(request: HttpRequest, testo: str, lette_il: datetime | None) -> None:
    """The way back: what was read at that instant. As text, since JSON keeps no microseconds of its own."""
    if lette_il is not None:
        offri(request, testo, ripensamenti.ALLERTE, {"lette_il": lette_il.isoformat()})


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def attese(request: HttpRequest) -> HttpResponse:
    oggi = timezone.localdate()
    contesto = {"attese": cosa_si_aspetta(persona(request), oggi=oggi), "oggi": oggi}
    return render(request, "monitoraggio/allerte/attese.html", contesto)
