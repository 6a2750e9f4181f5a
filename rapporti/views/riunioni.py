"""The calendar of the meetings of the Cabina di regia, and the page of each with its reports."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from rapporti import presentazione_riunioni as quadro
from rapporti import selectors_riunioni as selectors
from rapporti.forms_riunioni import RiunioneForm
from rapporti.models import Riunione
from rapporti.services import riunioni as servizi
from rapporti.services.riunioni import RiunioneRifiutata
from rapporti.services.spedizione import membri
from registro.ripensamenti import offri

PER_PAGINA = 20


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def riunioni(request: HttpRequest) -> HttpResponse:
    oggi = timezone.localdate()
    prossime = [quadro.riga(riunione) for riunione in selectors.prossime(oggi)]
    pagina = Paginator(selectors.passate(oggi), PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        "prossime": prossime,
        "sommario": quadro.sommario(prossime, oggi),
        "pagina": pagina,
        "passate": [quadro.riga(riunione) for riunione in pagina],
        "puo_gestire": _puo_gestire(request),
    }
    return render(request, "rapporti/riunioni/elenco.html", contesto)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
def riunione(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = get_object_or_404(selectors.calendario(), pk=pk)
    spediti, in_attesa = selectors.spediti(trovata)
    contesto = {
        "riga": quadro.riga(trovata),
        "riunione": trovata,
        "voci": quadro.voci(trovata),
        "spediti": spediti,
        "in_attesa": in_attesa,
        "membri": membri().count(),
        "puo_gestire": _puo_gestire(request),
    }
    return render(request, "rapporti/riunioni/riunione.html", contesto)


@richiede(Permesso.GESTIRE_RIUNIONI, modulo=RiunioneForm)
@require_http_methods(["GET", "POST"])
def nuova(request: HttpRequest) -> HttpResponse:
    proposti = {"richieste": [richiesta.testo for richiesta in selectors.consuete()]}
    modulo = RiunioneForm(_inviati(request), initial=proposti)
    if request.method == "POST" and modulo.is_valid():
        try:
            creata = servizi.crea(dati=modulo.dati(), autore=persona(request))
        except RiunioneRifiutata as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            messages.success(request, _("Messa in calendario: %(riunione)s.") % {"riunione": creata})
            return redirect("riunione", creata.pk)
    return render(request, "rapporti/riunioni/modulo.html", {"modulo": modulo})


@richiede(Permesso.GESTIRE_RIUNIONI, modulo=RiunioneForm)
@require_http_methods(["GET", "POST"])
def modifica(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = get_object_or_404(Riunione, pk=pk)
    if trovata.preparata_il is not None:
        return _gia_preparata(request, trovata)
    modulo = RiunioneForm(_inviati(request), riunione=trovata)
    if request.method == "POST" and modulo.is_valid():
        try:
            salvata = servizi.modifica(riunione_id=pk, dati=modulo.dati(), autore=persona(request))
        except RiunioneRifiutata as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            messages.success(request, _("Salvata: %(riunione)s.") % {"riunione": salvata})
            return redirect("riunione", pk)
    return render(request, "rapporti/riunioni/modulo.html", {"modulo": modulo, "riunione": trovata})


@richiede(Permesso.GESTIRE_RIUNIONI)
@require_http_methods(["GET", "POST"])
def elimina(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = get_object_or_404(Riunione, pk=pk)
    if trovata.preparata_il is not None:
        return _gia_preparata(request, trovata)
    if request.method == "POST":
        try:
            dati = servizi.elimina(riunione_id=pk, autore=persona(request))
        except RiunioneRifiutata as rifiuto:
            messages.error(request, str(rifiuto))
            return redirect("riunione", pk)
        offri(request, _("Tolta dal calendario: %(riunione)s.") % {"riunione": trovata}, servizi.ELIMINATA, dati)
        return redirect("riunioni")
    return render(request, "rapporti/riunioni/elimina.html", {"riunione": trovata})


@richiede(Permesso.GESTIRE_RIUNIONI)
@require_POST
def prepara(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reports now; of a prepared meeting, for those missing and those that were not made."""
    trovata = get_object_or_404(Riunione, pk=pk)
    chi = persona(request)
    try:
        if trovata.preparata_il is None:
            fatta = servizi.prepara(riunione_id=pk, adesso=timezone.now(), autore=chi)
            quanti = fatta.rapporti.count()
        else:
            quanti = servizi.ripeti(riunione_id=pk, autore=chi)
    except RiunioneRifiutata as rifiuto:
        messages.error(request, str(rifiuto))
    else:
        _di(request, quanti)
    return redirect("riunione", pk)


def _di(request: HttpRequest, quanti: int) -> None:
    if quanti:
        testo = ngettext("%(quanti)s rapporto chiesto.", "%(quanti)s rapporti chiesti.", quanti) % {"quanti": quanti}
        messages.success(request, testo)
    else:
        messages.info(request, _("Non c'era nessun rapporto da chiedere."))


def _gia_preparata(request: HttpRequest, riunione: Riunione) -> HttpResponse:
    messages.info(
        request, _("I rapporti di questa riunione sono già stati chiesti: non si modifica e non si elimina più.")
    )
    return redirect("riunione", riunione.pk)


def _inviati(request: HttpRequest) -> QueryDict | None:
    """What the form sent, though it were nothing."""
    return request.POST if request.method == "POST" else None


def _puo_gestire(request: HttpRequest) -> bool:
    return consente(Permesso.GESTIRE_RIUNIONI, persona(request).ruoli)
