"""drf-spectacular's view of ours: an operation is written from what its view declares, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from enti.permessi import Permesso
from interoperabilita.accesso import regola_di
from interoperabilita.api.base import Vista
from interoperabilita.api.esterni import Inesistente
from interoperabilita.api.liste import Lista
from interoperabilita.models.chiavi import Ambito
from interoperabilita.schema import campi, lista, parametri, risposte
from interoperabilita.schema.operazioni import PERCORSO, Gruppo, Operazione, Parametro

Schema = dict[str, Any]
ARGOMENTO = re.compile(r"{(\w+)}")
GRUPPI: dict[Ambito, Gruppo] = {
    Ambito.CUP: Gruppo.CUP,
    Ambito.PIANI: Gruppo.PIANI,
    Ambito.MONITORAGGIO: Gruppo.MONITORAGGIO,
    Ambito.RIFERIMENTI: Gruppo.RIFERIMENTI,
}
# The formats of which a schema can say something; the others are files.
OGGETTI = ("json", "yaml")
COMUNI = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
# A key that is not good is refused where no key is needed too.
CON_CHIAVE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
DI_LISTA = (HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY)
DI_SCRITTURA = (
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
SE_NON_CAMBIATO = Parametro(
    "If-None-Match", "L'ETag avuto la volta prima: se nulla è cambiato, la risposta è 304.", 'W/"0d7f3c2b9a"'
)


def operazione_di(vista: Any, metodo: str) -> Operazione | None:
    """What a method of a view does; a list at the address of its resource needs not say it."""
    dichiarata: Operazione | None = vista.operazioni.get(metodo)
    if dichiarata is None and isinstance(vista, Lista) and metodo == "GET":
        risorsa = vista.risorsa
        nome = f"elenco_{risorsa.nome.replace('-', '_')}"
        return Operazione(nome, risorsa.titolo, risorsa.descrizione, GRUPPI[risorsa.ambito])
    return dichiarata


class Indirizzi(EndpointEnumerator):
    """The addresses of the API that have an operation: not the one of what is nobody's, nor those with a suffix."""

    def should_include_endpoint(self, path: str, callback: Callable[..., Any]) -> bool:
        classe = getattr(callback, "cls", None)
        if classe is None or not issubclass(classe, Vista) or issubclass(classe, Inesistente):
            return False
        return "{formato}" not in path


class Generatore(SchemaGenerator):
    endpoint_inspector_cls = Indirizzi

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        """Besides the view, what its route declares of who may enter (`richiede_chiave`)."""
        vista = super().create_view(callback, method, request)
        vista.permesso, vista.ambito = regola_di(callback, method)
        return vista


