"""Vouchers of the Piattaforma Digitale Nazionale Dati, where the settings name it: as good as the key of the client.

The checks are those that the PDND asks of who is called: signature (RS256, with its published keys), issuer,
audience, times. What the client may do is written in its key, which must be valid as well.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import jwt
from django.conf import settings
from django.core.cache import cache
from jwt import PyJWK, PyJWKClient, PyJWKSet

from interoperabilita import chiavi
from interoperabilita.models import ChiaveApi

logger = logging.getLogger(__name__)

# The only algorithm of the PDND: with the public key taken for a secret, HS256 would let anybody sign.
ALGORITMI = ("RS256",)
TIPO = "at+jwt"
OBBLIGATORI = ["exp", "iat", "nbf", "iss", "aud", "client_id"]
# Seconds: by how much two clocks may differ; how long to wait for the keys, to keep them, and not to ask again.
TOLLERANZA = 10
ATTESA = 5
DURATA_CHIAVI = 60 * 60
RIPOSO = 30


def chiave_di(testo: str) -> ChiaveApi | None:
    """The key of the client that a voucher was issued to; None when the voucher is not good, or none is accepted."""
    if not (settings.PDND_JWKS_URL and settings.PDND_ISSUER and settings.PDND_AUDIENCE):
        return None
    try:
        intestazione = jwt.get_unverified_header(testo)
        if str(intestazione.get("typ", "")).lower() != TIPO or intestazione.get("alg") not in ALGORITMI:
            return None
        pubblica = _pubblica(str(intestazione.get("kid", "")))
        if pubblica is None:
            return None
        contenuto = jwt.decode(
            testo,
            pubblica,
            algorithms=ALGORITMI,
            audience=settings.PDND_AUDIENCE,
            issuer=settings.PDND_ISSUER,
            leeway=TOLLERANZA,
            options={"require": OBBLIGATORI},
        )
    except jwt.PyJWTError as errore:
        logger.info("Voucher non accettato: %s", errore)
        return None
    # Bound to a key of the client (DPoP): whoever holds it must prove it, which a bearer does not.
    if "cnf" in contenuto:
        return None
    client = contenuto["client_id"]
    return chiavi.di_client(client) if isinstance(client, str) else None


def _pubblica(kid: str) -> PyJWK | None:
    """The public key of the PDND with this name. One never seen before is looked for, but not at every request."""
    conservate, riposo = _nomi_in_cache()
    trovata = _fra(cache.get(conservate), kid)
    if trovata is not None or cache.get(riposo):
        return trovata
    lette = _leggi()
    cache.set(riposo, True, RIPOSO)
    if lette is not None:
        cache.set(conservate, lette, DURATA_CHIAVI)
    return _fra(lette, kid)


def _nomi_in_cache() -> tuple[str, str]:
    dove = hashlib.sha256(settings.PDND_JWKS_URL.encode()).hexdigest()[:16]
    return f"pdnd:chiavi:{dove}", f"pdnd:riposo:{dove}"


def _fra(insieme: dict[str, Any] | None, kid: str) -> PyJWK | None:
    if insieme is None:
        return None
    buone = [chiave for chiave in PyJWKSet.from_dict(insieme).keys if chiave.public_key_use in {"sig", None}]
    return next((chiave for chiave in buone if chiave.key_id == kid), None)


def _leggi() -> dict[str, Any] | None:
    """The keys as the PDND publishes them; None when it does not answer, or not with keys."""
    try:
        insieme: dict[str, Any] = PyJWKClient(settings.PDND_JWKS_URL, cache_jwk_set=False, timeout=ATTESA).fetch_data()
        PyJWKSet.from_dict(insieme)
    except (jwt.PyJWTError, OSError, ValueError) as errore:
        logger.warning("Le chiavi della PDND non si leggono da %s: %s", settings.PDND_JWKS_URL, errore)
        return None
    return insieme
