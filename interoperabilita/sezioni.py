"""What the API adds to the pages of the rooms below: the keys that end soon, to who gives them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from enti.models import Utente
from enti.permessi import Permesso, consente
from enti.sicurezza import Gruppo, dichiara
from interoperabilita.selectors import chiavi
from registro.estensioni import Sezione, aggiungi_sezione


def chiavi_in_scadenza(_oggetto: Any, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """Those with nothing in their place; left out where there is none, and for who gives no keys. One query."""
    if not isinstance(utente, Utente) or not consente(Permesso.AMMINISTRARE, utente.ruoli):
        return None
    trovate = chiavi.in_scadenza(timezone.now())
    return {"chiavi": trovate} if trovate else None


dichiara(
    Gruppo.CHIAVI,
    "interoperabilita.chiaveapi",
    "chiave creata",
    "chiave modificata",
    "chiave sostituita",
    "chiave revocata",
    "token personale creato",
)
dichiara(Gruppo.ESPORTAZIONI, "enti.utente", "accessi all'API scaricati")
aggiungi_sezione(
    "cruscotto-amministratore", Sezione("interoperabilita/chiavi/in_scadenza.html", chiavi_in_scadenza, posto=10)
)
