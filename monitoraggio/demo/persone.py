"""Who of the demonstration does what: the people of Rho and Bresso for their own interventi, nobody for the others."""

from __future__ import annotations

from dataclasses import dataclass

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.demo.dichiarato import comune
from registro.dimostrazione import RiferimentiMancanti

COMPILA = {"Rho": "compilatore.rho@example.org", "Bresso": "compilatore.bresso@example.org"}
INVIA = {"Rho": "responsabile.rho@example.org"}
ISTRUTTORE, COORDINATORE = "istruttore@example.org", "coordinatore@example.org"


@dataclass(frozen=True)
class Persone:
    """The people of the demonstration, by their e-mail."""

    per_email: dict[str, Utente]

    def compila(self, intervento: Intervento) -> Utente | None:
        return self.per_email.get(COMPILA.get(comune(intervento), ""))

    def invia(self, intervento: Intervento) -> Utente | None:
        return self.per_email.get(INVIA.get(comune(intervento), ""))

    @property
    def istruttore(self) -> Utente:
        return self.per_email[ISTRUTTORE]

    @property
    def coordinatore(self) -> Utente:
        return self.per_email[COORDINATORE]


def persone() -> Persone:
    """Raises RiferimentiMancanti: they are made before the history that they wrote."""
    email = {*COMPILA.values(), *INVIA.values(), ISTRUTTORE, COORDINATORE}
    trovate = {utente.email: utente for utente in Utente.objects.filter(email__in=email)}
    if email - set(trovate):
        raise RiferimentiMancanti("Mancano le persone di dimostrazione: il caricamento degli enti viene prima.")
    return Persone(trovate)
