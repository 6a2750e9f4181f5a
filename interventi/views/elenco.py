"""The list of interventi and its export."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi import esportazione, estensioni
from interventi.colonne import colonne_possibili
from interventi.elenco import PAGINE_POSSIBILI, Elenco
from registro.tabella_csv import scaricata

# The filters at hand; those of the rooms above follow, the others open on demand.
PRINCIPALI = ("q", "comune")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def interventi(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    elenco = Elenco(request.GET, chi)
    if elenco.da_abbreviare:
        return redirect(f"{request.path}{elenco.indirizzo()}")
    pagina = elenco.pagina()
    chip = elenco.chip()
    contesto = {
        "elenco": elenco,
        "totali": elenco.totali,
        "pagina": pagina,
        "righe": [elenco.riga(intervento) for intervento in pagina],
        "teste": elenco.teste(),
        "chip": chip,
        "colonne": [(colonna, colonna in elenco.colonne) for colonna in colonne_possibili()],
        "da_tenere": _da_tenere(elenco),
        "misure_pagina": [(n, elenco.indirizzo(per_pagina=str(n))) for n in PAGINE_POSSIBILI],
        "azioni": _azioni(chi),
        "puo_importare": consente(Permesso.IMPORTARE, chi.ruoli),
        "puo_modificare": consente(Permesso.MODIFICARE_INTERVENTI, chi.ruoli),
        **_campi(elenco),
    }
    return render(request, "interventi/elenco.html", contesto)


def _azioni(chi: Utente) -> list[dict[str, str]]:
    """The bulk actions that this person may take."""
    return [
        {"titolo": azione.titolo, "indirizzo": reverse(azione.rotta)}
        for aggiunta in estensioni.AGGIUNTE
        for azione in aggiunta.azioni
        if consente(Permesso(azione.permesso), chi.ruoli)
    ]


def _campi(elenco: Elenco) -> dict[str, Any]:
    """The fields of the filter bar: those at hand, and the others, open if one of them is in use or wrong."""
    aggiunti = [nome for aggiunta in estensioni.AGGIUNTE for nome in aggiunta.filtri]
    a_mano = {*PRINCIPALI, *aggiunti}
    campi = elenco.filtro.form.visible_fields()
    altri = [campo for campo in campi if campo.name not in a_mano]
    usati = [campo for campo in altri if campo.errors or campo.data]
    return {
        "principali": [campo for campo in campi if campo.name in a_mano],
        "altri": altri,
        "altri_usati": len(usati),
    }


def _da_tenere(elenco: Elenco) -> dict[str, list[tuple[str, str]]]:
    """What each form of the page must carry along: the parameters that are not its own."""
    parametri = QueryDict(elenco.indirizzo().removeprefix("?"))
    filtri = set(elenco.filtro.filters)
    coppie = [(nome, valore) for nome, valori in parametri.lists() for valore in valori]
    return {
        "filtri": [coppia for coppia in coppie if coppia[0] not in filtri],
        "colonne": [coppia for coppia in coppie if coppia[0] != "colonne"],
    }


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def esporta(request: HttpRequest, formato: str) -> HttpResponseBase:
    """The file is exactly the list: with a filter that makes no sense there is none, and the list says why."""
    elenco = Elenco(request.GET, persona(request))
    if formato not in {"csv", "xlsx"}:
        raise Http404
    if not elenco.filtro.form.is_valid():
        return redirect(f"{reverse('interventi')}{elenco.indirizzo()}")
    nome = esportazione.nome_file(formato)
    if formato == "csv":
        return scaricata(esportazione.csv_a_pezzi(elenco), nome)
    libro = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    esportazione.scrivi_xlsx(elenco, libro)
    libro.seek(0)
    return FileResponse(libro, as_attachment=True, filename=nome, content_type=XLSX)
