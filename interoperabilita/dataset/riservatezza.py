"""What is taken out before anything is published to everybody: what tells who a natural person is.

Open data hold nobody's data (GDPR; art. 26 D.Lgs. 33/2013): neither the codice fiscale of a natural person, nor her
name where she carries out an intervento, nor a codice fiscale that somebody wrote in a title.
"""

from __future__ import annotations

import re

PERSONA_FISICA = "Persona fisica"
OMESSO = "[codice fiscale omesso]"
_DI_ENTE = re.compile(r"[0-9]{11}")
# Letters stand for digits where two people would have the same code (D.M. 23/12/1976).
_CIFRA = "[0-9LMNPQRSTUV]"
_DI_PERSONA = re.compile(
    rf"(?<![A-Z0-9])[A-Z]{{6}}{_CIFRA}{{2}}[ABCDEHLMPRST]{_CIFRA}{{2}}[A-Z]{_CIFRA}{{3}}[A-Z](?![A-Z0-9])",
    re.IGNORECASE,
)


def soggetto(denominazione: str, codice_fiscale: str) -> tuple[str, str]:
    """Name and codice fiscale as they may be published. Bodies and companies have 11 digits, people 16 characters."""
    codice = "".join(codice_fiscale.split())
    if len(codice) == 16:
        return PERSONA_FISICA, ""
    return testo(denominazione), codice if _DI_ENTE.fullmatch(codice) else ""


def testo(scritto: str) -> str:
    """A text, without the codici fiscali of people that are written in it."""
    return _DI_PERSONA.sub(OMESSO, scritto)
