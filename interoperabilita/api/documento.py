"""The OpenAPI document of the API, in YAML and in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from interoperabilita.api.base import Json, Vista
from interoperabilita.schema import documento
from interoperabilita.schema.operazioni import Gruppo, Operazione

TIPO_YAML = "application/yaml"


class QualunqueAccept(BaseContentNegotiation):
    """The address says the format: clients that read OpenAPI ask for all sorts of media types."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        resa = next(iter(renderers))
        return resa, str(resa.media_type)


class _Documento(Vista):
    content_negotiation_class = QualunqueAccept

    def rispondi(self, formato: str, corpo: bytes, tipo: str) -> HttpResponse:
        """The document, unless who asks has it already."""
        etichetta = documento.etichetta(formato)
        chieste = {voce.strip() for voce in self.richiesta.headers.get("If-None-Match", "").split(",")}
        if chieste & {etichetta, f"W/{etichetta}", "*"}:
            risposta: HttpResponse = HttpResponseNotModified()
        else:
            risposta = HttpResponse(corpo, content_type=tipo)
        risposta["ETag"] = etichetta
        risposta["Cache-Control"] = "public, max-age=300"
        return risposta


class InYaml(_Documento):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "documento_openapi_yaml",
            "Questo documento, in YAML",
            "La descrizione OpenAPI dell'API, fatta dal codice che risponde.",
            Gruppo.SERVIZIO,
            formati=(TIPO_YAML,),
        )
    }

    def get(self, request: Request) -> HttpResponse:
        return self.rispondi("yaml", documento.in_yaml(), TIPO_YAML)


class InJson(_Documento):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "documento_openapi_json",
            "Questo documento, in JSON",
            "La descrizione OpenAPI dell'API, fatta dal codice che risponde.",
            Gruppo.SERVIZIO,
            formati=(Json.media_type,),
        )
    }

    def get(self, request: Request) -> HttpResponse:
        return self.rispondi("json", documento.in_json(), Json.media_type)
