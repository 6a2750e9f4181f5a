"""The verification: the matrix of piani and rules, one piano, one rule of a piano."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from piani_integrati import regole, selectors_matrice, selectors_verifica, services
from piani_integrati.esiti import Esito
from piani_integrati.filters import GiornoForm, PianoFilter
from piani_integrati.flusso import CHIUSI, StatoPiano
from piani_integrati.forms import PROPOSTA, PianoForm
from piani_integrati.models import PianoIntegrato


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def matrice(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    filtro = PianoFilter(request.GET, queryset=PianoIntegrato.objects.all())
    pagina = selectors_matrice.pagina_piani(filtro.qs, request.GET.get("pagina"))
    contesto = {
        "filtro": filtro,
        "pagina": pagina,
        "matrici": selectors_matrice.matrici(list(pagina)),
        "riepilogo": selectors_matrice.riepilogo(),
        "regole": selectors_matrice.nomi_brevi(),
        "esiti": list(Esito),
        "lavoro": selectors_matrice.lavoro_aperto(chi) if consente(Permesso.VEDERE_LAVORI, chi.ruoli) else None,
        **_permessi(chi),
    }
    return render(request, "piani_integrati/verifica/matrice.html", contesto)


@richiede(Permesso.GESTIRE_PIANI)
@require_POST
def avvia(request: HttpRequest) -> HttpResponse:
    return redirect("lavoro", pk=services.chiedi_tutti(autore=persona(request)).pk)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def piano(request: HttpRequest, slug: str) -> HttpResponse:
    trovato = _piano(slug)
    modulo, giorno = _giorno(request)
    contesto = {
        "verifica": selectors_verifica.del_piano(trovato, giorno, persona(request)),
        **_comune(request, trovato, modulo, giorno),
    }
    return render(request, "piani_integrati/verifica/piano.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def regola(request: HttpRequest, slug: str, regola: str) -> HttpResponse:
    if regola not in regole.PER_CODICE:
        raise Http404
    chi = persona(request)
    trovato = _piano(slug)
    modulo, giorno = _giorno(request)
    vista = selectors_verifica.della_regola(trovato, regole.PER_CODICE[regola], giorno, chi)
    manca_al_piano = selectors_verifica.manca_al_piano(trovato, vista.riga.giudizio)
    contesto = {
        "vista": vista,
        "manca_al_piano": manca_al_piano,
        "dove_si_mende": _modulo_del_piano(trovato, manca_al_piano.campo) if manca_al_piano else "",
        "falliti": selectors_verifica.pagina_prove(trovato, vista, Esito.NON_CONFORME, chi, request.GET.get("pagina")),
        "ignoti": selectors_verifica.pagina_prove(
            trovato, vista, Esito.NON_DETERMINABILE, chi, request.GET.get("mancanze")
        ),
        **_comune(request, trovato, modulo, giorno),
    }
    return render(request, "piani_integrati/verifica/regola.html", contesto)


def _piano(slug: str) -> PianoIntegrato:
    return get_object_or_404(selectors_matrice.con_verifica(PianoIntegrato.objects.all()), slug=slug)


def _giorno(request: HttpRequest) -> tuple[GiornoForm, date]:
    """The day asked for; today where none is asked, or where what is written is no day (the form says so)."""
    oggi = timezone.localdate()
    modulo = GiornoForm(request.GET if "al" in request.GET else None, initial={"al": oggi})
    return modulo, modulo.cleaned_data["al"] if modulo.is_valid() else oggi


def _comune(request: HttpRequest, piano: PianoIntegrato, modulo: GiornoForm, giorno: date) -> dict[str, Any]:
    """What the page of a piano and that of one of its rules both say."""
    oggi = timezone.localdate()
    return {
        "piano": piano,
        "stato": selectors_matrice.stato_di(piano),
        "modulo": modulo,
        "giorno": giorno,
        "passato": giorno < oggi,
        "non_oggi": giorno != oggi,
        # Pages of the same day: the links among them keep it.
        "coda": f"?al={giorno.isoformat()}" if giorno != oggi else "",
        **_permessi(persona(request)),
    }


def _permessi(chi: Utente) -> dict[str, bool]:
    return {
        "puo_gestire": consente(Permesso.GESTIRE_PIANI, chi.ruoli),
        "puo_modificare_interventi": consente(Permesso.MODIFICARE_INTERVENTI, chi.ruoli),
        "puo_simulare": consente(Permesso.SIMULARE, chi.ruoli),
    }


def _modulo_del_piano(piano: PianoIntegrato, campo: str) -> str:
    """Where what the piano does not say is written; "" where it cannot be written any more."""
    if piano.stato == StatoPiano.BOZZA and campo in PROPOSTA:
        return f"{reverse('piano-integrato-proposta', args=[piano.slug])}#id_{campo}"
    if piano.stato not in CHIUSI and campo in PianoForm.Meta.fields:
        return f"{reverse('piano-integrato-modifica', args=[piano.slug])}#id_{campo}"
    return ""
