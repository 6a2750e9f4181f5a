"""The addresses of the API for interventi and their avanzamenti, to read and to write."""

from __future__ import annotations

from django.urls import URLPattern, path

from enti.permessi import Permesso
from interoperabilita.accesso import richiede_chiave
from interoperabilita.api.avanzamenti import Avanzamenti, AvanzamentiDaScrivere
from interoperabilita.api.bozze import Bozza, Invio
from interoperabilita.api.interventi import InterventoDelCup
from interoperabilita.models.chiavi import Ambito
from interoperabilita.risorse.avanzamenti import AVANZAMENTI

_CUP = "v1/interventi/<str:cup>"
_legge_cup = richiede_chiave(Permesso.LEGGERE_API, Ambito.CUP)
_legge = richiede_chiave(AVANZAMENTI.permesso, AVANZAMENTI.ambito)
_legge_e_scrive = richiede_chiave(AVANZAMENTI.permesso, AVANZAMENTI.ambito, scrive=Permesso.COMPILARE_AVANZAMENTI)
_scrive = richiede_chiave(Permesso.COMPILARE_AVANZAMENTI, Ambito.SCRITTURA)
_invia = richiede_chiave(Permesso.INVIARE_AVANZAMENTI, Ambito.SCRITTURA)

rotte: list[URLPattern] = [
    path(_CUP, _legge_cup(InterventoDelCup.as_view()), name="api-intervento"),
    path(
        f"{_CUP}/avanzamenti",
        _legge_e_scrive(AvanzamentiDaScrivere.as_view(risorsa=AVANZAMENTI)),
        name="api-avanzamenti",
    ),
    path(
        f"{_CUP}/avanzamenti.<str:formato>",
        _legge(Avanzamenti.as_view(risorsa=AVANZAMENTI)),
        name="api-avanzamenti-formato",
    ),
    path(f"{_CUP}/avanzamenti/<str:id>", _scrive(Bozza.as_view()), name="api-avanzamento"),
    path(f"{_CUP}/avanzamenti/<str:id>/invia", _invia(Invio.as_view()), name="api-avanzamento-invia"),
]
