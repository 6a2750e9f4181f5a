"""The keys of the portal in a backup: sealed with a passphrase (scrypt, AES-256-GCM), or left out.

Without them a restored portal works, but sessions, recovery links and second factors made with them do not.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MEMBRO = "chiavi.json"
# OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1.
_N, _R, _P = 2**17, 8, 1
_SCOPO = b"psttm: chiavi di una copia di sicurezza"


class FraseErrata(Exception):
    """The passphrase is not the one that the keys of the archive were sealed with."""


@dataclass(frozen=True)
class Chiavi:
    """The secret key of the portal, and those used before it."""

    attuale: str
    precedenti: list[str]

    def per_env(self) -> str:
        """As `.env` wants them."""
        return f"SECRET_KEY={self.attuale}\nSECRET_KEY_FALLBACKS={','.join(self.precedenti)}\n"


def cifra(chiavi: Chiavi, frase: str) -> bytes:
    sale, numero = os.urandom(16), os.urandom(12)
    testo = json.dumps({"attuale": chiavi.attuale, "precedenti": chiavi.precedenti}).encode()
    cifrato = AESGCM(_chiave(frase, sale)).encrypt(numero, testo, _SCOPO)
    parti = {"sale": sale, "numero": numero, "cifrato": cifrato}
    return json.dumps({nome: base64.b64encode(byte).decode() for nome, byte in parti.items()}).encode()


def decifra(membro: bytes, frase: str) -> Chiavi:
    """Raises FraseErrata."""
    parti = {nome: base64.b64decode(testo) for nome, testo in json.loads(membro).items()}
    try:
        testo = AESGCM(_chiave(frase, parti["sale"])).decrypt(parti["numero"], parti["cifrato"], _SCOPO)
    except InvalidTag:
        raise FraseErrata from None
    return Chiavi(**json.loads(testo))


def _chiave(frase: str, sale: bytes) -> bytes:
    return Scrypt(salt=sale, length=32, n=_N, r=_R, p=_P).derive(frase.encode())
