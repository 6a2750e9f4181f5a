"""What is missing and from whom: the bodies, then the interventi of one, on a page and as a file to send."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.models import Ente, Utente
from enti.permessi import Permesso, consente
from piani_integrati import mancanze
from piani_integrati.regole import Contesto
from psttm import formati
from registro.tabella_csv import scaricata


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    giorno = Contesto.al_giorno(timezone.localdate())
    filtro = mancanze.MancanzeFilter(request.GET, queryset=mancanze.da_completare(chi))
    trovato = mancanze.elenco(filtro.qs, giorno, chi)
    contesto = {
        "filtro": filtro,
        "conto": ngettext("%(n)s ente", "%(n)s enti", len(trovato.righe)) % {"n": formati.numero(len(trovato.righe))},
        "elenco": trovato,
        "da_caricare": mancanze.da_caricare(filtro.qs, giorno, trovato.totale),
        "ricerca": _ricerca(request),
        **_poteri(chi),
    }
    return render(request, "piani_integrati/mancanze/elenco.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def di_un_ente(request: HttpRequest, ente: int) -> HttpResponse:
    chi = persona(request)
    trovato = _ente(chi, ente)
    giorno = Contesto.al_giorno(timezone.localdate())
    filtro = mancanze.MancanzeFilter(request.GET, queryset=mancanze.da_completare(chi))
    suoi = mancanze.di_un_ente(filtro.qs, ente)
    conti = mancanze.conti(suoi, giorno)
    quanti = conti.con_mancanze
    pagina = Paginator(range(quanti), mancanze.PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        "ente": trovato,
        "chiave": ente,
        "nome": mancanze.nome_di(trovato),
        "filtro": filtro,
        "conto": ngettext("%(n)s intervento", "%(n)s interventi", quanti) % {"n": formati.numero(quanti)},
        "conti": conti,
        "pagina": pagina,
        "righe": mancanze.righe(suoi, giorno, max(pagina.start_index() - 1, 0), mancanze.PER_PAGINA),
        "da_caricare": mancanze.da_caricare(suoi, giorno, conti),
        "ricerca": _ricerca(request),
        **_poteri(chi),
    }
    return render(request, "piani_integrati/mancanze/ente.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def in_csv(request: HttpRequest, ente: int) -> HttpResponseBase:
    chi = persona(request)
    trovato = _ente(chi, ente)
    giorno = Contesto.al_giorno(timezone.localdate())
    filtro = mancanze.MancanzeFilter(request.GET, queryset=mancanze.da_completare(chi))
    pezzi = mancanze.csv_a_pezzi(mancanze.di_un_ente(filtro.qs, ente), giorno, trovato)
    return scaricata(pezzi, f"dati-mancanti-{slugify(mancanze.nome_di(trovato))}-{giorno.al.isoformat()}.csv")


def _ente(chi: Utente, ente: int) -> Ente | None:
    """The body of the address; None for the interventi of nobody. Raises Http404 where this person may not look."""
    if not mancanze.puo_vedere(chi, ente):
        raise Http404
    return None if ente == mancanze.SENZA_ENTE else get_object_or_404(Ente.objects.select_related("comune"), pk=ente)


def _ricerca(request: HttpRequest) -> str:
    """The filter in use, to carry along from page to page: "" or "?piano=…"."""
    piano = request.GET.get("piano")
    return f"?{urlencode({'piano': piano})}" if piano else ""


def _poteri(chi: Utente) -> dict[str, Any]:
    return {
        "puo_modificare": consente(Permesso.MODIFICARE_INTERVENTI, chi.ruoli),
        "puo_gestire": consente(Permesso.GESTIRE_PIANI, chi.ruoli),
        "vede_tutto": chi.vede_tutto,
    }
