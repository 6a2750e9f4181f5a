"""What the API answers where there is nothing."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from interoperabilita.api.base import Vista


class Inesistente(Vista):
    """Any address under the API that is nobody's: 404 as problem details, whatever the method."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.args, self.kwargs, self.headers = args, kwargs, self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        return self.handle_exception(Http404())

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
