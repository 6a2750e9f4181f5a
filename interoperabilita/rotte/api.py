"""The addresses of the REST API, under /api/."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from enti.permessi import Permesso
from interoperabilita.accesso import richiede_chiave
from interoperabilita.api.esterni import Inesistente
from interoperabilita.risorse.cup import CUP
from interoperabilita.rotte.api_interventi import rotte as interventi
from interoperabilita.rotte.api_piani import rotte as piani
from interoperabilita.rotte.api_rapporti import rotte as rapporti
from interoperabilita.rotte.api_servizio import rotte as servizio
from interoperabilita.rotte.liste import lista

rotte: list[URLPattern] = [
    *lista(CUP),
    *piani,
    *interventi,
    *rapporti,
    *servizio,
    # The last: what is nobody's.
    re_path(r"^.*$", richiede_chiave(Permesso.PUBBLICO, None)(Inesistente.as_view()), name="api-inesistente"),
]
