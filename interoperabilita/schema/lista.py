"""The answer of a list: its rows and what stands around them, in every format."""

from __future__ import annotations

from typing import Any

from interoperabilita.api.base import Csv, Json, Ndjson, Xlsx
from interoperabilita.risorse.tipi import Risorsa
from interoperabilita.schema import campi, risposte
from interoperabilita.schema.parametri import LIMITE, LIMITE_MASSIMO

Schema = dict[str, Any]
AGGIORNATO = "2026-11-28T05:00:00.125000Z"
PAGINAZIONE: Schema = {
    "type": "object",
    "description": "Dove si è arrivati, e come proseguire.",
    "required": ["limit", "cursor", "successiva"],
    "properties": {
        "limit": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": LIMITE_MASSIMO,
            "description": "Quante righe al massimo in una pagina.",
            "example": LIMITE,
        },
        "cursor": {
            "type": "string",
            "nullable": True,
            "description": "Il cursore della pagina seguente; null nell'ultima.",
            "example": None,
        },
        "successiva": {
            "type": "string",
            "format": "uri",
            "nullable": True,
            "description": "L'indirizzo intero della pagina seguente, da usare così com'è; null nell'ultima.",
            "example": None,
        },
    },
}


def _nomi(risorsa: Risorsa) -> tuple[str, str, str]:
    """Of a row, of a row removed, of the list."""
    nome = risorsa.nome_schema
    return nome, f"{nome}Rimosso", f"Elenco{nome}"


def schemi(risorsa: Risorsa) -> dict[str, Schema]:
    """The schemas of a list, by name. With `fields` a row has only the fields asked for: none is required."""
    riga, rimossa, elenco = _nomi(risorsa)
    per_nome = {campo.nome: campo for campo in risorsa.campi}
    chiave = [per_nome[nome] for nome in ("id", *risorsa.chiave)]
    return {
        "Paginazione": PAGINAZIONE,
        riga: {"description": str(risorsa.descrizione), **campi.di_riga(risorsa.campi)},
        rimossa: {"description": "Una riga che non c'è più.", **campi.di_risposta(chiave)},
        elenco: {
            "type": "object",
            "description": str(risorsa.titolo),
            "required": ["dati", "paginazione", "aggiornato_al", "al"],
            "properties": {
                "dati": {
                    "type": "array",
                    "description": "Le righe.",
                    "items": risposte.riferimento("schemas", riga),
                },
                "rimossi": {
                    "type": "array",
                    "description": "Con modificati_dal, le righe che non ci sono più.",
                    "items": risposte.riferimento("schemas", rimossa),
                },
                "paginazione": risposte.riferimento("schemas", "Paginazione"),
                "aggiornato_al": {
                    "type": "string",
                    "format": "date-time",
                    "description": "Istante di cui parlano i dati: si dà come modificati_dal la volta dopo.",
                    "example": AGGIORNATO,
                },
                "al": {
                    "type": "string",
                    "format": "date",
                    "nullable": True,
                    "description": "Il giorno chiesto con al; null se non è stato chiesto.",
                    "example": None,
                },
            },
            "additionalProperties": False,
        },
    }


def risposta(risorsa: Risorsa) -> Schema:
    elenco = _nomi(risorsa)[2]
    esempio = {
        "dati": [campi.esempio(risorsa.campi)],
        "paginazione": {"limit": LIMITE, "cursor": None, "successiva": None},
        "aggiornato_al": AGGIORNATO,
        "al": None,
    }
    return {
        "description": str(risorsa.titolo),
        "headers": risposte.intestazioni("X-Aggiornato-Al", "ETag"),
        "content": {
            Json.media_type: {"schema": risposte.riferimento("schemas", elenco), "example": esempio},
            Csv.media_type: {"schema": {"type": "string"}, "example": _csv(risorsa)},
            Ndjson.media_type: {"schema": {"type": "string"}, "example": '{"id": 1024}\n'},
            Xlsx.media_type: {"schema": {"type": "string", "format": "binary"}},
        },
    }


def _csv(risorsa: Risorsa) -> str:
    return ";".join(risorsa.nomi[:3])
