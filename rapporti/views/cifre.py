"""Every figure of a report, the rows that make it, and what those are today."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from rapporti import tracce
from rapporti.formati.letti import Dati
from rapporti.formati.tabelle import in_csv as scrivi_csv
from rapporti.forms_cifre import RicercaForm
from rapporti.models import Rapporto
from rapporti.views.dati import assente, con_dati

PER_PAGINA = 100
RIGHE_PER_PAGINA = 50


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
@con_dati
def elenco(request: HttpRequest, rapporto: Rapporto, dati: Dati) -> HttpResponse:
    filtro = RicercaForm(request.GET, capitoli=dati.capitoli)
    parole, capitolo = filtro.chiesto("q"), filtro.chiesto("parte")
    trovate = tracce.cerca(dati.voci, parole, capitolo)
    contesto = {
        "rapporto": rapporto,
        "filtro": filtro,
        "filtrato": bool(parole or capitolo),
        "quante": len(trovate),
        "pagina": Paginator(trovate, PER_PAGINA).get_page(request.GET.get("pagina")),
        "capitoli": dati.capitoli,
    }
    return render(request, "rapporti/cifre/elenco.html", contesto)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
@con_dati
def cifra(request: HttpRequest, rapporto: Rapporto, dati: Dati, chiave: str) -> HttpResponse:
    trovata = dati.cifra(chiave)
    if trovata is None:
        return _senza_cifra(request, rapporto)
    pagina = Paginator(range(len(trovata.righe)), RIGHE_PER_PAGINA).get_page(request.GET.get("pagina"))
    primo = max(pagina.start_index() - 1, 0)
    righe = tracce.righe(dati, trovata, slice(primo, primo + RIGHE_PER_PAGINA), persona(request))
    rifatta = tracce.totale(dati, trovata)
    contesto = {
        "rapporto": rapporto,
        "cifra": trovata,
        "come": tracce.come_si_ottiene(dati, trovata),
        "torna": rifatta == trovata.valore,
        "totale": "" if righe is None or righe.colonna is None else tracce.scritto(rifatta, righe.colonna),
        "pagina": pagina,
        "righe": righe,
        "da": [voce for voce in dati.voci if voce.chiave in trovata.da],
        "usata_da": dati.usata_da(chiave),
        "sezioni": dati.sezioni_di(chiave),
        "capitoli": dati.capitoli,
    }
    return render(request, "rapporti/cifre/cifra.html", contesto)


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
@con_dati
def in_csv(request: HttpRequest, rapporto: Rapporto, dati: Dati, chiave: str) -> HttpResponse:
    """All the rows of a figure, with all their columns."""
    tavola = dati.di_cifra(chiave) if dati.cifra(chiave) is not None else None
    if tavola is None:
        return _senza_cifra(request, rapporto)
    nome = f"{rapporto.codice}-{chiave}.csv"
    return HttpResponse(
        scrivi_csv(tavola),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{nome}"'},
    )


@richiede(Permesso.LEGGERE_RAPPORTI)
@require_safe
@con_dati
def riga(request: HttpRequest, rapporto: Rapporto, dati: Dati, tavola: str, chiave: str) -> HttpResponse:
    trovata = tracce.riga(dati, tavola, chiave, persona(request))
    if trovata is None:
        return assente(
            request,
            _("Il rapporto non ha questa riga"),
            _("Nei dati del rapporto %(codice)s non c'è una riga con questo nome.") % {"codice": rapporto.codice},
            reverse("rapporto-cifre", args=[rapporto.codice]),
            _("Vai alle cifre del rapporto"),
        )
    sua, letta = trovata
    cifre = dati.cifre_con(tavola, chiave)
    contesto = {
        "rapporto": rapporto,
        "tavola": sua,
        "riga": letta,
        "capitoli": dati.capitoli,
        "cifre": cifre[: tracce.CIFRE_DI_UNA_RIGA],
        "altre": max(len(cifre) - tracce.CIFRE_DI_UNA_RIGA, 0),
    }
    return render(request, "rapporti/cifre/riga.html", contesto)


def _senza_cifra(request: HttpRequest, rapporto: Rapporto) -> HttpResponse:
    return assente(
        request,
        _("Il rapporto non ha questa cifra"),
        _("Fra le cifre del rapporto %(codice)s non ce n'è una con questo nome, oppure non è fatta di righe.")
        % {"codice": rapporto.codice},
        reverse("rapporto-cifre", args=[rapporto.codice]),
        _("Vai alle cifre del rapporto"),
    )
