"""The messages of an intervento: read, written, answered, closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import tempo as tempi
from monitoraggio.forms.messaggi import LUNGHEZZA, MessaggioForm
from monitoraggio.models import Avanzamento, Messaggio
from monitoraggio.poteri import puo
from monitoraggio.selectors import messaggi as selectors
from monitoraggio.services import messaggi as servizio
from monitoraggio.tempo import Tempo
from monitoraggio.views.allora import del_tempo
from psttm import formati


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest, pk: int) -> HttpResponse:
    """The threads of an intervento; `?avanzamento=` says what a new one would speak of, `?testo=` how it begins."""
    chi = persona(request)
    intervento = get_object_or_404(selectors.monitorati(chi).select_related("soggetto_attuatore"), pk=pk)
    chiesto = request.GET.get("avanzamento", "")
    avanzamento = None
    if chiesto.isdecimal() and len(chiesto) < 19:
        avanzamento = Avanzamento.objects.filter(intervento=intervento, pk=int(chiesto)).first()
    nuovo = MessaggioForm(
        avanzamento=None if avanzamento is None else avanzamento.pk, testo=request.GET.get("testo", "")[:LUNGHEZZA]
    )
    return _pagina(request, chi, intervento, nuovo, avanzamento=avanzamento, tempo=tempi.leggi(request.GET))


@richiede(Permesso.SCRIVERE_MESSAGGI, modulo=MessaggioForm)
@require_POST
def scrivi(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    intervento = get_object_or_404(selectors.monitorati(chi).select_related("soggetto_attuatore"), pk=pk)
    filo = request.POST.get("risponde_a", "")
    modulo = MessaggioForm(request.POST, filo=int(filo) if filo.isdecimal() and len(filo) < 19 else None)
    if not modulo.is_valid():
        return _pagina(request, chi, intervento, modulo)
    dati = modulo.cleaned_data
    try:
        messaggio = servizio.scrivi(
            intervento_id=intervento.pk,
            testo=dati["testo"],
            risponde_a_id=dati["risponde_a"],
            avanzamento_id=dati["avanzamento"],
            autore=chi,
        )
    except (Messaggio.DoesNotExist, Avanzamento.DoesNotExist):
        modulo = MessaggioForm({"testo": dati["testo"]})
        modulo.add_error(None, _("Ciò a cui rispondevi non è di questo intervento: così apriresti un messaggio nuovo."))
        return _pagina(request, chi, intervento, modulo)
    except servizio.MessaggioRifiutato as rifiuto:
        modulo.add_error(None, str(rifiuto))
        return _pagina(request, chi, intervento, modulo)
    testo = _("Messaggio n. %(numero)s registrato il %(quando)s: chi deve leggerlo lo trova fra le sue allerte.")
    messages.success(request, testo % {"numero": messaggio.pk, "quando": formati.data_ora(messaggio.quando)})
    return redirect(f"{reverse('intervento-messaggi', args=[intervento.pk])}#messaggio-{messaggio.pk}")


@richiede(Permesso.SCRIVERE_MESSAGGI)
@require_POST
def chiudi(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    messaggio = get_object_or_404(Messaggio.objects.visibili_a(chi), pk=pk)
    try:
        filo = servizio.chiudi(messaggio_id=messaggio.pk, autore=chi)
    except servizio.MessaggioRifiutato as rifiuto:
        messages.error(request, str(rifiuto))
    else:
        testo = _("Conversazione n. %(numero)s chiusa il %(quando)s. Una risposta la riapre.")
        messages.success(request, testo % {"numero": filo.pk, "quando": formati.data_ora(filo.chiuso_il)})
    return redirect("intervento-messaggi", messaggio.intervento_id)


def _pagina(
    request: HttpRequest,
    chi: Utente,
    intervento: Intervento,
    modulo: MessaggioForm,
    avanzamento: Avanzamento | None = None,
    tempo: Tempo | None = None,
) -> HttpResponse:
    """The page with a form for a new thread and one under each, `modulo` in its place if it is being mended."""
    tempo = tempo or tempi.leggi({})
    aperti, chiusi = selectors.fili(intervento, tempo.istante)
    risposta = modulo.initial["risponde_a"]
    if risposta not in {filo.primo.pk for filo in [*aperti, *chiusi]}:
        risposta = None

    def con_modulo(fili: list[selectors.Filo]) -> list[tuple[selectors.Filo, Any]]:
        return [(f, modulo if f.primo.pk == risposta else MessaggioForm(filo=f.primo.pk)) for f in fili]

    contesto = {
        **del_tempo(request, tempo, su=reverse("intervento-messaggi", args=[intervento.pk])),
        "intervento": intervento,
        "aperti": con_modulo(aperti),
        "chiusi": con_modulo(chiusi),
        "nuovo": MessaggioForm() if risposta else modulo,
        "avanzamento": avanzamento,
        "in_errore": risposta if modulo.is_bound else None,
        "puo_scrivere": tempo.attuale and puo(chi, Permesso.SCRIVERE_MESSAGGI, intervento),
    }
    return render(request, "monitoraggio/messaggi/elenco.html", contesto)
