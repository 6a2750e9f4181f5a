"""What an address or a form asks for, read without trusting it."""

from __future__ import annotations

# The largest number that a key can be, on both engines.
MASSIMO = 2**63 - 1


def intero(testo: str) -> int | None:
    """The whole number that a text is; None for anything else, and for what no key or count can be."""
    if not (testo.isascii() and testo.isdecimal() and len(testo) <= len(str(MASSIMO))):
        return None
    numero = int(testo)
    return numero if numero <= MASSIMO else None
