"""The headers that protect whoever reads, on every answer: pages, errors, files, static files, the API.

It stands outside all that may answer by itself (the redirect to TLS, WhiteNoise, a refused host name), and adds only
what is not there: a view that says more knows better.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# What no page of the portal asks of a browser; copying a CUP and a whole screen are its own.
PERMESSI = ", ".join(
    [
        *(
            f"{nome}=()"
            for nome in (
                "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
                "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock",
                "usb", "xr-spatial-tracking",
            )
        ),
        "clipboard-write=(self)",
        "fullscreen=(self)",
    ]
)  # fmt: skip
SEMPRE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMESSI,
}
DI_CHI_HA_FATTO_ACCESSO = "no-store"
DI_TUTTI = "private, no-cache"


class IntestazioniMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        risposta = self.get_response(request)
        for nome, valore in SEMPRE.items():
            risposta.headers.setdefault(nome, valore)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            risposta.headers.setdefault("Strict-Transport-Security", _hsts())
        personale = settings.SESSION_COOKIE_NAME in request.COOKIES or risposta.cookies
        risposta.headers.setdefault("Cache-Control", DI_CHI_HA_FATTO_ACCESSO if personale else DI_TUTTI)
        return risposta


def _hsts() -> str:
    parti = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    parti += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
    parti += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
    return "; ".join(parti)
