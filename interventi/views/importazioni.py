"""Pages of the imports: hand in files, read the trial, confirm, follow, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi import esiti_importazioni, quadro_importazioni, selectors_importazioni
from interventi.filters_importazioni import RigheFilter
from interventi.forms.importazioni import CaricamentoForm, MotivoForm, massimo_byte
from interventi.importazione.tipi import Tabella
from interventi.models import Importazione, TabellaImportata
from interventi.models.importazioni import StatoDifferenza
from interventi.services import importazioni as servizi
from psttm.chiesto import intero
from registro.selectors import cronologia
from registro.tabella_csv import scaricata

PER_PAGINA = 50


@richiede(Permesso.VEDERE_IMPORTAZIONI)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    pagina = Paginator(selectors_importazioni.importazioni(), PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        "pagina": pagina,
        "righe": [quadro_importazioni.voce_di_elenco(importazione) for importazione in pagina],
        "aperte": selectors_importazioni.differenze_aperte(),
        "puo_importare": _puo_importare(persona(request)),
    }
    return render(request, "interventi/importazioni/elenco.html", contesto)


def _puo_importare(chi: Utente) -> bool:
    return consente(Permesso.IMPORTARE, chi.ruoli)


@richiede(Permesso.IMPORTARE, modulo=CaricamentoForm)
@require_http_methods(["GET", "POST"])
def nuova(request: HttpRequest) -> HttpResponse:
    """Files are taken in and a trial of them is asked for; the page of the import follows it."""
    modulo = CaricamentoForm(request.POST, request.FILES) if request.method == "POST" else CaricamentoForm()
    if modulo.is_valid():
        try:
            creata = servizi.carica_file(
                file=[(file.name, file) for file in modulo.cleaned_data["file"]],
                perimetro=modulo.cleaned_data["perimetro"],
                autore=persona(request),
            )
        except servizi.ImportazioneNonAmmessa as errore:
            modulo.add_error("file", str(errore))
        else:
            return redirect("importazione", pk=creata.pk)
    contesto = {"modulo": modulo, "tabelle": Tabella.labels, "massimo_byte": massimo_byte()}
    return render(request, "interventi/importazioni/nuova.html", contesto)


@richiede(Permesso.VEDERE_IMPORTAZIONI)
@require_safe
def importazione(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = _trova(pk)
    posizione = quadro_importazioni.posizione(trovata)
    chi, eventi = persona(request), list(cronologia(trovata))
    contesto = {
        "importazione": trovata,
        "posizione": posizione,
        "tabelle": quadro_importazioni.per_tabella(selectors_importazioni.tabelle(trovata)),
        "totali": selectors_importazioni.totali(trovata),
        "file_con_errore": [file for file in trovata.file.all() if file.errore],
        "da_scrivere": quadro_importazioni.qualcosa_da_scrivere(trovata.conteggi),
        "frase_conferma": quadro_importazioni.frase_conferma(trovata.conteggi),
        "cronologia": eventi,
        "ricevuta": quadro_importazioni.testo_ricevuta(eventi),
        "differenze_aperte": trovata.differenze.filter(stato=StatoDifferenza.APERTA).count(),
        "puo_importare": _puo_importare(chi),
        "puo_gestire_piani": consente(Permesso.GESTIRE_PIANI, chi.ruoli),
    }
    return render(request, "interventi/importazioni/importazione.html", contesto)


def _trova(pk: int) -> Importazione:
    return get_object_or_404(selectors_importazioni.importazioni(), pk=pk)


@richiede(Permesso.VEDERE_IMPORTAZIONI)
@require_safe
def righe(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = _trova(pk)
    filtro = RigheFilter(request.GET, queryset=selectors_importazioni.righe(trovata), importazione=trovata)
    pagina = selectors_importazioni.pagina_di_righe(filtro.qs, per_pagina=PER_PAGINA, numero=request.GET.get("pagina"))
    tabella = filtro.form.cleaned_data.get("tabella") if filtro.form.is_valid() else None
    contesto = {
        "importazione": trovata,
        "posizione": quadro_importazioni.posizione(trovata),
        "filtro": filtro,
        "pagina": pagina,
        "tabella": tabella,
        "da_correggere": tabella is not None and quadro_importazioni.da_correggere(tabella),
    }
    return render(request, "interventi/importazioni/righe.html", contesto)


@richiede(Permesso.VEDERE_IMPORTAZIONI)
@require_safe
def esiti(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Without a table the outcomes of all rows with remarks; with one, its rows to mend and import again."""
    trovata = _trova(pk)
    numero = request.GET.get("tabella", "")
    if numero:
        tabella = get_object_or_404(TabellaImportata, pk=intero(numero), file__importazione=trovata)
        return scaricata(esiti_importazioni.da_correggere(tabella), esiti_importazioni.nome_da_correggere(tabella))
    return scaricata(esiti_importazioni.rilievi(trovata), esiti_importazioni.nome_rilievi(trovata))


@richiede(Permesso.IMPORTARE)
@require_POST
def applica(request: HttpRequest, pk: int) -> HttpResponse:
    return _fai(request, pk, servizi.conferma)


@richiede(Permesso.IMPORTARE)
@require_POST
def ripeti(request: HttpRequest, pk: int) -> HttpResponse:
    return _fai(request, pk, servizi.riprova)


@richiede(Permesso.IMPORTARE)
@require_POST
def scarta(request: HttpRequest, pk: int) -> HttpResponse:
    return _fai(request, pk, servizi.scarta)


def _fai(request: HttpRequest, pk: int, servizio: Callable[..., Any]) -> HttpResponse:
    """Ask for it, and show on the page of the import how it went."""
    _trova(pk)
    try:
        servizio(importazione_id=pk, autore=persona(request))
    except servizi.ImportazioneNonAmmessa as errore:
        messages.error(request, str(errore))
    return redirect("importazione", pk=pk)


@richiede(Permesso.IMPORTARE, modulo=MotivoForm)
@require_http_methods(["GET", "POST"])
def annulla(request: HttpRequest, pk: int) -> HttpResponse:
    trovata = _trova(pk)
    modulo = MotivoForm(request.POST or None)
    if modulo.is_valid():
        try:
            servizi.annulla(importazione_id=pk, autore=persona(request), motivo=modulo.cleaned_data["motivo"])
        except servizi.ImportazioneNonAmmessa as errore:
            modulo.add_error(None, str(errore))
        else:
            return redirect("importazione", pk=pk)
    contesto = {
        "importazione": trovata,
        "posizione": quadro_importazioni.posizione(trovata),
        "modulo": modulo,
        "indirizzo": reverse("importazione", args=[pk]),
    }
    return render(request, "interventi/importazioni/annulla.html", contesto)
