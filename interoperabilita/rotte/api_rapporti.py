"""The addresses of the API for the figures and the reports: to read, and to ask for."""

from __future__ import annotations

from django.urls import URLPattern, path

from enti.permessi import Permesso
from interoperabilita.accesso import richiede_chiave
from interoperabilita.api.cifre import Cifre
from interoperabilita.api.rapporti import DatiRapporto, DocumentoRapporto, Rapporti, UnRapporto
from interoperabilita.models.chiavi import Ambito

_legge = richiede_chiave(Permesso.LEGGERE_RAPPORTI_API, Ambito.RAPPORTI)
# Asking for a report writes no data of anybody: the keys that read, personal ones among them, are good for it.
_legge_e_chiede = richiede_chiave(
    Permesso.LEGGERE_RAPPORTI_API,
    Ambito.RAPPORTI,
    scrive=Permesso.CHIEDERE_RAPPORTI,
    ambito_scrive=Ambito.RAPPORTI,
)

rotte: list[URLPattern] = [
    path("v1/cifre", _legge(Cifre.as_view()), name="api-cifre"),
    path("v1/rapporti", _legge_e_chiede(Rapporti.as_view()), name="api-rapporti"),
    path("v1/rapporti/<str:rapporto>", _legge(UnRapporto.as_view()), name="api-rapporto"),
    path("v1/rapporti/<str:rapporto>/documento", _legge(DocumentoRapporto.as_view()), name="api-rapporto-documento"),
    path("v1/rapporti/<str:rapporto>/dati", _legge(DatiRapporto.as_view()), name="api-rapporto-dati"),
]
