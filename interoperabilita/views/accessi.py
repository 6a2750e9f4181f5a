"""The log of the API, for the amministratore: as a list, and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from enti.accesso import persona, richiede
from enti.permessi import Permesso
from enti.sicurezza import annota_sicurezza
from interoperabilita.filters.accessi import AccessoFilter
from interoperabilita.selectors import accessi as letture
from registro.tabella_csv import a_pezzi, scaricata


@richiede(Permesso.AMMINISTRARE)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    filtro = AccessoFilter(request.GET, queryset=letture.tutti(), request=request)
    pagina = letture.pagina(filtro.qs, request.GET.get("prima", ""))
    contesto = {
        "filtro": filtro,
        "filtrato": any(request.GET.get(nome) for nome in filtro.filters),
        "pagina": pagina,
        "conto": _conto(pagina),
        "dopo_la_prima": bool(request.GET.get("prima")),
    }
    return render(request, "interoperabilita/accessi/elenco.html", contesto)


def _conto(pagina: letture.Pagina) -> str:
    """How many are shown: counting all of them would take longer than reading the page."""
    if pagina.oltre:
        return _("%(quante)s richieste, e altre prima") % {"quante": len(pagina.righe)}
    return ngettext("%(quante)s richiesta", "%(quante)s richieste", len(pagina.righe)) % {"quante": len(pagina.righe)}


@richiede(Permesso.AMMINISTRARE)
@require_safe
def in_csv(request: HttpRequest) -> HttpResponseBase:
    """All the requests that the filters leave; where the filters make no sense, the list says why."""
    filtro = AccessoFilter(request.GET, queryset=letture.tutti(), request=request)
    if not filtro.form.is_valid():
        return redirect(f"{reverse('accessi-api')}?{request.GET.urlencode()}")
    annota_sicurezza(persona(request), "accessi all'API scaricati", autore=request.user)
    righe = a_pezzi(letture.INTESTAZIONE, letture.righe_csv(filtro.qs))
    return scaricata(righe, f"accessi-api-{timezone.localdate().isoformat()}.csv")
