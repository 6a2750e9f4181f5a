"""Names of columns, as they can be compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_ALTRO = re.compile(r"[^a-z0-9]+")
_DATA_IN_CODA = re.compile(r"^(.*?)\W*(\d{4})-(\d{2})-(\d{2})\W*$|^(.*?)\W*(\d{2})/(\d{2})/(\d{4})\W*$", re.DOTALL)

# The columns that the portal adds to the rows it gives back to be mended ("Portale: motivo").
PREFISSO_PORTALE = "portale "


def chiave_di(nome: str) -> str:
    """The header in small letters, without accents, signs and doubled spaces: "Modalità_di  Realizzazione"."""
    senza_accenti = "".join(c for c in unicodedata.normalize("NFKD", nome) if not unicodedata.combining(c))
    return _ALTRO.sub(" ", senza_accenti.lower()).strip()


def separa_data(nome: str) -> tuple[str, date | None]:
    """A header that carries a date, in two: "Pagamenti Totali 2025-03-31", "Oggetto gara (2023-03-01)"."""
    trovata = _DATA_IN_CODA.match(nome)
    if trovata is None:
        return nome, None
    if trovata[2]:
        resto, anno, mese, giorno = trovata[1], trovata[2], trovata[3], trovata[4]
    else:
        resto, giorno, mese, anno = trovata[5], trovata[6], trovata[7], trovata[8]
    try:
        return resto, date(int(anno), int(mese), int(giorno))
    except ValueError:
        return nome, None
