"""The current action: one identifier for all that a request or a job brings about, in the registro and in the logs."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_azione: ContextVar[uuid.UUID | None] = ContextVar("azione", default=None)


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


class AzioneMiddleware:
    """Every request is one action; its number goes back in a header, for whoever reports a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with azione() as numero:
            risposta = self.get_response(request)
        risposta["X-Request-ID"] = str(numero)
        return risposta


class FiltroAzione(logging.Filter):
    """Adds the number of the current action to every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.azione = _azione.get() or "-"
        return True
