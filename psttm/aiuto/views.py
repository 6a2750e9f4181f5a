"""Pages of the help: they translate HTTP, and nothing else."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from psttm.aiuto import guida as sorgenti
from psttm.aiuto.giri import GIRI, PER_RUOLO, giro_di
from psttm.aiuto.glossario import PER_ANCORA, TERMINI
from psttm.aiuto.indice import CAPITOLI, PAGINE
from psttm.aiuto.modelli import EsitoGiro
from psttm.aiuto.services import segna_giro


@richiede(Permesso.PUBBLICO)
@require_safe
def glossario(request: HttpRequest) -> HttpResponse:
    """Every term, with the others to look at."""
    voci = [(termine, [PER_ANCORA[ancora] for ancora in termine.vedi]) for termine in TERMINI]
    return render(request, "psttm/glossario.html", {"voci": voci})


@richiede(Permesso.PUBBLICO)
@require_safe
def guida(request: HttpRequest) -> HttpResponse:
    """The table of contents of the guide."""
    pagine = sorgenti.pagine()
    contesto = {
        "pagina": sorgenti.introduzione(),
        "capitoli": [(capitolo, [pagine[codice] for codice in capitolo.pagine]) for capitolo in CAPITOLI if pagine],
        "giri": GIRI,
    }
    return render(request, "psttm/guida/indice.html", contesto)


@richiede(Permesso.PUBBLICO)
@require_safe
def pagina(request: HttpRequest, codice: str) -> HttpResponse:
    """One page of the guide, between the one before and the one after."""
    pagine = sorgenti.pagine()
    if codice not in pagine:
        raise Http404(_("Nella guida non c'è la pagina «%(codice)s»: cercala nell'indice.") % {"codice": codice})
    posto = PAGINE.index(codice)
    contesto = {
        "pagina": pagine[codice],
        "capitoli": [(capitolo, [pagine[una] for una in capitolo.pagine]) for capitolo in CAPITOLI],
        "prima": pagine[PAGINE[posto - 1]] if posto else None,
        "dopo": pagine[PAGINE[posto + 1]] if posto + 1 < len(PAGINE) else None,
        "giri": GIRI if codice == "primi-passi" else (),
    }
    return render(request, "psttm/guida/pagina.html", contesto)


@richiede(Permesso.PUBBLICO)
@require_safe
def primi_passi(request: HttpRequest, ruolo: str) -> HttpResponse:
    """The steps of a tour, one below the other: for who reads without scripts, or wants to print them."""
    if ruolo not in PER_RUOLO:
        raise Http404(_("Non c'è un giro per «%(ruolo)s»: quelli che ci sono stanno nella guida.") % {"ruolo": ruolo})
    ruoli = persona(request).ruoli if request.user.is_authenticated else frozenset()
    suo = giro_di(ruoli)
    contesto = {"giro": PER_RUOLO[ruolo], "giri": GIRI, "suo": suo is not None and suo.ruolo == ruolo}
    return render(request, "psttm/guida/primi_passi.html", contesto)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_POST
def giro_visto(request: HttpRequest) -> HttpResponse:
    """What became of the tour that was offered: «visto» or «rimandato»; scripts are answered with nothing."""
    giro = giro_di(persona(request).ruoli)
    esito = request.POST.get("esito", "")
    if giro and esito in EsitoGiro.values:
        segna_giro(utente=persona(request), giro=giro.ruolo, esito=EsitoGiro(esito))
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=204)
    return redirect("cruscotto")
