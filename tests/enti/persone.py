"""People for the tests of access: made by the services, with a real second factor where the role wants one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from enti import services
from enti.models import Ente, Utente
from enti.ruoli import PERSONALE, RUOLI_PER_TIPO, Ruolo, TipoEnte

PASSWORD = "tre-cavalli-al-guado"
SEGRETO = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

ENTE_DEL_RUOLO = {ruolo: tipo for tipo, ruoli in RUOLI_PER_TIPO.items() for ruolo in ruoli if tipo != TipoEnte.COMUNE}


@pytest.fixture(autouse=True)
def accesso_di_prova(settings: Settings) -> Iterator[None]:
    """Attempts counted from zero, and codes good even if thirty seconds end between two lines."""
    settings.MFA_TOTP_TOLERANCE = 1
    cache.clear()
    yield
    cache.clear()


def crea_persona(ruolo: Ruolo | None = None, *, nome: str = "", secondo_fattore: bool | None = None) -> Utente:
    """A person with one role, or none; staff has the second factor unless told otherwise."""
    etichetta = nome or (ruolo.value if ruolo else "senza-ruolo")
    utente = services.crea_utente(
        email=f"{etichetta}@example.org", nome=etichetta.capitalize(), cognome="Prova", password=PASSWORD, autore=None
    )
    if ruolo is not None:
        tipo = ENTE_DEL_RUOLO[ruolo]
        ente, _ = Ente.objects.get_or_create(denominazione=f"Ente {tipo}", defaults={"tipo": tipo})
        services.assegna_ruolo(utente_id=utente.pk, ente_id=ente.pk, ruolo=ruolo, autore=None)
    if ruolo in PERSONALE if secondo_fattore is None else secondo_fattore:
        TOTP.activate(utente, SEGRETO)
    return Utente.objects.get(pk=utente.pk)


def codice_totp(segreto: str = SEGRETO) -> str:
    """The code that the app of this person shows now."""
    return format_hotp_value(hotp_value(segreto, int(time.time()) // app_settings.TOTP_PERIOD))


def segreto_di(utente: Utente) -> str:
    autenticatore = Authenticator.objects.get(user=utente, type=Authenticator.Type.TOTP)
    return str(decrypt(autenticatore.data["secret"]))


def entra(client: Client, utente: Utente, *, poi: str = "") -> None:
    """Sign in by the pages, as people do, second factor included."""
    dati = {"login": utente.email, "password": PASSWORD, **({"next": poi} if poi else {})}
    risposta = client.post(reverse("account_login"), dati)
    if risposta.headers.get("Location") == reverse("mfa_authenticate"):
        cache.clear()
        risposta = client.post(reverse("mfa_authenticate"), {"code": codice_totp()})
    assert risposta.status_code == 302, risposta.content.decode()
