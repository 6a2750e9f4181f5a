"""Pages travel compressed where no proxy does it, as in the embedded portal."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TIPI = ("text/html", "application/json")


class CompressioneMiddleware(GZipMiddleware):
    """Pages and short JSON alone: files are downloads with a length, and the API compresses its own.

    Django pads each page with a random number of bytes, so that its length says nothing of what is secret in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        tipo = response.headers.get("Content-Type", "")
        if response.streaming or request.path.startswith("/api/") or not tipo.startswith(TIPI):
            return response
        return super().process_response(request, response)
