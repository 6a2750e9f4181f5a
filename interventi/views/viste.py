"""Saving the view on the screen, taking one away, opening the portal with one: of any page that has filters."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi.elenco import PAGINA
from interventi.forms.lettura import VistaForm
from interventi.models import VistaSalvata
from interventi.services import viste as servizi
from interventi.viste import Pagina, pagina_di
from registro.ripensamenti import offri


@richiede(Permesso.LEGGERE_INTERVENTI, modulo=VistaForm)
@require_POST
def salva(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    pagina = _pagina(request.POST.get("pagina") or PAGINA, chi)
    # Kept as the page would write it: nothing but what it is filtered and sorted by.
    filtri = pagina.normalizza(QueryDict(request.POST.get("filtri", "")), chi)
    modulo = VistaForm({"nome": request.POST.get("nome"), "filtri": filtri})
    if modulo.is_valid():
        _salva(request, chi, pagina, modulo.cleaned_data["nome"], filtri)
    else:
        for errori in modulo.errors.values():
            messages.error(request, " ".join(map(str, errori)))
    dove = _dove(request, pagina)
    return redirect(f"{dove}?{filtri}" if filtri else dove)


def _salva(request: HttpRequest, chi: Utente, pagina: Pagina, nome: str, filtri: str) -> None:
    salvata = servizi.salva_vista(utente=chi, pagina=pagina.codice, nome=nome, indirizzo=filtri)
    if salvata.prima is None:
        messages.success(request, _("Vista «%(nome)s» salvata.") % {"nome": nome})
    elif salvata.prima == filtri:
        messages.info(request, _("La vista «%(nome)s» era già così.") % {"nome": nome})
    else:
        dati = {"vista": salvata.vista.pk, "prima": salvata.prima, "dopo": filtri}
        testo = _("Vista «%(nome)s» salvata al posto di quella che avevi con lo stesso nome.")
        offri(request, testo % {"nome": nome}, servizi.SOSTITUITA, dati)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_POST
def togli(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    vista = get_object_or_404(VistaSalvata, pk=pk, utente=chi)
    dati = servizi.togli_vista(vista_id=vista.pk, utente=chi)
    offri(request, _("Vista «%(nome)s» tolta.") % {"nome": vista.nome}, servizi.TOLTA, dati)
    return _torna(request, chi, vista)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_POST
def apri(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the portal with this view, or no longer: `apre` says which."""
    chi = persona(request)
    vista = get_object_or_404(VistaSalvata, pk=pk, utente=chi)
    pagina = pagina_di(vista.pagina)
    if pagina is None or not pagina.apre:
        raise Http404
    apre = request.POST.get("apre") == "1"
    servizi.apri_con(vista_id=pk, utente=chi, apre=apre)
    if apre:
        testo = _("Da adesso, quando entri, il portale si apre con la vista «%(nome)s».")
    else:
        testo = _("Il portale non si apre più con la vista «%(nome)s».")
    messages.success(request, testo % {"nome": vista.nome})
    return _torna(request, chi, vista)


def _pagina(codice: str, chi: Utente) -> Pagina:
    pagina = pagina_di(codice)
    if pagina is None or not consente(pagina.permesso, chi.ruoli):
        raise Http404
    return pagina


def _torna(request: HttpRequest, chi: Utente, vista: VistaSalvata) -> HttpResponse:
    """The page where her views are; the first one for a page that is no longer there."""
    pagina = pagina_di(vista.pagina)
    if pagina is None or not consente(pagina.permesso, chi.ruoli):
        return redirect("home")
    return redirect(_dove(request, pagina))


def _dove(request: HttpRequest, pagina: Pagina) -> str:
    """The address that the form was sent from, if it is one of this page."""
    chiesto = request.POST.get("dove", "")
    try:
        if resolve(chiesto).view_name == pagina.rotta:
            return chiesto
    except Resolver404:
        pass
    return reverse(pagina.rotta) if pagina.da_sola else reverse("home")
