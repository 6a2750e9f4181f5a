"""The current action: one identifier for all that a request or a job brings about, in the registro and in the logs."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_azione: ContextVar[uuid.UUID | None] = ContextVar("azione", default=None)


# Where the web server, which logs a request once its answer is gone, finds what is known of it.
AZIONE, ROTTA, PERSONA, CHIAVE = "psttm.azione", "psttm.rotta", "psttm.persona", "psttm.chiave"
# Addresses that hold a secret are logged as they are written in the map.
PERCORSO = "psttm.percorso"
ROTTE_CON_UN_SEGRETO = frozenset({"account_reset_password_from_key"})


def azione_in_corso() -> uuid.UUID | None:
    """Identifier of the action under way; None where nothing opened one."""
    return _azione.get()


def azione_corrente() -> uuid.UUID:
    """Identifier of the action under way; a new one where nothing opened an action."""
    return _azione.get() or uuid.uuid4()


@contextmanager
def azione(identificativo: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Make everything recorded inside the block part of one action."""
    valore = identificativo or uuid.uuid4()
    segno = _azione.set(valore)
    try:
        yield valore
    finally:
        _azione.reset(segno)


def letta(scritto: object) -> uuid.UUID | None:
    """The identifier that another program wrote, if it has the form of one."""
    try:
        return uuid.UUID(str(scritto))
    except ValueError:
        return None


class AzioneMiddleware:
    """Every request is one action; its number goes back in a header, for whoever reports a problem.

    A proxy that is believed may have given it one already (`psttm.proxy` takes away what the others say).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with azione(letta(request.META.get("HTTP_X_REQUEST_ID"))) as numero:
            risposta = self.get_response(request)
        risposta["X-Request-ID"] = str(numero)
        _annota_richiesta(request, numero)
        return risposta


def _annota_richiesta(request: HttpRequest, numero: uuid.UUID) -> None:
    """Leave word of the request to the web server; who is signed in, only where somebody has asked it already."""
    request.META[AZIONE] = str(numero)
    rotta = request.resolver_match
    if rotta is not None:
        request.META[ROTTA] = rotta.view_name
        if rotta.view_name in ROTTE_CON_UN_SEGRETO:
            request.META[PERCORSO] = f"/{rotta.route}"
    for nome, attributo in ((PERSONA, "_cached_user"), (CHIAVE, "chiave")):
        pk = getattr(getattr(request, attributo, None), "pk", None)
        if pk is not None:
            request.META[nome] = pk


class FiltroAzione(logging.Filter):
    """Adds the number of the current action to every log line that does not bring its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "azione"):
            # Of an answer that went wrong Django tells once its action is closed, and brings the request.
            meta = getattr(getattr(record, "request", None), "META", {})
            record.azione = str(_azione.get() or meta.get(AZIONE) or "-")
        return True
