"""What every answer carries, and every error: the parts of the document that all operations share."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

Schema = dict[str, Any]
PROBLEMA = "application/problem+json"

INTESTAZIONI: Mapping[str, Schema] = {
    "X-RateLimit-Limit": {
        "description": "Richieste ammesse in un minuto.",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "example": 600},
    },
    "X-RateLimit-Remaining": {
        "description": "Richieste che restano in questo minuto.",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 0, "example": 599},
    },
    "X-RateLimit-Reset": {
        "description": "Secondi fino al minuto seguente.",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 60, "example": 42},
    },
    "X-Request-ID": {
        "description": "Numero della richiesta: si cita per segnalare un problema.",
        "required": True,
        "schema": {"type": "string", "format": "uuid", "example": "5b1c2f1e-3b1d-4e0e-9a0a-0f6f2c9d7a11"},
    },
    "X-Aggiornato-Al": {
        "description": "Istante di cui parlano i dati: si dà come modificati_dal la volta dopo.",
        "required": True,
        "schema": {"type": "string", "format": "date-time", "example": "2026-11-28T05:00:00.125000Z"},
    },
    "ETag": {
        "description": "Etichetta della risposta: data in If-None-Match, se nulla è cambiato si ha 304.",
        "schema": {"type": "string", "example": 'W/"0d7f3c2b9a"'},
    },
    "Retry-After": {
        "description": "Secondi da aspettare prima di riprovare.",
        "required": True,
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "example": 18},
    },
    "WWW-Authenticate": {
        "description": "Come ci si fa riconoscere.",
        "required": True,
        "schema": {"type": "string", "example": 'Bearer realm="API del Portale PNRR", error="invalid_token"'},
    },
    "Location": {
        "description": "Indirizzo di ciò che è stato creato.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference", "example": "/api/v1/interventi/B45E22000120006"},
    },
}
SEMPRE = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-ID")

SCHEMA_PROBLEMA: Schema = {
    "type": "object",
    "description": "Un errore, nella forma di RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Genere.", "example": "about:blank"},
        "title": {"type": "string", "description": "Che cosa è successo.", "example": "Parametri da correggere"},
        "status": {
            "type": "integer",
            "format": "int32",
            "minimum": 400,
            "maximum": 599,
            "description": "Lo stato HTTP.",
            "example": 400,
        },
        "detail": {
            "type": "string",
            "description": "Dove, e come rimediare.",
            "example": "limit: Serve un numero intero da 1 a 1000.",
        },
        "errori": {
            "type": "array",
            "description": "Che cosa non va, punto per punto.",
            "items": {
                "type": "object",
                "required": ["campo", "messaggio"],
                "properties": {
                    "campo": {"type": "string", "description": "Il parametro o il campo.", "example": "limit"},
                    "messaggio": {
                        "type": "string",
                        "description": "Che cosa serve.",
                        "example": "Serve un numero intero da 1 a 1000.",
                    },
                },
            },
        },
    },
}

# By status: the name of the shared answer, its words, the title of its example, and the headers it adds.
ERRORI: Mapping[HTTPStatus, tuple[str, str, str, tuple[str, ...]]] = {
    HTTPStatus.BAD_REQUEST: (
        "RichiestaErrata",
        "Un parametro non c'è, è ripetuto o è scritto male, oppure il corpo non è JSON ben formato.",
        "Parametri da correggere",
        (),
    ),
    HTTPStatus.UNAUTHORIZED: (
        "NonRiconosciuto",
        "La chiave manca, è sbagliata, scaduta o revocata.",
        "Chiave non valida",
        ("WWW-Authenticate",),
    ),
    HTTPStatus.FORBIDDEN: (
        "NonPermesso",
        "La chiave non ha l'ambito che serve, oppure chi la usa non ha il ruolo.",
        "La chiave non basta",
        (),
    ),
    HTTPStatus.NOT_FOUND: ("Inesistente", "A questo indirizzo non c'è nulla che si possa leggere.", "Non c'è", ()),
    HTTPStatus.NOT_ACCEPTABLE: (
        "FormatoNonDisponibile",
        "Nessuno dei formati chiesti in Accept è fra quelli disponibili.",
        "Formato non disponibile",
        (),
    ),
    HTTPStatus.CONFLICT: ("Conflitto", "Lo stato delle cose non lo permette.", "Non si può adesso", ()),
    HTTPStatus.GONE: (
        "TroppoVecchio",
        "I cambiamenti da quell'istante, o il cursore, non si ricordano più: serve uno scarico intero.",
        "Serve uno scarico intero",
        (),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("TroppoGrande", "Il corpo è troppo grande.", "Troppi dati", ()),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "TipoNonAccettato",
        "Il corpo non è application/json.",
        "Tipo di contenuto non accettato",
        (),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "NonApplicabile",
        "È tutto scritto come si deve, ma non si può fare: un codice che non c'è, due parametri che si escludono, "
        "un dato che i controlli non accettano.",
        "Parametri da correggere",
        (),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "TroppeRichieste",
        "Il limite di richieste al minuto è superato: si riprova dopo i secondi scritti in Retry-After.",
        "Troppe richieste",
        ("Retry-After",),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Guasto",
        "Il guasto è stato annotato con il numero X-Request-ID.",
        "Qualcosa non ha funzionato",
        (),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "NonDisponibile",
        "Il servizio adesso non può rispondere: si riprova dopo i secondi scritti in Retry-After.",
        "Servizio non disponibile",
        ("Retry-After",),
    ),
}


def riferimento(genere: str, nome: str) -> Schema:
    return {"$ref": f"#/components/{genere}/{nome}"}


def intestazioni(*nomi: str) -> Schema:
    return {nome: riferimento("headers", nome) for nome in (*SEMPRE, *nomi)}


def errore(stato: HTTPStatus) -> Schema:
    """The shared answer of an error."""
    _nome, parole, titolo, altre = ERRORI[stato]
    return {
        "description": parole,
        "headers": intestazioni(*altre),
        "content": {
            PROBLEMA: {
                "schema": riferimento("schemas", "Problema"),
                "example": {"type": "about:blank", "title": titolo, "status": stato.value, "detail": parole},
            }
        },
    }


def non_cambiato() -> Schema:
    return {"description": "Nulla è cambiato da allora: non c'è corpo.", "headers": intestazioni("ETag")}
