"""What machines ask of the portal is answered before everything that people need.

A balancer or Prometheus calls a process by its address, not by the name of the portal, in clear inside the network
of the plant: no redirection to HTTPS, no check of the Host, no session, no second factor. Of those parts one may be
away, and the answer must come nonetheless.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from esercizio import views

SONDE: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/salute/viva": views.viva,
    "/salute/pronta": views.pronta,
    "/metriche": views.misure,
}


class SondeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return SONDE.get(request.path, self.get_response)(request)
