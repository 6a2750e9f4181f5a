"""What all the views of the API have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from enti.models import Utente
from interoperabilita.api.negoziazione import Negoziazione
from interoperabilita.elenco.domanda import ParametriErrati
from interoperabilita.formati import valori
from interoperabilita.schema.operazioni import PERCORSO, Operazione
from interoperabilita.schema.parametri import errore


class GiaRiconosciuto(BaseAuthentication):
    """Who is asking was found out at the door (`interoperabilita.accesso`)."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        return request._request.user, getattr(request._request, "chiave", None)


class Json(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return valori.json(data).encode()


class Csv(Json):
    media_type = "text/csv"
    format = "csv"


class Ndjson(Json):
    media_type = "application/x-ndjson"
    format = "ndjson"


class Xlsx(Json):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class Vista(APIView):
    """A view of the API: JSON in and out, errors as problem details."""

    authentication_classes = (GiaRiconosciuto,)
    permission_classes = ()
    throttle_classes = ()
    parser_classes = (JSONParser,)
    renderer_classes: tuple[type[BaseRenderer], ...] = (Json,)
    content_negotiation_class: type[BaseContentNegotiation] = Negoziazione
    # What it does, by HTTP method: see `interoperabilita.schema.operazioni`.
    operazioni: Mapping[str, Operazione] = {}
    # OPTIONS has nothing to say that the OpenAPI document does not.
    metadata_class = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing is done unless address and parameters are written as the OpenAPI document says."""
        super().initial(request, *args, **kwargs)
        for nome, valore in kwargs.items():
            if nome in PERCORSO and errore(PERCORSO[nome], str(valore)):
                raise Http404
        self.controlla_parametri()

    def controlla_parametri(self) -> None:
        """No parameter is ignored. Raises ParametriErrati."""
        operazione = self.operazioni.get("GET" if self.request.method == "HEAD" else self.request.method or "")
        if operazione is None:
            return
        descritti = {parametro.nome: parametro for parametro in operazione.parametri}
        errori: dict[str, list[str]] = {}
        for nome, scritti in self.richiesta.GET.lists():
            if nome not in descritti:
                errori[nome[:60]] = [_("Qui non c'è il parametro «%(nome)s».") % {"nome": nome[:60]}]
            elif len(scritti) > 1:
                errori[nome] = [_("Il parametro è scritto %(volte)s volte: ne serve uno.") % {"volte": len(scritti)}]
            elif testo := errore(descritti[nome], scritti[0]):
                errori[nome] = [testo]
        if errori:
            raise ParametriErrati(errori)

    def chi(self) -> Utente:
        """Who is asking: the door lets nobody else in."""
        utente = self.request.user
        assert isinstance(utente, Utente)  # noqa: S101 narrows the type
        return utente

    @property
    def richiesta(self) -> HttpRequest:
        richiesta: HttpRequest = self.request._request
        return richiesta
