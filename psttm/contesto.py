"""What every page needs to know: the menus this person can use, and how long her session lasts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from enti.accesso import manca_secondo_fattore
from enti.permessi import Permesso, consente

# name, route, prefix of the addresses it stands for, who may see it
MENU = (
    ("Interventi", "interventi", "/interventi/", Permesso.LEGGERE_INTERVENTI),
    ("Piani", "piani-integrati", "/piani/", Permesso.LEGGERE_INTERVENTI),
    ("Verifica", "verifica", "/piani/verifica/", Permesso.LEGGERE_INTERVENTI),
    ("Importazioni", "importazioni", "/importazioni/", Permesso.VEDERE_IMPORTAZIONI),
    ("Piano strategico", "piano", "/piano-strategico/", Permesso.LEGGERE_PIANO),
    ("Territorio", "territorio", "/territorio/", Permesso.LEGGERE_PIANO),
    ("Lavori", "lavori", "/lavori/", Permesso.VEDERE_LAVORI),
)
MENU_SERVIZIO = (
    ("Registro degli eventi", "registro", Permesso.LEGGERE_REGISTRO),
    ("Campionario dei componenti", "componenti", Permesso.VEDERE_COMPONENTI),
    ("Amministrazione", "admin:index", Permesso.AMMINISTRARE),
)


def portale(request: HttpRequest) -> dict[str, Any]:
    utente = getattr(request, "user", None)
    if utente is None or not utente.is_authenticated or manca_secondo_fattore(request):
        return {"menu": [], "menu_servizio": [], "sessione_secondi": settings.SESSION_COOKIE_AGE}
    voci = [voce for voce in MENU if consente(voce[3], utente.ruoli)]
    piu_vicina = max((voce[2] for voce in voci if request.path.startswith(voce[2])), key=len, default="")
    return {
        "menu": [{"nome": n, "indirizzo": reverse(r), "attiva": p == piu_vicina} for n, r, p, _ in voci],
        "menu_servizio": [
            {"nome": n, "indirizzo": reverse(r)} for n, r, permesso in MENU_SERVIZIO if consente(permesso, utente.ruoli)
        ],
        "puo_cercare": consente(Permesso.LEGGERE_INTERVENTI, utente.ruoli),
        "puo_avviare_lavori": consente(Permesso.AVVIARE_LAVORI, utente.ruoli),
        "sessione_secondi": settings.SESSION_COOKIE_AGE,
    }
