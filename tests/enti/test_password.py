"""Every rule for passwords refuses in Italian, and says what to mend."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from enti.models import Utente


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


def test_dodici_caratteri_bastano() -> None:
    validate_password("dodici-car.1", Utente(email="mario.rossi@example.org", nome="Mario", cognome="Rossi"))
