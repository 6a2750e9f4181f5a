"""The addresses of the API about itself: status, OpenAPI document, documentation."""

from __future__ import annotations

from django.urls import URLPattern, path

from enti.permessi import Permesso
from interoperabilita.accesso import richiede_chiave
from interoperabilita.api.documento import InJson, InYaml
from interoperabilita.api.stato import Stato

pubblica = richiede_chiave(Permesso.PUBBLICO, None)

rotte: list[URLPattern] = [
    path("v1/status", pubblica(Stato.as_view()), name="api-status"),
    path("v1/openapi.yaml", pubblica(InYaml.as_view()), name="api-openapi-yaml"),
    path("v1/openapi.json", pubblica(InJson.as_view()), name="api-openapi-json"),
]
