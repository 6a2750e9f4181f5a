"""The two addresses of a list of the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from interoperabilita.accesso import richiede_chiave
from interoperabilita.api.liste import Lista
from interoperabilita.risorse.tipi import Risorsa


def lista(risorsa: Risorsa, indirizzo: str = "", vista: type[Lista] = Lista, nome: str = "") -> list[URLPattern]:
    """The format is asked for in Accept, or written at the end of the address."""
    dove, nome = indirizzo or risorsa.nome, nome or risorsa.nome
    porta = richiede_chiave(risorsa.permesso, risorsa.ambito)
    return [
        path(f"v1/{dove}", porta(vista.as_view(risorsa=risorsa)), name=f"api-{nome}"),
        path(f"v1/{dove}.<str:formato>", porta(vista.as_view(risorsa=risorsa)), name=f"api-{nome}-formato"),
    ]
