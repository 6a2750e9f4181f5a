"""Fields and parameters as OpenAPI schemas (version 3.0: `nullable`, and a format for every number)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from interoperabilita.risorse.scritti import CampoScritto
from interoperabilita.risorse.tipi import Campo, Tipo
from interoperabilita.schema.operazioni import Parametro

Schema = dict[str, Any]
IMPORTO: Schema = {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}
SEMPLICI: dict[Tipo, Schema] = {
    Tipo.TESTO: {"type": "string"},
    Tipo.INTERO: {"type": "integer", "format": "int64"},
    Tipo.IMPORTO: IMPORTO,
    Tipo.PERCENTO: {"type": "number", "format": "double"},
    Tipo.NUMERO: {"type": "number", "format": "double"},
    Tipo.DATA: {"type": "string", "format": "date"},
    Tipo.ISTANTE: {"type": "string", "format": "date-time"},
    Tipo.BOOLEANO: {"type": "boolean"},
}


def di_campo(campo: Campo, oggetto: Callable[[Sequence[Campo]], Schema]) -> Schema:
    """The schema of a field; `oggetto` makes those of the objects inside it."""
    schema = {**_tipo(campo, oggetto), "description": str(campo.descrizione)}
    if campo.nullo:
        schema["nullable"] = True
    if _ha_esempio(campo):
        schema["example"] = campo.esempio
    return schema


def _ha_esempio(campo: Campo) -> bool:
    """Whether the example of a field is that of its whole: what may be sent in part says an example of a part."""
    if any(isinstance(dentro, CampoScritto) for dentro in campo.campi):
        return False
    return campo.esempio is not None or campo.nullo


def _tipo(campo: Campo, oggetto: Callable[[Sequence[Campo]], Schema]) -> Schema:
    match campo.tipo:
        case Tipo.SCELTA:
            return {"type": "string", "enum": [str(scelta) for scelta in campo.scelte]}
        case Tipo.TESTI:
            return {"type": "array", "items": _voce(campo)}
        case Tipo.INTERI:
            return {"type": "array", "items": {"type": "integer", "format": "int64"}}
        case Tipo.PER_FONTE:
            fonti = {str(scelta): IMPORTO for scelta in campo.scelte}
            return {"type": "object", "properties": fonti, "additionalProperties": False}
        case Tipo.OGGETTO:
            return oggetto(campo.campi)
        case Tipo.OGGETTI:
            return {"type": "array", "items": (di_riga if campo.parziale else oggetto)(campo.campi)}
    return SEMPLICI[campo.tipo]


def _voce(campo: Campo) -> Schema:
    return {"type": "string", "enum": [str(scelta) for scelta in campo.scelte]} if campo.scelte else {"type": "string"}


def di_risposta(campi: Sequence[Campo]) -> Schema:
    """The schema of an object that is answered: every field is always there."""
    schema = di_riga(campi)
    return schema | {"required": [campo.nome for campo in campi]} if campi else schema


def di_riga(campi: Sequence[Campo]) -> Schema:
    """The same, where only some of the fields may have been asked for."""
    return {
        "type": "object",
        "properties": {campo.nome: di_campo(campo, di_risposta) for campo in campi},
        "additionalProperties": False,
    }


def di_richiesta(campi: Sequence[Campo]) -> Schema:
    """The schema of an object that is sent: of what it holds only some must be there, and all within limits."""
    schema: Schema = {
        "type": "object",
        "properties": {campo.nome: _inviato(campo) for campo in campi},
        "additionalProperties": False,
    }
    servono = [campo.nome for campo in campi if isinstance(campo, CampoScritto) and campo.serve]
    return schema | {"required": servono} if servono else schema


def _inviato(campo: Campo) -> Schema:
    schema = di_campo(campo, di_richiesta)
    if not isinstance(campo, CampoScritto):
        return schema
    limiti: dict[str, Any]
    match campo.tipo:
        case Tipo.INTERO:
            limiti = {"minimum": campo.minimo, "maximum": campo.massimo}
        case Tipo.OGGETTI | Tipo.TESTI | Tipo.INTERI:
            limiti = {"maxItems": campo.massimo}
        case Tipo.TESTO | Tipo.IMPORTO:
            limiti = {"maxLength": campo.massimo, "pattern": campo.forma or None}
        case _:
            limiti = {}
    return schema | {nome: valore for nome, valore in limiti.items() if valore is not None}


def esempio(campi: Sequence[Campo]) -> dict[str, Any]:
    """An object with the example of every field."""
    return {campo.nome: _esempio(campo) for campo in campi}


def _esempio(campo: Campo) -> Any:
    if _ha_esempio(campo):
        return campo.esempio
    if campo.tipo is Tipo.OGGETTO:
        return esempio(campo.campi)
    return [esempio(campo.campi)] if campo.tipo is Tipo.OGGETTI else ""


def di_parametro(parametro: Parametro) -> Schema:
    """The schema of the value of a parameter."""
    match parametro.tipo:
        case Tipo.TESTI:
            return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(parametro.scelte)}}
        case Tipo.SCELTA:
            return {"type": "string", "enum": list(parametro.scelte)}
        case Tipo.INTERO:
            piccolo = parametro.massimo is not None and parametro.massimo < 2**31
            schema: Schema = {"type": "integer", "format": "int32" if piccolo else "int64"}
            if parametro.minimo is not None:
                schema["minimum"] = parametro.minimo
            if parametro.massimo is not None:
                schema["maximum"] = parametro.massimo
            return schema
    schema = dict(SEMPLICI[parametro.tipo])
    if parametro.tipo in {Tipo.DATA, Tipo.ISTANTE}:
        return schema
    if parametro.forma:
        schema["pattern"] = f"^{parametro.forma}$"
    if parametro.lunghezza is not None:
        schema |= {"minLength": 1, "maxLength": parametro.lunghezza}
    return schema
