"""The OpenAPI document: made from the code once per process, the first time it is asked for."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Any

import orjson
import yaml

from interoperabilita.schema.automatico import Generatore
from interoperabilita.schema.operazioni import Gruppo

DESCRIZIONE = """\
I CUP finanziati dal PNRR nel territorio della Città metropolitana di Milano, con i piani, gli avanzamenti approvati e \
i traguardi, per i sistemi dei Ministeri e degli altri enti.

**Chiave.** Ogni richiesta porta `Authorization: Bearer CHIAVE`. La chiave la crea l'amministratore del portale; non \
si scrive mai nell'indirizzo.

**Formati.** Negli elenchi JSON viene a pagine; CSV, NDJSON e XLSX danno l'elenco intero. Si sceglie con `Accept`, \
oppure scrivendo `.csv`, `.ndjson`, `.xlsx` o `.json` alla fine dell'indirizzo (`/cup.csv`). Con \
`Accept-Encoding: gzip` la risposta è compressa.

**Pagine.** Si segue `paginazione.successiva` finché non è null. Tutte le pagine di uno scarico parlano dello stesso \
istante, anche se intanto i dati cambiano.

**Che cosa è cambiato.** Si dà in `modificati_dal` l'`aggiornato_al` avuto la volta prima: vengono le righe nuove o \
cambiate e, in `rimossi`, quelle che non ci sono più.

**Errori.** Ogni errore è `application/problem+json` (RFC 9457), anche 404 e 405; `errori` dice che cosa non va, punto \
per punto. 400: scritto male; 422: scritto bene, ma non si può avere.

**Limiti.** `X-RateLimit-*` dice in ogni risposta quante richieste restano nel minuto; oltre, 429 con `Retry-After`.
"""
PAROLE_DEI_GRUPPI = {
    Gruppo.CUP: "Gli interventi con il loro CUP: l'elenco piatto e la scheda di ognuno.",
    Gruppo.PIANI: "I piani, i loro CUP e l'esito delle regole che devono rispettare.",
    Gruppo.MONITORAGGIO: "Gli avanzamenti degli interventi e i traguardi; chi scrive, invia i propri.",
    Gruppo.RAPPORTI: "I rapporti di avanzamento pronti, con il PDF e i dati; chi può, ne chiede altri.",
    Gruppo.RIFERIMENTI: "Missioni, Driver e strategie del Piano strategico, Comuni.",
    Gruppo.SERVIZIO: "Lo stato del servizio e questo documento.",
}
SICUREZZA = {
    "ChiaveApi": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "psttm_…",
        "description": "La chiave data dall'amministratore del portale, in Authorization: Bearer.",
    },
    "VoucherPdnd": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Dove il portale aderisce alla Piattaforma Digitale Nazionale Dati (PDND), il voucher del "
        "client scritto in una chiave vale quanto la chiave.",
    },
}


@cache
def documento() -> dict[str, Any]:
    """The document as Python values: not to be changed by who reads it."""
    scritto: dict[str, Any] = Generatore().get_schema(public=True)
    scritto["info"]["description"] = DESCRIZIONE
    usati = {gruppo for voci in scritto["paths"].values() for voce in voci.values() for gruppo in voce["tags"]}
    scritto["tags"] = [
        {"name": gruppo.value, "description": PAROLE_DEI_GRUPPI[gruppo]} for gruppo in Gruppo if gruppo.value in usati
    ]
    scritto["components"] = {"securitySchemes": SICUREZZA, **_usate(scritto)}
    return scritto


def _usate(scritto: dict[str, Any]) -> dict[str, Any]:
    """The parts with a name that something refers to."""
    riferite = set(re.findall(rb'"#/components/(\w+)/([\w-]+)"', orjson.dumps(scritto)))
    return {
        genere: {nome: parte for nome, parte in parti.items() if (genere.encode(), nome.encode()) in riferite}
        for genere, parti in scritto["components"].items()
    }


@cache
def in_json() -> bytes:
    return orjson.dumps(documento(), option=orjson.OPT_INDENT_2)


class _Scrittore(yaml.SafeDumper):
    """YAML that every reader takes in the same way, and that people can read."""


def _testo(scrittore: yaml.SafeDumper, testo: str) -> yaml.Node:
    """Codes like 08 are quoted, which some would take for numbers; texts of many lines are written as they are."""
    stile = "'" if testo[:1].isdigit() else "|" if "\n" in testo.strip() else None
    return scrittore.represent_scalar("tag:yaml.org,2002:str", testo, style=stile)


_Scrittore.add_representer(str, _testo)


@cache
def in_yaml() -> bytes:
    return yaml.dump(documento(), Dumper=_Scrittore, allow_unicode=True, sort_keys=False, width=120).encode()


@cache
def etichetta(formato: str) -> str:
    """The ETag of the document in "json" or "yaml"."""
    return f'"{hashlib.sha256(in_json() if formato == "json" else in_yaml()).hexdigest()[:32]}"'
