"""How the interventi stand, today or on another day: the list, its file, the page of each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import tempo as letture
from monitoraggio.filters.situazione import SituazioneFilter
from monitoraggio.selectors import elenco_situazione as elenco
from monitoraggio.selectors.scheda_situazione import ALTO, LARGO, Scheda
from monitoraggio.selectors.situazione_csv import INTESTAZIONE, valori
from monitoraggio.tempo import Tempo
from registro.tabella_csv import a_pezzi, scaricata

PER_PAGINA = 50


def _filtro(request: HttpRequest, tempo: Tempo) -> SituazioneFilter:
    visibili = elenco.con_situazione(Intervento.objects.visibili_a(persona(request)), tempo)
    return SituazioneFilter(request.GET, queryset=visibili, request=request)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def situazione(request: HttpRequest) -> HttpResponse:
    tempo = letture.leggi(request.GET)
    filtro = _filtro(request, tempo)
    conti = elenco.conti(filtro.qs, tempo)
    ordine = request.GET.get("ordine", "")
    pagina = Paginator(range(conti.totale), PER_PAGINA).get_page(request.GET.get("pagina"))
    primo = max(pagina.start_index() - 1, 0)
    chiavi = elenco.ordina(filtro.qs, ordine, tempo).values_list("pk", flat=True)[primo : primo + PER_PAGINA]
    contesto = {
        "tempo": tempo,
        "tempo_conserva": letture.da_conservare(request.GET),
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters if nome not in letture.PARAMETRI),
        "conti": conti,
        "pagina": pagina,
        "righe": elenco.righe(list(chiavi), tempo),
        "teste": _teste(ordine),
    }
    return render(request, "monitoraggio/situazione/elenco.html", contesto)


def _teste(ordine: str) -> list[dict[str, Any]]:
    """The heads of the columns: what to ask for to sort by each, and how the list is sorted now."""
    nomi = [
        ("titolo", _("Intervento"), False),
        ("stato", _("Stato"), False),
        ("percentuale", _("Avanzamento fisico"), False),
        ("fine", _("Fine prevista"), False),
        ("impegnato", _("Impegnato"), True),
        ("pagato", _("Pagato"), True),
        ("criticita", _("Criticità"), True),
        ("al", _("Situazione al"), False),
    ]
    # From the largest first, where that is what one looks for.
    maggiori = {"impegnato", "pagato", "criticita", "percentuale", "al"}
    teste = []
    for chiave, nome, a_destra in nomi:
        attiva = ordine.removeprefix("-") == chiave
        verso = ("descending" if ordine.startswith("-") else "ascending") if attiva else ""
        in_giu = verso == "ascending" or (not verso and chiave in maggiori)
        teste.append({"nome": nome, "a_destra": a_destra, "verso": verso, "ordine": f"-{chiave}" if in_giu else chiave})
    return teste


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def in_csv(request: HttpRequest) -> HttpResponseBase:
    """The whole list as it is filtered, at the same day; where the address makes no sense, the list says why."""
    tempo = letture.leggi(request.GET)
    filtro = _filtro(request, tempo)
    if tempo.errori or not filtro.form.is_valid():
        return redirect(f"{reverse('monitoraggio')}?{request.GET.urlencode()}")
    filtrati = elenco.ordina(filtro.qs, request.GET.get("ordine", ""), tempo)
    righe = (valori(riga, tempo) for riga in elenco.tutte(filtrati, tempo))
    return scaricata(a_pezzi(INTESTAZIONE, righe), f"monitoraggio-{tempo.giorno.isoformat()}.csv")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def intervento(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    visibili = Intervento.objects.visibili_a(chi).select_related("soggetto_attuatore")
    trovato = get_object_or_404(visibili.defer("testo_ricerca", "sintesi"), pk=pk)
    tempo = letture.leggi(request.GET)
    scheda = Scheda(trovato, chi, tempo)
    contesto = {
        "intervento": trovato,
        "scheda": scheda,
        "riga": scheda.riga,
        "tempo": tempo,
        "tempo_conserva": letture.da_conservare(request.GET),
        "largo": LARGO,
        "alto": ALTO,
    }
    return render(request, "monitoraggio/situazione/intervento.html", contesto)
