"""Where a pull has come to: signed, so that what comes back is what was given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing

from interoperabilita.formati import valori

_SALE = "interoperabilita.cursore"


class CursoreNonValido(Exception):
    """It was changed, cut, or belongs to another request."""


@dataclass(frozen=True)
class Cursore:
    """The last row given (`oggetto`, and its value in the order asked for), of the list as published at `istante`."""

    istante: datetime
    oggetto: int
    valore: Any

    def scrivi(self, domanda: str) -> str:
        """As text; `domanda` is the request without the cursor, which must be the same when it comes back."""
        return signing.dumps([valori.istante(self.istante), self.oggetto, self.valore, _impronta(domanda)], salt=_SALE)


def leggi(testo: str, domanda: str) -> Cursore:
    """Raises CursoreNonValido."""
    try:
        istante, oggetto, valore, impronta = signing.loads(testo, salt=_SALE)
    except (signing.BadSignature, ValueError, TypeError) as errore:
        raise CursoreNonValido from errore
    if impronta != _impronta(domanda):
        raise CursoreNonValido
    return Cursore(datetime.fromisoformat(istante), oggetto, valore)


def _impronta(domanda: str) -> str:
    return hashlib.sha256(domanda.encode()).hexdigest()[:16]
