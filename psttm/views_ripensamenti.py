"""«Annulla»: the address behind the button that stands beside a receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from enti.accesso import richiede
from enti.permessi import Permesso
from registro import ripensamenti
from registro.models import Ripensamento


@richiede(Permesso.CONTO)
@require_POST
def ripensa(request: HttpRequest, chiave: str) -> HttpResponse:
    """What may be undone, each inverse action asks by itself; a key of somebody else is nobody's."""
    try:
        fatto = ripensamenti.ripensa(request, chiave)
    except Ripensamento.DoesNotExist:
        raise Http404 from None
    except ripensamenti.NonAnnullabile as rifiuto:
        messages.error(request, str(rifiuto))
        return redirect(_torna(request))
    messages.success(request, fatto.testo)
    return redirect(fatto.indirizzo or _torna(request))


def _torna(request: HttpRequest) -> str:
    """The page with the button."""
    torna = request.POST.get("torna", "")
    if url_has_allowed_host_and_scheme(torna, allowed_hosts=None) and torna.startswith("/"):
        return torna
    return reverse("home")
