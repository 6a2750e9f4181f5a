"""What the reports add to the pages of the rooms below."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from enti.models import Utente
from enti.permessi import Permesso, consente
from piani_integrati.models import PianoIntegrato
from rapporti.domanda import Perimetro
from rapporti.scelte import TipoPerimetro
from rapporti.selectors import del_perimetro
from registro.estensioni import Sezione, aggiungi_sezione

QUANTI = 3


def del_piano(piano: PianoIntegrato, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """One query; left out for who does not read reports."""
    if not isinstance(utente, Utente) or not consente(Permesso.LEGGERE_RAPPORTI, utente.ruoli):
        return None
    perimetro = {"perimetro": TipoPerimetro.PIANO.value, "chiave": piano.codice}
    return {
        "rapporti": list(del_perimetro(Perimetro(TipoPerimetro.PIANO, piano.codice))[:QUANTI]),
        "tutti": reverse("rapporti", query={"perimetro": perimetro["perimetro"], "q": piano.codice}),
        "nuovo": reverse("rapporto-nuovo", query=perimetro)
        if consente(Permesso.CHIEDERE_RAPPORTI, utente.ruoli)
        else "",
    }


aggiungi_sezione("piano", Sezione("rapporti/sezione_piano.html", del_piano, posto=60))
