"""What goes inside the PDF with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Allegato:
    """A file attached to the PDF; `descrizione` says in Italian what it holds."""

    nome: str
    tipo_mime: str
    contenuto: bytes = field(repr=False)
    descrizione: str
