"""The answer of a view that speaks of one object."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from interoperabilita.formati import valori


def etichettata(richiesta: HttpRequest, corpo: bytes) -> HttpResponse:
    """A JSON answer, unless the client has this very one already: then 304."""
    etag = f'W/"{hashlib.sha256(corpo).hexdigest()[:32]}"'
    risposta = HttpResponse(corpo, content_type="application/json", headers={"ETag": etag})
    patch_vary_headers(risposta, ("Accept", "Authorization", "Cookie"))
    return get_conditional_response(richiesta, etag=etag, response=risposta) or risposta


def rispondi(richiesta: HttpRequest, dati: dict[str, Any], *, istante: datetime, al: date | None) -> HttpResponse:
    """`dati` wrapped as a list's rows are, unless the client has this very answer already."""
    corpo = valori.json(
        {"dati": dati, "aggiornato_al": valori.istante(istante), "al": valori.giorno(al)},
    ).encode()
    risposta = etichettata(richiesta, corpo)
    risposta.headers["X-Aggiornato-Al"] = valori.istante(istante) or ""
    return risposta
