"""The page of an intervento, and its history."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enti import mappa
from enti.accesso import persona, richiede
from enti.permessi import Permesso, consente
from enti.selectors import sagoma
from interventi import cronistoria, scheda, selectors
from interventi.forms.lettura import IstanteForm
from interventi.models import Intervento
from registro.estensioni import sezioni

AZIONI_PER_PAGINA = 20
# More tenders than these stand folded, under a line that adds them up.
GARE_APERTE = 12


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def intervento(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    visibili = Intervento.objects.visibili_a(chi)
    trovato = get_object_or_404(selectors.intervento_completo(visibili), pk=pk)
    comuni = scheda.comuni(trovato)
    requisiti, dnsh = scheda.parte_di(trovato, "requisiti"), scheda.parte_di(trovato, "dnsh")
    gare = scheda.gare(trovato)
    contesto = {
        "intervento": trovato,
        "frase": scheda.frase_iniziale(trovato),
        "denaro": scheda.denaro(trovato),
        "gare": gare,
        "gare_aperte": len(gare.procedure) <= GARE_APERTE,
        "quadro": scheda.quadro(trovato),
        "tappe": scheda.tappe(trovato),
        "comuni": comuni,
        "sagome": sagoma({comune.pk for comune in comuni}) if comuni else [],
        "viewbox": mappa.VIEWBOX,
        "contorni": mappa.contorni_zone(),
        "requisiti": requisiti,
        "dnsh": dnsh,
        "obiettivi_dnsh": scheda.obiettivi_dnsh(dnsh),
        "mancanze": scheda.mancanze_generali(trovato),
        "mancanze_requisiti": [*scheda.mancanze_requisiti(requisiti), *scheda.mancanze_dnsh(dnsh)],
        "sezioni": sezioni("intervento", trovato, chi),
        "puo_modificare": consente(Permesso.MODIFICARE_INTERVENTI, chi.ruoli),
        "puo_vedere_differenze": consente(Permesso.VEDERE_IMPORTAZIONI, chi.ruoli),
    }
    return render(request, "interventi/scheda.html", contesto)


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def per_cup(request: HttpRequest, cup: str) -> HttpResponse:
    """The address of a CUP: its intervento, or the list where several have it."""
    visibili = Intervento.objects.visibili_a(persona(request))
    trovati = list(visibili.filter(cup=selectors.codice_cercato(cup)).values_list("pk", flat=True)[:2])
    if len(trovati) == 1:
        return redirect("intervento", pk=trovati[0])
    return redirect(reverse("interventi", query={"q": cup}))


@richiede(Permesso.LEGGERE_INTERVENTI)
@require_safe
def storia(request: HttpRequest, pk: int) -> HttpResponse:
    chi = persona(request)
    trovato = get_object_or_404(Intervento.objects.visibili_a(chi), pk=pk)
    istante = IstanteForm(request.GET if "quando" in request.GET else None)
    contesto: dict[str, Any] = {"intervento": trovato, "istante": istante}
    if istante.is_valid():
        quando = istante.cleaned_data["quando"]
        contesto |= {"quando": quando, "parti": cronistoria.com_era(trovato, quando)}
    else:
        azioni = Paginator(cronistoria.azioni(trovato), AZIONI_PER_PAGINA)
        contesto |= {
            "pagina": azioni.get_page(request.GET.get("pagina")),
            "puo_vedere_importazioni": consente(Permesso.VEDERE_IMPORTAZIONI, chi.ruoli),
        }
    return render(request, "interventi/storia.html", contesto)
