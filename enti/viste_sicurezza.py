"""The registro of security, for the amministratore: as a list, and as a file."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from enti import registro_di_sicurezza as letture
from enti.accesso import persona, richiede
from enti.permessi import Permesso
from enti.sicurezza import annota_sicurezza
from registro.tabella_csv import a_pezzi, scaricata


@richiede(Permesso.AMMINISTRARE)
@require_safe
def registro(request: HttpRequest) -> HttpResponse:
    filtro = letture.SicurezzaFilter(request.GET, queryset=letture.eventi())
    pagina = letture.pagina(letture.scelti(filtro), request.GET.get("prima", ""))
    contesto = {
        "filtro": filtro,
        "filtrato": letture.filtrato(filtro),
        "giorni": letture.GIORNI,
        "provenienze_giorni": settings.PROVENIENZE_GIORNI,
        "pagina": pagina,
        "conto": _conto(pagina),
        "dopo_la_prima": bool(request.GET.get("prima")),
    }
    return render(request, "enti/sicurezza/registro.html", contesto)


def _conto(pagina: letture.Pagina) -> str:
    """How many are shown: counting all of them would take longer than reading the page."""
    if pagina.oltre:
        return _("%(quanti)s eventi, e altri prima") % {"quanti": len(pagina.voci)}
    return ngettext("%(quanti)s evento", "%(quanti)s eventi", len(pagina.voci)) % {"quanti": len(pagina.voci)}


@richiede(Permesso.AMMINISTRARE)
@require_safe
def in_csv(request: HttpRequest) -> HttpResponseBase:
    """All the events that the filters leave; where the filters make no sense, the list says why."""
    filtro = letture.SicurezzaFilter(request.GET, queryset=letture.eventi())
    if not filtro.form.is_valid():
        return redirect(f"{reverse('sicurezza')}?{request.GET.urlencode()}")
    chi = persona(request)
    annota_sicurezza(chi, "registro di sicurezza scaricato", autore=chi)
    righe = a_pezzi(letture.INTESTAZIONE, letture.righe_csv(letture.scelti(filtro)))
    return scaricata(righe, f"registro-di-sicurezza-{timezone.localdate().isoformat()}.csv")