class Descrizione(AutoSchema):
    """Of a `Vista`, method by method."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Schema | None:
        if not isinstance(self.view, Vista):
            return None
        operazione = operazione_di(self.vista, method)
        if operazione is None:
            return None
        self.registry = registry
        scritta: Schema = {
            "operationId": operazione.nome,
            "summary": str(operazione.titolo),
            "description": self._descrizione(operazione),
            "tags": [operazione.gruppo.value],
            "parameters": self._parametri(operazione, path, method),
            "responses": self._risposte(operazione, method),
            "security": [] if self._pubblica else [{"ChiaveApi": []}, {"VoucherPdnd": []}],
        }
        if self.vista.ambito is not None:
            scritta["x-ambito"] = self.vista.ambito.value
        if operazione.corpo is not None:
            corpo = operazione.corpo
            scritta["requestBody"] = {
                "required": not corpo.facoltativo,
                "content": {
                    "application/json": {
                        "schema": self._componente(corpo.nome_schema, campi.di_richiesta(corpo.campi)),
                        "example": dict(corpo.esempio) or campi.esempio(corpo.campi),
                    }
                },
            }
        return scritta

    @property
    def vista(self) -> Any:
        """The view, with what `Generatore` added to it."""
        return self.view

    # --- words ---

    @property
    def _pubblica(self) -> bool:
        return bool(self.vista.permesso == Permesso.PUBBLICO)

    def _descrizione(self, operazione: Operazione) -> str:
        testo = str(operazione.descrizione)
        if self.vista.ambito is None:
            return testo
        return f"{testo}\n\nServe una chiave con l'ambito «{self.vista.ambito.value}»."

    def _di_lista(self, method: str) -> bool:
        return isinstance(self.vista, Lista) and method == "GET"

    # --- parameters ---

    def _parametri(self, operazione: Operazione, path: str, method: str) -> list[Schema]:
        scritti = [_parametro(PERCORSO[nome], "path") for nome in ARGOMENTO.findall(path)]
        scritti += [_parametro(parametro, "query") for parametro in operazione.parametri]
        if self._di_lista(method):
            scritti += [_parametro(voce, "query") for voce in parametri.di_lista(self.vista.risorsa, operazione)]
        scritti += [_parametro(parametro, "header") for parametro in operazione.intestazioni]
        if method == "GET":
            scritti.append(_parametro(SE_NON_CAMBIATO, "header"))
        return scritti

    # --- answers ---

    def _risposte(self, operazione: Operazione, method: str) -> Schema:
        stati: list[HTTPStatus] = [*COMUNI, *CON_CHIAVE]
        if self._di_lista(method):
            stati += DI_LISTA
        if method != "GET":
            stati += DI_SCRITTURA
        scritte = {str(stato.value): self._errore(stato) for stato in stati}
        for stato, parole in operazione.altri.items():
            altra = risposte.errore(stato) if stato >= HTTPStatus.BAD_REQUEST else self._buona(operazione, method)
            scritte[str(stato.value)] = {**altra, "description": parole}
        if method == "GET":
            scritte["304"] = risposte.non_cambiato()
        scritte[str(operazione.stato.value)] = self._buona(operazione, method)
        self._registra("schemas", "Problema", risposte.SCHEMA_PROBLEMA)
        for nome, intestazione in risposte.INTESTAZIONI.items():
            self._registra("headers", nome, intestazione)
        return dict(sorted(scritte.items()))

    def _errore(self, stato: HTTPStatus) -> Schema:
        nome = risposte.ERRORI[stato][0]
        self._registra("responses", nome, risposte.errore(stato))
        return risposte.riferimento("responses", nome)

    def _buona(self, operazione: Operazione, method: str) -> Schema:
        if self._di_lista(method):
            risorsa = self.vista.risorsa
            for nome, schema in lista.schemi(risorsa).items():
                self._registra("schemas", nome, schema)
            return lista.risposta(risorsa)
        intestazioni = risposte.intestazioni(*(("ETag",) if method == "GET" else ()))
        if operazione.formati:
            contenuto: Schema = {tipo: _di_formato(tipo, operazione) for tipo in operazione.formati}
        else:
            schema = self._componente(operazione.nome_schema, campi.di_risposta(operazione.campi))
            contenuto = {"application/json": {"schema": schema, "example": campi.esempio(operazione.campi)}}
        return {"description": str(operazione.titolo), "headers": intestazioni, "content": contenuto}

    # --- components ---

    def _componente(self, nome: str, schema: Schema) -> Schema:
        self._registra("schemas", nome, schema)
        return risposte.riferimento("schemas", nome)

    def _registra(self, genere: str, nome: str, schema: Schema) -> None:
        """Add a part of the document that has a name. Raises ValueError where the name is of something else."""
        componente = ResolvedComponent(nome, genere, schema, object=f"{genere}/{nome}")
        if componente not in self.registry:
            self.registry.register(componente)
        elif self.registry[componente].schema != schema:
            raise ValueError(f"{nome}: due schemi diversi con lo stesso nome.")


def _di_formato(tipo: str, operazione: Operazione) -> Schema:
    if not tipo.endswith(OGGETTI):
        return {"schema": {"type": "string", "format": "binary"}}
    esempio: Schema = {"example": dict(operazione.esempio)} if operazione.esempio else {}
    return {"schema": {"type": "object"}, **esempio}


def _parametro(parametro: Parametro, dove: str) -> Schema:
    scritto: Schema = {
        "name": parametro.nome,
        "in": dove,
        "description": str(parametro.descrizione),
        "required": dove == "path" or parametro.obbligatorio,
        "schema": campi.di_parametro(parametro),
    }
    if scritto["schema"]["type"] == "array":
        scritto |= {"style": "form", "explode": False}
    if parametro.esempio is not None:
        scritto["example"] = parametro.esempio
    return scritto
