"""What the monitoring adds to every page: how much there is to read in the inbox of the person."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from enti.accesso import manca_secondo_fattore
from enti.models import Utente
from enti.permessi import Permesso, consente
from monitoraggio.selectors import allerte as selectors


def allerte(request: HttpRequest) -> dict[str, Any]:
    """Counted by the header alone: a page that is drawn without it asks the database nothing."""
    utente = getattr(request, "user", None)
    if (
        not isinstance(utente, Utente)
        or manca_secondo_fattore(request)
        or not consente(Permesso.LEGGERE_MONITORAGGIO, utente.ruoli)
    ):
        return {}
    return {"allerte_in_testata": {"quante": cache(lambda: selectors.da_leggere(utente).count())}}
