"""Every rule for passwords refuses in Italian, and says what to mend."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from tests.enti.persone import PASSWORD, accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]


@pytest.mark.parametrize(
    ("password", "motivo"),
    [
        ("undici-car.", "La password è troppo corta: servono almeno 12 caratteri."),
        ("password1234", "Questa password è troppo comune."),
        ("918273645546", "Questa password è interamente numerica."),
        ("mario.rossi@example.org", "La password è troppo simile a e-mail."),
    ],
)
def test_una_password_rifiutata_dice_perche_in_italiano(password: str, motivo: str) -> None:
    with pytest.raises(ValidationError) as rifiuto:
        validate_password(password, Utente(email="mario.rossi@example.org", nome="Mario", cognome="Rossi"))
    assert motivo in rifiuto.value.messages


@pytest.mark.parametrize(
    "password",
    [
        "Milano2025!!",
        "benvenuto1234",
        "FORZAINTER1908",
        "Forza Juve 1897",
        "p@ssw0rd2024!",
        "4m0r3mio!2025",
        "città-metropolitana",
        "qwertyuiop12",
        "asdfghjkl123",
        "!!!password!!!",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
        "portalepnrr1",
        "123!456!7890",
    ],
)
def test_le_prime_che_si_provano_non_vanno(password: str) -> None:
    with pytest.raises(ValidationError) as rifiuto:
        validate_password(password, Utente(email="mario.rossi@example.org", nome="Mario", cognome="Rossi"))
    assert any("fra le prime che si provano" in messaggio for messaggio in rifiuto.value.messages)


@pytest.mark.parametrize(
    "password",
    [
        "tre-cavalli-al-guado",
        "otto-barche-nel-porto",
        "dimostrazione-milano-2025",
        "milano juventus pesca",  # three words
        "milanesiana2025",
        "Xk3!vb9Q#zt2",
        "correttezza amministrativa",
        "a" * 300 + "è lunga ma va",
    ],
)
def test_le_altre_vanno_comunque_siano_fatte(password: str) -> None:
    """Any character, no composition asked for, as long as one likes (OWASP ASVS 6.2.5, 6.2.9)."""
    validate_password(password, Utente(email="mario.rossi@example.org", nome="Mario", cognome="Rossi"))


def test_gli_spazi_in_fondo_contano(client: Client, db: None) -> None:
    """It is checked as it was typed, and nothing is cut (OWASP ASVS 6.2.8)."""
    utente = crea_persona(Ruolo.CABINA)
    utente.set_password(f" {PASSWORD} ")
    utente.save()
    dati = {"login": utente.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), dati).status_code == 200
    assert client.post(reverse("account_login"), dati | {"password": f" {PASSWORD} "}).status_code == 302


def test_dodici_caratteri_bastano() -> None:
    validate_password("dodici-car.1", Utente(email="mario.rossi@example.org", nome="Mario", cognome="Rossi"))
