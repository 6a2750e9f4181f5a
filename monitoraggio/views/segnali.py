"""The early warnings: the list by risk, its file, the page of each, setting aside and taking back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from monitoraggio.filters.segnali import DA_PARTE, TUTTI, SegnaleFilter
from monitoraggio.forms.segnali import SilenziaForm
from monitoraggio.selectors import segnali as letture
from monitoraggio.selectors.segnali import Riga
from monitoraggio.selectors.segnali_csv import INTESTAZIONE, valori
from monitoraggio.services import ripensamenti
from monitoraggio.services import silenzi as servizio
from psttm import formati
from registro.ripensamenti import offri
from registro.tabella_csv import PER_PEZZO, a_pezzi, scaricata

PER_PAGINA = 50


def _filtro(request: HttpRequest) -> SegnaleFilter:
    return SegnaleFilter(request.GET, queryset=letture.elenco(persona(request)), request=request)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    filtro = _filtro(request)
    trovati = filtro.qs
    conti = letture.conti(filtro.aperti)
    mostra = filtro.form.cleaned_data.get("mostra") or ""
    quanti = {DA_PARTE: conti.da_parte, TUTTI: conti.attivi + conti.da_parte}.get(mostra, conti.attivi)
    pagina = Paginator(range(quanti), PER_PAGINA).get_page(request.GET.get("pagina"))
    primo = max(pagina.start_index() - 1, 0)
    ordinati = letture.ordinati(trovati, quanti)
    contesto = {
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters),
        "conti": conti,
        "quanti": quanti,
        "mostra": mostra,
        "oggi": timezone.localdate(),
        "pagina": pagina,
        "righe": [Riga(segnale) for segnale in letture.con_parti(ordinati)[primo : primo + PER_PAGINA]],
    }
    return render(request, "monitoraggio/segnali/elenco.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def in_csv(request: HttpRequest) -> HttpResponseBase:
    """The whole list as it is filtered; where the address makes no sense, the list says why."""
    filtro = _filtro(request)
    if not filtro.form.is_valid():
        return redirect(f"{reverse('segnali')}?{request.GET.urlencode()}")
    righe = (valori(Riga(segnale)) for segnale in letture.con_parti(filtro.qs).iterator(chunk_size=PER_PEZZO))
    return scaricata(a_pezzi(INTESTAZIONE, righe), f"segnali-{timezone.localdate().isoformat()}.csv")


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def segnale(request: HttpRequest, pk: int) -> HttpResponse:
    return _pagina(request, pk)


@richiede(Permesso.SILENZIARE_SEGNALI, modulo=SilenziaForm)
@require_POST
def silenzia(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    trovato = get_object_or_404(letture.uno(chi, pk))
    modulo = SilenziaForm(request.POST)
    if not modulo.is_valid():
        return _pagina(request, pk, modulo)
    try:
        silenzio = servizio.silenzia(segnale_id=trovato.pk, autore=chi, **modulo.cleaned_data)
    except servizio.SilenzioRifiutato as rifiuto:
        modulo.rifiuta(rifiuto.campo, str(rifiuto))
        return _pagina(request, pk, modulo)
    testo = _("Messo da parte fino al %(giorno)s, con il n. %(numero)s, il %(quando)s.")
    valori_detti = {
        "giorno": formati.data_breve(silenzio.fino_al),
        "numero": silenzio.pk,
        "quando": formati.data_ora(silenzio.quando),
    }
    dati = {"segnale": trovato.pk, "silenzio": silenzio.pk}
    offri(request, testo % valori_detti, ripensamenti.SILENZIO, dati)
    return redirect("segnale", pk)


@richiede(Permesso.SILENZIARE_SEGNALI)
@require_POST
def riattiva(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    trovato = get_object_or_404(letture.uno(chi, pk))
    try:
        servizio.riattiva(segnale_id=trovato.pk, autore=chi)
    except servizio.SilenzioRifiutato as rifiuto:
        messages.error(request, str(rifiuto))
    else:
        messages.success(request, _("Ripreso: il segnale è di nuovo fra quelli da guardare."))
    return redirect("segnale", pk)


def _pagina(request: HttpRequest, pk: int, modulo: SilenziaForm | None = None) -> HttpResponse:
    """The page of a warning, with the form to set it aside for who may, or the one that is being mended."""
    chi = persona(request)
    trovato = get_object_or_404(letture.uno(chi, pk))
    puo = servizio.puo_silenziare(chi, trovato)
    volte = letture.altre_volte(trovato)
    contesto = {
        "riga": Riga(trovato),
        "segnale": trovato,
        "altre_volte": volte,
        # Of what ceased, the row that stands now.
        "di_nuovo": next((volta for volta in volte if volta.cessato_il is None), None),
        "silenzi": letture.silenzi(trovato) if letture.vede_i_motivi(chi, trovato) else [],
        "puo_silenziare": puo and trovato.cessato_il is None and trovato.da_parte_fino_al is None,
        "puo_riprendere": puo and trovato.cessato_il is None and trovato.da_parte_fino_al is not None,
        "modulo": modulo or SilenziaForm(),
    }
    return render(request, "monitoraggio/segnali/segnale.html", contesto)
