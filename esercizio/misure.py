"""The measures of the web server: how many answers, of which kind, how fast, for each route.

The labels are a closed set (names of routes, known methods, status codes): nobody can make them grow from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

METODI = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SENZA_ROTTA = "nessuna"

RISPOSTE = Counter("psttm_http_risposte", "Risposte date, per rotta, metodo e stato.", ["rotta", "metodo", "stato"])
DURATA = Histogram(
    "psttm_http_durata_seconds",
    "Tempo per preparare una risposta, per rotta.",
    ["rotta"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class MisureMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        inizio = monotonic()
        risposta = self.get_response(request)
        trovata = request.resolver_match
        rotta = (trovata.view_name if trovata else "") or SENZA_ROTTA
        metodo = request.method if request.method in METODI else "ALTRO"
        RISPOSTE.labels(rotta, metodo, risposta.status_code).inc()
        DURATA.labels(rotta).observe(monotonic() - inizio)
        return risposta
