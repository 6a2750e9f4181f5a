"""The review: the list of what the Comuni sent, and the bulk actions with a summary before and a receipt after."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio.filters.istruttoria import IstruttoriaFilter
from monitoraggio.forms.blocco import MotivoForm, richieste, scelti
from monitoraggio.models import Avanzamento
from monitoraggio.selectors import istruttoria as letture
from monitoraggio.selectors import mancanti as in_ritardo
from monitoraggio.services import blocco, solleciti
from monitoraggio.services.blocco import AL_MASSIMO, AZIONI, Scelto
from monitoraggio.services.solleciti import Richiesta
from registro.models import Evento

PER_PAGINA = 50
PAGINE_POSSIBILI = (50, 100, 200)
SOLLECITA = "sollecita"
TITOLI = {nome: azione.titolo for nome, azione in AZIONI.items()} | {SOLLECITA: "Sollecita"}


def _filtro(request: HttpRequest, parametri: QueryDict, chi: Utente) -> IstruttoriaFilter:
    return IstruttoriaFilter(parametri, queryset=letture.avanzamenti(chi), request=request)


@richiede(Permesso.ISTRUIRE_AVANZAMENTI)
@require_safe
def istruttoria(request: HttpRequest) -> HttpResponse:
    chi = persona(request)
    filtro = _filtro(request, request.GET, chi)
    vista = letture.VISTE[filtro.vista]
    righe = filtro.qs.order_by(*vista.ordine)
    quanti = righe.count()
    chiesti = request.GET.get("per_pagina", "")
    per_pagina = int(chiesti) if chiesti in map(str, PAGINE_POSSIBILI) else PER_PAGINA
    pagina = Paginator(range(quanti), per_pagina).get_page(request.GET.get("pagina"))
    primo = max(pagina.start_index() - 1, 0)
    chiavi = list(righe.values_list("pk", flat=True)[primo : primo + per_pagina])
    contesto = {
        "filtro": filtro,
        "vista": filtro.vista,
        "viste": [(codice, una.nome) for codice, una in letture.VISTE.items()],
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters if nome != "stato"),
        "conti": letture.conti(chi),
        "quanti": quanti,
        "al_massimo": AL_MASSIMO,
        "pagina": pagina,
        "per_pagina": per_pagina,
        "pagine_possibili": PAGINE_POSSIBILI,
        "righe": letture.righe(chiavi, chi),
        "azioni": [(nome, TITOLI[nome]) for nome in vista.azioni],
        "filtri": request.GET.urlencode(),
    }
    return render(request, "monitoraggio/istruttoria/elenco.html", contesto)


@richiede(Permesso.ISTRUIRE_AVANZAMENTI)
@require_safe
def mancanti(request: HttpRequest) -> HttpResponse:
    """Who has not sent a month: by default the latest one past its term."""
    mesi = in_ritardo.mesi(timezone.localdate())
    chiesto = request.GET.get("mese", "")
    scelto = next((mese for mese in mesi if mese.codice == chiesto), None)
    scelto = scelto or next((mese for mese in mesi if mese.scaduto), mesi[0] if mesi else None)
    enti = in_ritardo.mancanti(scelto.mese, persona(request)) if scelto is not None else []
    contesto = {
        "mesi": mesi,
        "scelto": scelto,
        "enti": [(ente, ente.gettoni(scelto.mese)) for ente in enti] if scelto is not None else [],
        "quanti": sum(len(ente.interventi) for ente in enti),
    }
    return render(request, "monitoraggio/istruttoria/mancanti.html", contesto)


@richiede(Permesso.ISTRUIRE_AVANZAMENTI, modulo=MotivoForm)
@require_http_methods(["GET", "POST"])
def in_blocco(request: HttpRequest) -> HttpResponse:
    """First what would be done and to which, then, with `conferma`, the doing; the receipt has its address."""
    if request.method == "GET":
        return render(request, "monitoraggio/istruttoria/blocco.html", {"ricevuta": _ricevuta(request)})
    azione = request.POST.get("azione", "")
    if azione not in TITOLI:
        raise Http404
    conferma = "conferma" in request.POST
    modulo = MotivoForm(request.POST if conferma else None, azione=azione)
    contesto: dict[str, Any] = {"azione": azione, "titolo": TITOLI[azione], "modulo": modulo}
    chi = persona(request)
    if azione == SOLLECITA:
        return _sollecita(request, chi, contesto)
    presi, oltre = _scelti(request, chi)
    if conferma and presi and modulo.is_valid():
        motivo = modulo.cleaned_data.get("motivo", "")
        evento = blocco.esegui(azione=azione, scelti=presi, motivo=motivo, autore=chi)
        return redirect(reverse("istruttoria-blocco", query={"ricevuta": evento.pk}))
    anteprima = blocco.anteprima(azione=azione, scelti=presi, autore=chi)
    contesto |= {"anteprima": anteprima, "oltre": oltre, "al_massimo": AL_MASSIMO}
    return render(request, "monitoraggio/istruttoria/blocco.html", contesto)


def _sollecita(request: HttpRequest, chi: Utente, contesto: dict[str, Any]) -> HttpResponse:
    presi, oltre = _scelti(request, chi)
    # The page of who is missing sends those of a whole body in one value.
    gettoni = [uno for valore in request.POST.getlist("mancanti") for uno in valore.split()]
    chieste = [*richieste(gettoni), *_mesi_di(presi, chi)]
    oltre += max(len(chieste) - AL_MASSIMO, 0)
    chieste = chieste[:AL_MASSIMO]
    modulo = contesto["modulo"]
    if modulo.is_valid() and chieste:
        evento = solleciti.sollecita(richieste=chieste, testo=modulo.cleaned_data["motivo"], autore=chi)
        return redirect(reverse("istruttoria-blocco", query={"ricevuta": evento.pk}))
    contesto |= {"sollecito": solleciti.anteprima(richieste=chieste, autore=chi), "oltre": oltre}
    return render(request, "monitoraggio/istruttoria/sollecito.html", contesto)


def _scelti(request: HttpRequest, chi: Utente) -> tuple[list[Scelto], int]:
    """What was chosen, or with `tutti` all that the list shows; and how many more there are than one goes for."""
    if not request.POST.get("tutti"):
        presi = scelti(request.POST.getlist("scelti"))
        return presi[:AL_MASSIMO], max(len(presi) - AL_MASSIMO, 0)
    filtro = _filtro(request, QueryDict(request.POST.get("filtri", "")), chi)
    if not filtro.form.is_valid():
        return [], 0
    righe = filtro.qs.order_by(*letture.VISTE[filtro.vista].ordine)
    primi = [Scelto(*coppia) for coppia in righe.values_list("pk", "revisione")[: AL_MASSIMO + 1]]
    oltre = righe.count() - AL_MASSIMO if len(primi) > AL_MASSIMO else 0
    return primi[:AL_MASSIMO], oltre


def _mesi_di(presi: list[Scelto], chi: Utente) -> list[Richiesta]:
    visibili = Avanzamento.objects.visibili_a(chi).filter(pk__in=[scelto.pk for scelto in presi])
    return list(visibili.order_by("mese", "pk").values_list("intervento", "mese"))


def _ricevuta(request: HttpRequest) -> Evento | None:
    """The receipt that the address asks for. Raises Http404 when there is no such receipt."""
    chiesta = request.GET.get("ricevuta")
    if chiesta is None:
        return None
    numero = int(chiesta) if chiesta.isdecimal() and len(chiesta) < 19 else 0
    trovata = blocco.ricevuta(numero) or solleciti.ricevuta(numero)
    if trovata is None:
        raise Http404
    return trovata
