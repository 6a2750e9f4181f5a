"""People of the demonstration: invented, with a password and a second factor that everybody may know.

`manage.py carica_demo` makes them only where settings.DIMOSTRAZIONE is on, which production refuses.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction

from enti import services
from enti.models import Ente, Utente
from enti.riferimenti import CITTA_METROPOLITANA
from enti.ruoli import PERSONALE, Ruolo, TipoEnte
from registro.dimostrazione import RiferimentiMancanti, dimostrazione

PASSWORD = "dimostrazione-milano-2025"  # noqa: S105 known to all by design
SEGRETO_TOTP = "DEMOPSTTMMILANODEMOPSTTMMILANO22"  # base32, known to all by design

MINISTERO = "Ministero dell'Interno"


@dataclass(frozen=True)
class UtenteDemo:
    """A person of the demonstration, with the one role she has."""

    email: str
    nome: str
    cognome: str
    ente: str
    ruolo: Ruolo

    @property
    def etichetta(self) -> str:
        """The role and the body, as the sign-in page says them."""
        return f"{self.ruolo.label} · {self.ente}"

    @property
    def secondo_fattore(self) -> bool:
        return self.ruolo in PERSONALE


METROPOLI = str(CITTA_METROPOLITANA["denominazione"])
UTENTI = (
    UtenteDemo("compilatore.rho@example.org", "Carla (demo)", "Colombo", "Comune di Rho", Ruolo.COMPILATORE),
    UtenteDemo("responsabile.rho@example.org", "Renato (demo)", "Rossi", "Comune di Rho", Ruolo.RESPONSABILE),
    UtenteDemo("compilatore.bresso@example.org", "Bruno (demo)", "Brambilla", "Comune di Bresso", Ruolo.COMPILATORE),
    UtenteDemo("istruttore@example.org", "Irene (demo)", "Invernizzi", METROPOLI, Ruolo.ISTRUTTORE),
    UtenteDemo("coordinatore@example.org", "Corrado (demo)", "Conti", METROPOLI, Ruolo.COORDINATORE),
    UtenteDemo("cabina@example.org", "Gaia (demo)", "Galli", METROPOLI, Ruolo.CABINA),
    UtenteDemo("amministratore@example.org", "Ada (demo)", "Aliprandi", METROPOLI, Ruolo.AMMINISTRATORE),
)


@dimostrazione(posto=10)
@transaction.atomic
def carica() -> dict[str, int]:
    """Make bodies and people that are not there yet; how many were made, by kind. Those there stay as they are."""
    enti = {ente.denominazione: ente for ente in Ente.objects.filter(denominazione__in=[u.ente for u in UTENTI])}
    if any(persona.ente not in enti for persona in UTENTI):
        raise RiferimentiMancanti("Mancano gli enti di riferimento: esegui prima «manage.py carica_riferimenti».")
    nuovi_enti = 0
    if not Ente.objects.filter(denominazione=MINISTERO).exists():
        services.crea_ente(denominazione=MINISTERO, tipo=TipoEnte.MINISTERO, autore=None)
        nuovi_enti = 1
    presenti = set(Utente.objects.values_list("email", flat=True))
    nuove = [persona for persona in UTENTI if persona.email not in presenti]
    for persona in nuove:
        _crea(persona, enti[persona.ente])
    return {"enti": nuovi_enti, "utenti": len(nuove)}


def codice_adesso() -> str:
    """The code that the second factor of the demonstration accepts now."""
    return str(format_hotp_value(hotp_value(SEGRETO_TOTP, int(time.time()) // app_settings.TOTP_PERIOD)))


def _crea(persona: UtenteDemo, ente: Ente) -> None:
    utente = services.crea_utente(
        email=persona.email, nome=persona.nome, cognome=persona.cognome, password=PASSWORD, autore=None
    )
    services.assegna_ruolo(utente_id=utente.pk, ente_id=ente.pk, ruolo=persona.ruolo, autore=None)
    if persona.secondo_fattore and not Authenticator.objects.filter(user=utente).exists():
        TOTP.activate(utente, SEGRETO_TOTP)
