"""What the reports add to the pages of the rooms below."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi.viste import Pagina, aggiungi_pagina, solo
from piani_integrati.models import PianoIntegrato
from rapporti.domanda import Perimetro
from rapporti.filters import RapportoFilter
from rapporti.scelte import TipoPerimetro
from rapporti.selectors import del_perimetro
from rapporti.services import riunioni
from rapporti.trovabili import FORNITORE
from registro.estensioni import Sezione, aggiungi_sezione
from registro.ricerca import aggiungi_fornitore
from registro.ripensamenti import registra

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
aggiungi_fornitore(FORNITORE)
aggiungi_pagina(
    Pagina(
        "rapporti",
        _("Rapporti"),
        "rapporti",
        solo(RapportoFilter.base_filters),
        permesso=Permesso.LEGGERE_RAPPORTI,
    )
)
registra(riunioni.ELIMINATA, riunioni.rimetti)
