"""What is asked for: a kind, a perimeter, the day and the instant, and those it is compared with.

The same question has the same code everywhere and for ever, and the same data give it the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rapporti.scelte import TipoPerimetro, TipoRapporto

# Crockford's base 32: no I, L, O or U, which are taken for others when read aloud or copied from paper.
ALFABETO = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CIFRE, GRUPPO = 12, 4
SOMIGLIANTI = str.maketrans("ILOU", "110V")


@dataclass(frozen=True)
class Perimetro:
    """Which ones: `chiave` is the code of a piano, the number of a zona, of a Driver or of a STTM, an ISTAT code."""

    tipo: TipoPerimetro = TipoPerimetro.PROGRAMMA
    chiave: str = ""

    def __str__(self) -> str:
        return f"{self.tipo.value}:{self.chiave}" if self.chiave else self.tipo.value


@dataclass(frozen=True)
class Domanda:
    """`al` is the day that the report speaks of, `noto_al` the instant until which the portal may know (whole seconds).

    `confronto_al` and `confronto_noto_al` are those of the situation that changes are told from.
    """

    tipo: TipoRapporto
    perimetro: Perimetro
    al: date
    noto_al: datetime
    confronto_al: date
    confronto_noto_al: datetime

    @property
    def testo(self) -> str:
        """The question in one line, the same for ever: what its code is made from."""
        return "|".join(
            (
                self.tipo.value,
                str(self.perimetro),
                self.al.isoformat(),
                istante(self.noto_al),
                self.confronto_al.isoformat(),
                istante(self.confronto_noto_al),
            )
        )

    @property
    def codice(self) -> str:
        """Twelve characters, in groups of four: 7K3M-Q9TD-X20B."""
        numero = int.from_bytes(hashlib.sha256(self.testo.encode()).digest()) >> (256 - 5 * CIFRE)
        cifre = "".join(ALFABETO[numero >> 5 * posto & 31] for posto in reversed(range(CIFRE)))
        return a_gruppi(cifre)


def a_gruppi(cifre: str) -> str:
    return "-".join(cifre[inizio : inizio + GRUPPO] for inizio in range(0, len(cifre), GRUPPO))


def codice_letto(testo: str) -> str:
    """The code that somebody typed, however it was grouped; "" if it is none."""
    cifre = re.sub(r"[\s.\-–—]", "", testo.upper()).translate(SOMIGLIANTI)
    return a_gruppi(cifre) if len(cifre) == CIFRE and not set(cifre) - set(ALFABETO) else ""


def istante(quando: datetime) -> str:
    """RFC 3339 in UTC, to the second: 2025-01-15T09:42:00Z."""
    return f"{quando.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
