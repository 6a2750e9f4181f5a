"""To the provider of identity, and back."""

from __future__ import annotations

from typing import cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from enti import identita, oidc
from enti.accesso import richiede
from enti.permessi import Permesso


@richiede(Permesso.PUBBLICO)
@require_POST
def vai(request: HttpRequest) -> HttpResponse:
    """By a POST of our own page, so that no other site signs anybody in without her knowing."""
    _solo_se_c_e()
    poi = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(poi, {request.get_host()}, require_https=request.is_secure()):
        poi = ""
    try:
        return oidc.vai(request, poi or None)
    except oidc.GUASTI as errore:
        return identita.guasto(request, errore)
    except ImmediateHttpResponse as uscita:
        return cast(HttpResponse, uscita.response)


@richiede(Permesso.PUBBLICO)
@require_safe
@never_cache
def ritorno(request: HttpRequest) -> HttpResponse:
    _solo_se_c_e()
    vista = OAuth2CallbackView.adapter_view(oidc.Adattatore(request, oidc.FORNITORE))
    return cast(HttpResponse, vista(request))


def _solo_se_c_e() -> None:
    if not oidc.acceso():
        raise Http404
