"""The traguardi: the list on a day, the page of each with its history, and the forms that write them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import tempo as tempi
from monitoraggio.filters.traguardi import ElencoTraguardiFilter
from monitoraggio.forms.traguardi import ModificaTraguardoForm, NuovoTraguardoForm, SpostaForm
from monitoraggio.models import Traguardo, Variazione
from monitoraggio.poteri import su_tutti
from monitoraggio.selectors import traguardi as letture
from monitoraggio.services import ripensamenti
from monitoraggio.services import traguardi as servizi
from monitoraggio.services.traguardi import CORREGGIBILI, TraguardoRifiutato
from monitoraggio.views.allora import del_tempo, non_ancora
from psttm import formati
from registro.models import Fonte
from registro.ripensamenti import offri

PER_PAGINA = 50
FONTE_PORTALE = "portale"


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    """`al` judges on a day with what is known today; `noto_al` with what was known at an instant."""
    chi = persona(request)
    tempo = tempi.leggi(request.GET)
    letti = letture.elenco(chi, al=tempo.giorno, noto_al=tempo.noto_al)
    filtro = ElencoTraguardiFilter(request.GET, queryset=letti, request=request)
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        **del_tempo(request, tempo),
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters if nome not in tempi.PARAMETRI),
        "conti": letture.conti(filtro.qs),
        "pagina": pagina,
        "righe": [letture.riga(traguardo, tempo.giorno) for traguardo in pagina],
        "puo_gestire": tempo.attuale and su_tutti(chi, Permesso.GESTIRE_TRAGUARDI),
    }
    return render(request, "monitoraggio/traguardi/elenco.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def traguardo(request: HttpRequest, pk: int) -> HttpResponse:
    """On a day with what is known today, or as it was known at an instant; its history until then."""
    chi = persona(request)
    tempo = tempi.leggi(request.GET)
    trovato = letture.elenco(chi, al=tempo.giorno, noto_al=tempo.noto_al).filter(id=pk).first()
    if trovato is None:
        get_object_or_404(letture.elenco(chi), pk=pk)
        return non_ancora(request, tempo, titolo=_("Traguardo"), sezione=_("Traguardi"), su=reverse("traguardi"))
    mosse = letture.spostamenti(pk, al=tempo.al, noto_al=tempo.noto_al)
    contesto = {
        **del_tempo(request, tempo),
        "riga": letture.riga(trovato, tempo.giorno),
        "traguardo": trovato,
        "spostamenti": mosse.select_related("autore", "variazione"),
        "versioni": letture.versioni(pk, tempo.istante),
        "variazioni_visibili": _proroghe_visibili(pk, chi),
        "puo_gestire": tempo.attuale and su_tutti(chi, Permesso.GESTIRE_TRAGUARDI),
    }
    return render(request, "monitoraggio/traguardi/traguardo.html", contesto)


def _proroghe_visibili(di: int, chi: Utente) -> set[int]:
    return set(Variazione.objects.visibili_a(chi).filter(spostamenti__traguardo=di).values_list("pk", flat=True))


@richiede(Permesso.GESTIRE_TRAGUARDI, modulo=NuovoTraguardoForm)
@require_http_methods(["GET", "POST"])
def nuovo(request: HttpRequest) -> HttpResponse:
    """The address may say whose it is: `misura` and `piano` by code, `intervento` by number."""
    modulo = NuovoTraguardoForm(request.POST or None, initial=_proposti(request))
    if request.method == "POST" and modulo.is_valid():
        try:
            creato = servizi.crea(dati=modulo.dati(), autore=persona(request))
        except TraguardoRifiutato as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            messages.success(request, _("Traguardo %(codice)s creato.") % {"codice": creato.codice})
            return redirect("traguardo", creato.pk)
    return render(request, "monitoraggio/traguardi/modulo.html", {"modulo": modulo})


def _proposti(request: HttpRequest) -> dict[str, Any]:
    proposti: dict[str, Any] = {nome: request.GET.get(nome, "") for nome in ("misura", "piano")}
    numero = request.GET.get("intervento", "")
    if numero.isdecimal() and len(numero) < 19:
        visibili = Intervento.objects.visibili_a(persona(request)).filter(pk=int(numero))
        trovato = visibili.only("cup", "clp").first()
        proposti["intervento"] = "" if trovato is None else trovato.clp or trovato.cup
    proposti["fonte"] = Fonte.objects.filter(codice=FONTE_PORTALE).first()
    return proposti


@richiede(Permesso.GESTIRE_TRAGUARDI, modulo=ModificaTraguardoForm)
@require_http_methods(["GET", "POST"])
def modifica(request: HttpRequest, pk: int) -> HttpResponse:
    trovato = get_object_or_404(letture.elenco(persona(request)), pk=pk)
    iniziale = model_to_dict(trovato, fields=CORREGGIBILI) | {"vista": servizi.versione_di(trovato.pk)}
    modulo = ModificaTraguardoForm(request.POST or None, instance=trovato, initial=iniziale)
    if request.method == "POST" and modulo.is_valid():
        vista = modulo.cleaned_data["vista"]
        try:
            servizi.modifica(traguardo_id=trovato.pk, dati=modulo.dati(), vista=vista, autore=persona(request))
        except TraguardoRifiutato as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            testo = _("Traguardo %(codice)s salvato.") % {"codice": trovato.codice}
            scritta = servizi.versione_di(trovato.pk)
            if scritta == vista:
                messages.success(request, testo)
            else:
                offri(request, testo, ripensamenti.TRAGUARDO, {"traguardo": trovato.pk, "versione": scritta})
            return redirect("traguardo", trovato.pk)
    contesto = {"modulo": modulo, "traguardo": trovato, "riga": letture.riga(trovato)}
    return render(request, "monitoraggio/traguardi/modulo.html", contesto)


@richiede(Permesso.GESTIRE_TRAGUARDI, modulo=SpostaForm)
@require_http_methods(["GET", "POST"])
def sposta(request: HttpRequest, pk: int) -> HttpResponse:
    trovato: Traguardo = get_object_or_404(letture.elenco(persona(request)), pk=pk)
    modulo = SpostaForm(request.POST or None)
    if request.method == "POST" and modulo.is_valid():
        try:
            fatto = servizi.sposta(traguardo_id=trovato.pk, autore=persona(request), **modulo.cleaned_data)
        except TraguardoRifiutato as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            testo = _("Scadenza spostata dal %(da)s al %(a)s, registrata con il n. %(numero)s il %(quando)s.")
            valori = {
                "da": formati.data_breve(fatto.da),
                "a": formati.data_breve(fatto.a),
                "numero": fatto.pk,
                "quando": formati.data_ora(fatto.quando),
            }
            messages.success(request, testo % valori)
            return redirect("traguardo", trovato.pk)
    contesto = {"modulo": modulo, "traguardo": trovato, "riga": letture.riga(trovato)}
    return render(request, "monitoraggio/traguardi/sposta.html", contesto)
