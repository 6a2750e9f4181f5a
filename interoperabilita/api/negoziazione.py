"""Which format an answer is in: the extension of the address if there is one, else what Accept prefers (RFC 9110)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http.request import MediaType
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class Negoziazione(DefaultContentNegotiation):
    """Unlike DRF's own, it reads the qualities of Accept, and an extension needs no Accept that agrees."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        rese: Sequence[BaseRenderer] = list(renderers)
        if format_suffix:
            # Raises Http404.
            resa = self.filter_renderers(rese, format_suffix)[0]
            return resa, str(resa.media_type)
        scritti = request.META.get("HTTP_ACCEPT", "").split(",")
        accettati = [MediaType(scritto) for scritto in scritti if scritto.strip()] or [MediaType("*/*")]
        # The first of the best: JSON, where any will do.
        resa = max(rese, key=lambda resa: _qualita(str(resa.media_type), accettati))
        if not _qualita(str(resa.media_type), accettati):
            raise exceptions.NotAcceptable(available_renderers=rese)
        return resa, str(resa.media_type)


def _qualita(tipo: str, accettati: Sequence[MediaType]) -> float:
    """What the most specific of the accepted types that include it says. Charsets and the like do not matter."""
    principale, _barra, specifico = tipo.partition("/")
    adatti = [
        accettato
        for accettato in accettati
        if accettato.main_type in {principale, "*"} and accettato.sub_type in {specifico, "*"}
    ]
    return max(adatti, key=lambda accettato: accettato.specificity).quality if adatti else 0
