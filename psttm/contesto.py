"""What every page needs to know: the menus this person can use, and how long her session lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from enti.accesso import manca_secondo_fattore
from enti.permessi import Permesso, consente

# name, route, prefix of the addresses it stands for, who may see it
MENU = (
    ("Cruscotto", "cruscotto", "/cruscotto/", Permesso.LEGGERE_MONITORAGGIO),
    ("Interventi", "interventi", "/interventi/", Permesso.LEGGERE_INTERVENTI),
    ("Piani", "piani-integrati", "/piani/", Permesso.LEGGERE_INTERVENTI),
    ("Verifica", "verifica", "/piani/verifica/", Permesso.LEGGERE_INTERVENTI),
    ("Monitoraggio", "monitoraggio", "/monitoraggio/", Permesso.LEGGERE_MONITORAGGIO),
    ("Rapporti", "rapporti", "/rapporti/", Permesso.LEGGERE_RAPPORTI),
    ("Importazioni", "importazioni", "/importazioni/", Permesso.VEDERE_IMPORTAZIONI),
    ("Piano strategico", "piano", "/piano-strategico/", Permesso.LEGGERE_PIANO),
    ("Territorio", "territorio", "/territorio/", Permesso.LEGGERE_PIANO),
    ("Lavori", "lavori", "/lavori/", Permesso.VEDERE_LAVORI),
)
# The areas with pages of their own to move between: by the prefix of the area, what stands under the menu.
SOTTOMENU = {
    "/cruscotto/": (
        ("In sintesi", "cruscotto", "/cruscotto/", Permesso.LEGGERE_MONITORAGGIO),
        ("Traguardi nel tempo", "tempi", "/cruscotto/tempi/", Permesso.LEGGERE_MONITORAGGIO),
        ("Mappa", "mappa", "/cruscotto/mappa/", Permesso.LEGGERE_MONITORAGGIO),
    ),
    "/monitoraggio/": (
        ("Situazione", "monitoraggio", "/monitoraggio/", Permesso.LEGGERE_MONITORAGGIO),
        ("Che cosa si aspetta", "attese", "/monitoraggio/attese/", Permesso.LEGGERE_MONITORAGGIO),
        ("Segnali", "segnali", "/monitoraggio/segnali/", Permesso.LEGGERE_MONITORAGGIO),
        ("Istruttoria", "istruttoria", "/monitoraggio/istruttoria/", Permesso.ISTRUIRE_AVANZAMENTI),
        ("Traguardi", "traguardi", "/monitoraggio/traguardi/", Permesso.LEGGERE_MONITORAGGIO),
        ("Variazioni", "variazioni", "/monitoraggio/variazioni/", Permesso.LEGGERE_MONITORAGGIO),
        ("Foglio di calcolo", "foglio", "/monitoraggio/foglio/", Permesso.COMPILARE_AVANZAMENTI),
        ("ReGiS", "regis", "/monitoraggio/regis/", Permesso.ESPORTARE_REGIS),
    ),
    "/rapporti/": (
        ("Archivio", "rapporti", "/rapporti/", Permesso.LEGGERE_RAPPORTI),
        ("Riunioni", "riunioni", "/rapporti/riunioni/", Permesso.LEGGERE_RAPPORTI),
        ("Verifica di un file", "rapporti-verifica", "/rapporti/verifica/", Permesso.LEGGERE_RAPPORTI),
    ),
    "/sicurezza/": (
        ("Registro di sicurezza", "sicurezza", "/sicurezza/", Permesso.AMMINISTRARE),
        ("Sessioni aperte", "sicurezza-sessioni", "/sicurezza/sessioni/", Permesso.AMMINISTRARE),
    ),
    "/chiavi/": (
        ("Chiavi dell'API", "chiavi", "/chiavi/", Permesso.AMMINISTRARE),
        ("Accessi all'API", "accessi-api", "/chiavi/accessi/", Permesso.AMMINISTRARE),
        ("I miei token", "token-personali", "/chiavi/miei/", Permesso.TOKEN_PERSONALI),
    ),
}
MENU_SERVIZIO = (
    ("I miei dati", "miei-dati", Permesso.CONTO),
    ("Le mie sessioni", "sessioni", Permesso.CONTO),
    ("Registro degli eventi", "registro", Permesso.LEGGERE_REGISTRO),
    ("Stato del sistema", "sistema", Permesso.AMMINISTRARE),
    ("Registro di sicurezza", "sicurezza", Permesso.AMMINISTRARE),
    ("Campionario dei componenti", "componenti", Permesso.VEDERE_COMPONENTI),
    ("Token personali per l'API", "token-personali", Permesso.TOKEN_PERSONALI),
    ("Chiavi dell'API", "chiavi", Permesso.AMMINISTRARE),
    ("Accessi all'API", "accessi-api", Permesso.AMMINISTRARE),
    ("Dati personali", "dati-personali", Permesso.AMMINISTRARE),
    ("Amministrazione", "admin:index", Permesso.AMMINISTRARE),
)


def _voci(
    menu: Iterable[tuple[str, str, str, Permesso]], percorso: str, ruoli: frozenset[str]
) -> tuple[list[dict[str, Any]], str]:
    """What of a menu this person can use, and the prefix of the one where she is."""
    voci = [voce for voce in menu if consente(voce[3], ruoli)]
    qui = max((voce[2] for voce in voci if percorso.startswith(voce[2])), key=len, default="")
    return [{"nome": n, "indirizzo": reverse(r), "attiva": p == qui} for n, r, p, _ in voci], qui


def portale(request: HttpRequest) -> dict[str, Any]:
    utente = getattr(request, "user", None)
    if utente is None or not utente.is_authenticated or manca_secondo_fattore(request):
        return {"menu": [], "sottomenu": [], "menu_servizio": [], "sessione_secondi": settings.SESSION_COOKIE_AGE}
    menu, area = _voci(MENU, request.path, utente.ruoli)
    # An area may be reached from the personal menu alone.
    area = area or next((prefisso for prefisso in SOTTOMENU if request.path.startswith(prefisso)), "")
    sottomenu = _voci(SOTTOMENU.get(area, ()), request.path, utente.ruoli)[0]
    return {
        "menu": menu,
        "sottomenu": sottomenu if len(sottomenu) > 1 else [],
        "menu_servizio": [
            {"nome": n, "indirizzo": reverse(r)} for n, r, permesso in MENU_SERVIZIO if consente(permesso, utente.ruoli)
        ],
        "puo_cercare": consente(Permesso.LEGGERE_INTERVENTI, utente.ruoli),
        "puo_avviare_lavori": consente(Permesso.AVVIARE_LAVORI, utente.ruoli),
        "sessione_secondi": settings.SESSION_COOKIE_AGE,
    }
