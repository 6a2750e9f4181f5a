"""The OpenAPI document read as people read it: operation by operation, field by field, with the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from interoperabilita.schema.documento import documento
from interoperabilita.schema.operazioni import Gruppo

Schema = Mapping[str, Any]
TIPI = {
    "int32": _("numero intero"),
    "int64": _("numero intero"),
    "double": _("numero"),
    "date": _("giorno"),
    "date-time": _("istante UTC, con la Z"),
    "decimal": _("importo, come testo"),
    "uri": _("indirizzo"),
    "boolean": _("true o false"),
    "string": _("testo"),
    "object": _("oggetto"),
    "integer": _("numero intero"),
    "number": _("numero"),
}
UNITA = {"_eur": "€", "_percento": "%", "_mq": "m²"}
DOVE = {"path": _("nell'indirizzo"), "query": "", "header": _("intestazione")}


@dataclass(frozen=True)
class Voce:
    """A parameter, or a field: its full name, its type in words, what it means, an example."""

    nome: str
    tipo: str
    unita: str
    parole: str
    esempio: str
    dove: str = ""
    serve: bool = False
    scelte: tuple[str, ...] = ()


@dataclass(frozen=True)
class Esito:
    stato: str
    parole: str


@dataclass(frozen=True)
class OperazioneLetta:
    nome: str
    titolo: str
    metodo: str
    indirizzo: str
    paragrafi: list[str]
    gruppo: str
    ambito: str
    parametri: list[Voce]
    inviati: list[Voce]
    campi: list[Voce]
    formati: list[str]
    esiti: list[Esito]
    chiamata: str
    corpo: str
    esempio: str


@cache
def operazioni() -> dict[str, OperazioneLetta]:
    """All the operations, by name, in the order of their groups."""
    gruppi = [gruppo.value for gruppo in Gruppo]
    lette = [
        _operazione(indirizzo, metodo, scritta)
        for indirizzo, voci in documento()["paths"].items()
        for metodo, scritta in voci.items()
    ]
    lette.sort(key=lambda letta: gruppi.index(letta.gruppo))
    return {letta.nome: letta for letta in lette}


def _operazione(indirizzo: str, metodo: str, scritta: Schema) -> OperazioneLetta:
    risposte = {stato: _sciolto(risposta) for stato, risposta in scritta["responses"].items()}
    buona = next(risposta for stato, risposta in risposte.items() if stato.startswith("2"))
    contenuto = buona.get("content", {})
    json = contenuto.get("application/json", {})
    inviato = scritta.get("requestBody", {}).get("content", {}).get("application/json", {})
    return OperazioneLetta(
        nome=scritta["operationId"],
        titolo=scritta["summary"],
        metodo=metodo.upper(),
        indirizzo=indirizzo,
        paragrafi=scritta["description"].split("\n\n"),
        gruppo=scritta["tags"][0],
        ambito=scritta.get("x-ambito", ""),
        parametri=[_parametro(parametro) for parametro in scritta["parameters"]],
        inviati=list(_campi(inviato.get("schema", {}))),
        campi=list(_campi(json.get("schema", {}))),
        formati=list(contenuto),
        esiti=[Esito(stato, risposta["description"]) for stato, risposta in risposte.items()],
        chiamata=_chiamata(indirizzo, metodo, scritta),
        corpo=_in_righe(inviato.get("example")),
        esempio=_in_righe(json.get("example")),
    )


def _sciolto(schema: Schema) -> Schema:
    """What a reference leads to."""
    if "$ref" not in schema:
        return schema
    trovato: Any = documento()
    for passo in schema["$ref"].removeprefix("#/").split("/"):
        trovato = trovato[passo]
    return trovato


def _parametro(parametro: Schema) -> Voce:
    schema = parametro["schema"]
    esempio = parametro.get("example", "")
    return Voce(
        nome=parametro["name"],
        tipo=_tipo(schema),
        unita="",
        parole=parametro["description"],
        esempio=",".join(map(str, esempio)) if isinstance(esempio, list) else str(esempio),
        dove=str(DOVE[parametro["in"]]),
        serve=parametro["required"],
        scelte=_scelte(schema),
    )


def _campi(schema: Schema, prefisso: str = "") -> Iterator[Voce]:
    """The fields of an object, those of the objects inside it after it, with the path that leads to them."""
    schema = _sciolto(schema)
    necessari = schema.get("required", ())
    for nome, scritto in schema.get("properties", {}).items():
        campo = _sciolto(scritto)
        yield Voce(
            nome=prefisso + nome,
            tipo=_tipo(campo) + (f", {_('o null')}" if campo.get("nullable") else ""),
            unita=next((unita for fine, unita in UNITA.items() if nome.endswith(fine)), ""),
            parole=campo.get("description", ""),
            esempio=_in_breve(campo.get("example")),
            serve=nome in necessari,
            scelte=_scelte(campo),
        )
        dentro = campo.get("items", campo)
        yield from _campi(dentro, f"{prefisso}{nome}{'[]' if 'items' in campo else ''}.")


def _tipo(schema: Schema) -> str:
    if schema["type"] == "array":
        dentro = _sciolto(schema["items"])
        return str(_("elenco di oggetti")) if dentro["type"] == "object" else f"{_('elenco')}: {_tipo(dentro)}"
    if "enum" in schema:
        return str(_("uno di questi valori"))
    return str(TIPI.get(schema.get("format", ""), TIPI[schema["type"]]))


def _scelte(schema: Schema) -> tuple[str, ...]:
    return tuple(schema.get("enum") or schema.get("items", {}).get("enum", ()))


def _in_breve(valore: Any) -> str:
    """A value on one line, as JSON; empty for what is better seen in the example of the whole."""
    if (
        valore is None
        or isinstance(valore, dict)
        or (isinstance(valore, list) and valore and isinstance(valore[0], dict))
    ):
        return ""
    return valore if isinstance(valore, str) else orjson.dumps(valore).decode()


def _di_oggetti(valore: Any) -> bool:
    return isinstance(valore, list) and any(isinstance(voce, dict) for voce in valore)


def _in_righe(valore: Any) -> str:
    return "" if valore is None else orjson.dumps(valore, option=orjson.OPT_INDENT_2).decode()


def _chiamata(indirizzo: str, metodo: str, scritta: Schema) -> str:
    """The call with curl, with the examples in the place of the arguments."""
    for parametro in scritta["parameters"]:
        if parametro["in"] == "path":
            esempio = str(parametro["example"]).replace(" ", "%20")
            indirizzo = indirizzo.replace(f"{{{parametro['name']}}}", esempio)
    righe = ["curl" if metodo == "get" else f"curl -X {metodo.upper()}"]
    if scritta["security"]:
        righe.append('-H "Authorization: Bearer $CHIAVE"')
    if "requestBody" in scritta:
        righe += ['-H "Content-Type: application/json"', "-d @corpo.json"]
    righe += [
        f'-H "{parametro["name"]}: {parametro["example"]}"'
        for parametro in scritta["parameters"]
        if parametro["in"] == "header" and parametro["required"]
    ]
    return " \\\n  ".join([*righe, f'"{documento()["servers"][0]["url"]}{indirizzo}"'])
