"""Creating and editing an intervento by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.views.decorators.http import require_http_methods

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from interventi import controlli, istantanea
from interventi.confronto import Confronto, confronta
from interventi.forms.insieme import ModuloIntervento
from interventi.forms.moduli import InterventoForm
from interventi.models import Intervento
from interventi.services.modifica import DatiRifiutati, ModificaConcorrente, crea_intervento, modifica_intervento
from psttm import formati
from psttm.chiesto import intero

SEZIONI = (
    ("identita", pigro("Identità")),
    ("cup", pigro("CUP")),
    ("progetto", pigro("Progetto")),
    ("dove", pigro("Dove")),
    ("denaro", pigro("Denaro")),
    ("quadro", pigro("Quadro economico")),
    ("gare", pigro("Gare")),
    ("requisiti", pigro("Requisiti")),
    ("dnsh", pigro("DNSH")),
    ("strategia", pigro("Driver e STTM")),
)


@richiede(Permesso.MODIFICARE_INTERVENTI, modulo=InterventoForm)
@require_http_methods(["GET", "POST"])
def nuovo(request: HttpRequest) -> HttpResponse:
    modulo = ModuloIntervento(request.POST if request.method == "POST" else None, quadro=istantanea.Istantanea())
    if request.method == "POST" and modulo.is_valid():
        try:
            creato = crea_intervento(dati=modulo.dati(), parti=modulo.parti(), autore=persona(request))
        except DatiRifiutati as rifiuto:
            modulo.aggiungi(rifiuto.rilievi)
        else:
            return _salvato(request, creato, _("Intervento %(codice)s creato alle %(ora)s."), modulo.quadro)
    return _pagina(request, modulo)


@richiede(Permesso.MODIFICARE_INTERVENTI, modulo=InterventoForm)
@require_http_methods(["GET", "POST"])
def modifica(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    intervento = get_object_or_404(Intervento.objects.visibili_a(chi), pk=pk)
    pagina = intero(request.GET.get("righe", "")) or 1
    argomenti: dict[str, Any] = {"intervento_id": pk, "pagina": pagina}
    quadro = istantanea.leggi(pk)
    if request.method == "GET":
        modulo = ModuloIntervento(quadro=quadro, visto_alle=intervento.aggiornato.isoformat(), **argomenti)
        return _pagina(request, modulo, intervento)
    modulo = ModuloIntervento(request.POST, quadro=quadro, **argomenti)
    if not modulo.is_valid():
        return _pagina(request, modulo, intervento)
    dati, parti, visto = modulo.dati(), modulo.parti(), modulo.principale.cleaned_data["visto_alle"]
    try:
        salvato = modifica_intervento(intervento_id=pk, dati=dati, parti=parti, autore=chi, visto_alle=visto)
    except DatiRifiutati as rifiuto:
        modulo.aggiungi(rifiuto.rilievi)
        return _pagina(request, modulo, intervento)
    except ModificaConcorrente as scontro:
        adesso = istantanea.leggi(pk)
        confronto = confronta(istantanea.leggi(pk, noto_al=visto), adesso, dati, parti)
        modulo = ModuloIntervento(
            quadro=adesso, mostrato=confronto.mostrata, visto_alle=scontro.quando.isoformat(), **argomenti
        )
        return _pagina(request, modulo, intervento, scontro=scontro, confronto=confronto)
    if salvato.aggiornato == visto:
        messages.info(request, _("Non c'era nulla da salvare: i dati sono quelli di prima."))
        return _dopo(request, salvato)
    return _salvato(request, salvato, _("Intervento %(codice)s salvato alle %(ora)s."), quadro)


def _salvato(request: HttpRequest, intervento: Intervento, frase: str, prima: istantanea.Istantanea) -> HttpResponse:
    ora = formati.data_ora(intervento.aggiornato).rpartition(" ")[2]
    messages.success(request, frase % {"codice": intervento.codice, "ora": ora})
    for avviso in controlli.avvisi(prima, istantanea.leggi(intervento.pk)):
        messages.warning(request, avviso)
    return _dopo(request, intervento)


def _dopo(request: HttpRequest, intervento: Intervento) -> HttpResponse:
    """To the page of the intervento, or back to the form for who goes on writing."""
    if "resta" not in request.POST:
        return redirect("intervento", pk=intervento.pk)
    risposta = redirect("intervento-modifica", pk=intervento.pk)
    if request.GET:
        risposta["Location"] += f"?{request.GET.urlencode()}"
    return risposta


def _pagina(
    request: HttpRequest,
    modulo: ModuloIntervento,
    intervento: Intervento | None = None,
    *,
    scontro: ModificaConcorrente | None = None,
    confronto: Confronto | None = None,
) -> HttpResponse:
    contesto = {
        "modulo": modulo,
        "errori": modulo.errori() if modulo.principale.is_bound else [],
        "somme": modulo.somme(),
        "intervento": intervento,
        "sezioni": SEZIONI,
        "scontro": scontro,
        "confronto": confronto,
        "pagine": range(1, modulo.pagine + 1),
    }
    return render(request, "interventi/modulo.html", contesto)
