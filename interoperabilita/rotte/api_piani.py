"""The addresses of the API for piani, traguardi and the reference lists."""

from __future__ import annotations

from django.urls import URLPattern, path

from interoperabilita.accesso import richiede_chiave
from interoperabilita.api.piani import CupDelPiano, DettaglioPiano, VerificaPiano
from interoperabilita.risorse.cup import CUP
from interoperabilita.risorse.piani import PIANI
from interoperabilita.risorse.riferimenti import COMUNI, DRIVER, MISSIONI, STRATEGIE
from interoperabilita.risorse.traguardi import TRAGUARDI
from interoperabilita.rotte.liste import lista

_legge_piani = richiede_chiave(PIANI.permesso, PIANI.ambito)

rotte: list[URLPattern] = [
    *lista(PIANI),
    *lista(CUP, "piani/<str:codice>/cup", CupDelPiano, "piano-cup"),
    path("v1/piani/<str:codice>", _legge_piani(DettaglioPiano.as_view()), name="api-piano"),
    path("v1/piani/<str:codice>/verifica", _legge_piani(VerificaPiano.as_view()), name="api-piano-verifica"),
    *lista(TRAGUARDI),
    *lista(MISSIONI),
    *lista(DRIVER),
    *lista(STRATEGIE),
    *lista(COMUNI),
]
