"""The variazioni: the list, the request of one, the page of each with the decision."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import tempo as tempi
from monitoraggio.filters.variazioni import VariazioneFilter
from monitoraggio.flusso import VARIAZIONE, TransizioneNonPermessa
from monitoraggio.forms.variazioni import PER_TIPO, DecisioneForm, RichiestaForm
from monitoraggio.models import Variazione
from monitoraggio.poteri import puo
from monitoraggio.scelte import TipoVariazione
from monitoraggio.selectors import variazioni as letture
from monitoraggio.services import variazioni as servizi
from monitoraggio.services.variazioni import VariazioneRifiutata
from monitoraggio.tempo import Tempo
from monitoraggio.views.allora import del_tempo, non_ancora

PER_PAGINA = 50


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    tempo = tempi.leggi(request.GET)
    filtro = VariazioneFilter(request.GET, queryset=letture.elenco(persona(request), tempo.istante), request=request)
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    contesto = {
        **del_tempo(request, tempo),
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters if nome not in tempi.PARAMETRI),
        "conti": letture.conti(filtro.qs),
        "pagina": pagina,
        "righe": letture.righe(pagina, tempo.istante),
    }
    return render(request, "monitoraggio/variazioni/elenco.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def variazione(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    tempo = tempi.leggi(request.GET)
    trovata = letture.elenco(chi, tempo.istante).filter(pk=pk).first()
    if trovata is None:
        get_object_or_404(letture.elenco(chi), pk=pk)
        titolo = _("Variazione n. %(numero)s") % {"numero": pk}
        return non_ancora(request, tempo, titolo=titolo, sezione=_("Variazioni"), su=reverse("variazioni"))
    return _pagina(request, letture.come_era(trovata, tempo.istante), chi, DecisioneForm(), tempo)


def _pagina(
    request: HttpRequest, trovata: Variazione, chi: Utente, modulo: DecisioneForm, tempo: Tempo
) -> HttpResponse:
    possibili = letture.passaggi_possibili(trovata, chi) if tempo.attuale else {}
    contesto = {
        **del_tempo(request, tempo, su=reverse("variazione", args=[trovata.pk])),
        "variazione": trovata,
        "effetto": letture.effetto(trovata),
        "oggetto": letture.oggetto_proroga(trovata) if trovata.tipo == TipoVariazione.PROROGA else "",
        "voci": list(trovata.voci.all()),
        "decisioni": {nome: passaggio for nome, passaggio in possibili.items() if passaggio.da_altri},
        "ritiro": possibili.get("ritira"),
        "chiesta_da_me": trovata.richiesta_da_id == chi.pk,
        "modulo": modulo,
    }
    return render(request, "monitoraggio/variazioni/variazione.html", contesto)


@richiede(Permesso.CHIEDERE_VARIAZIONI, modulo=RichiestaForm)
@require_http_methods(["GET", "POST"])
def nuova(request: HttpRequest, pk: int) -> HttpResponse:
    """`tipo` in the address says which kind; without it the page explains the five."""
    chi = persona(request)
    intervento = get_object_or_404(Intervento.objects.visibili_a(chi), pk=pk)
    if not puo(chi, Permesso.CHIEDERE_VARIAZIONI, intervento):
        raise Http404
    tipo = request.GET.get("tipo", "")
    if tipo not in PER_TIPO:
        return render(request, "monitoraggio/variazioni/scelta.html", {"intervento": intervento})
    modulo = PER_TIPO[tipo](request.POST or None, intervento=intervento)
    if request.method == "POST" and modulo.is_valid():
        try:
            chiesta = servizi.chiedi(intervento_id=intervento.pk, tipo=tipo, autore=chi, **modulo.dati())
        except VariazioneRifiutata as rifiuto:
            modulo.rifiuta(rifiuto.campo, str(rifiuto))
        else:
            return redirect("variazione", chiesta.pk)
    contesto = {
        "intervento": intervento,
        "tipo": tipo,
        "nome": TipoVariazione(tipo).label,
        "modulo": modulo,
        "possibile": getattr(modulo, "possibile", True),
    }
    return render(request, "monitoraggio/variazioni/nuova.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO, modulo=DecisioneForm)
@require_POST
def decidi(request: HttpRequest, pk: int, passaggio: str) -> HttpResponse:
    """Who may make which passage is said by `flusso.CHI_VARIAZIONE`, and held by the service."""
    chi = persona(request)
    trovata = get_object_or_404(letture.elenco(chi), pk=pk)
    if passaggio not in VARIAZIONE:
        raise Http404
    modulo = DecisioneForm(request.POST)
    if modulo.is_valid():
        motivo = modulo.cleaned_data["motivo"]
        try:
            servizi.decidi(variazione_id=trovata.pk, passaggio=passaggio, autore=chi, motivo=motivo)
        except Variazione.DoesNotExist:
            raise Http404 from None
        except TransizioneNonPermessa as rifiuto:
            # The reason is missing, or somebody came first: what was typed stays in the form.
            modulo.add_error("motivo" if VARIAZIONE[passaggio].motivo and not motivo else None, str(rifiuto))
        except VariazioneRifiutata as rifiuto:
            modulo.add_error(None, str(rifiuto))
        else:
            return redirect("variazione", trovata.pk)
    return _pagina(request, get_object_or_404(letture.elenco(chi), pk=pk), chi, modulo, tempi.leggi({}))
