"""Every page at both widths: no axe violation, no sideways scroll, nothing asked of another machine."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, resolve

from tests.browser.conftest import LARGHEZZE, Finestre, Portale
from tests.test_rotte import rotte

pytestmark = pytest.mark.browser

# Who opens which addresses; the same page stands here once for every state worth looking at.
PAGINE: dict[str | None, list[str]] = {
    None: [
        "/",
        "/accesso/",
        "/accesso/sospeso/",
        "/accesso/password/dimenticata/",
        "/accesso/password/dimenticata/inviata/",
        "/accesso/password/nuova/1-scaduta/",
        "/accesso/password/nuova/fatta/",
        "/glossario/",
        "/fonti/",
        "/privacy/",
        "/note-legali/",
        "/accessibilita/",
    ],
    "coordinatore": [
        "/",
        "/piano-strategico/",
        "/piano-strategico/missioni/1/",
        "/piano-strategico/missioni/6/",
        "/piano-strategico/obiettivi/",
        "/piano-strategico/obiettivi/?q=zzzz",
        "/piano-strategico/obiettivi/?driver=2&missione=2",
        "/piano-strategico/obiettivi/2/15/",
        "/piano-strategico/obiettivi/nuovo/",
        "/piano-strategico/obiettivi/4/1/",
        "/piano-strategico/obiettivi/4/1/modifica/",
        "/piano-strategico/obiettivi/4/1/togli/",
        "/piano-strategico/driver/2/",
        "/piano-strategico/driver/10/",
        "/piano-strategico/strategie/1/",
        "/piano-strategico/matrice/",
        "/piano-strategico/misure/",
        "/piano-strategico/attuazione/",
        "/piano-strategico/risultati/",
        "/territorio/",
        "/territorio/?misura=densita",
        "/territorio/?misura=ivsm",
        "/territorio/numeri/",
        "/territorio/comuni/",
        "/territorio/comuni/?q=zzzz",
        "/territorio/comuni/015182/",
        "/territorio/comuni/015146/",
        "/territorio/zone/7/",
        "/lavori/",
        "/lavori/1/",
        "/lavori/2/",
        "/registro/",
        "/registro/?oggetto=zzzz",
        "/componenti/",
        "/accesso/uscita/",
        "/accesso/conferma/",
        "/accesso/password/",
        "/accesso/ripresa/",
        "/accesso/secondo-fattore/",
        "/accesso/secondo-fattore/conferma/",
        "/accesso/secondo-fattore/codici/",
        "/accesso/secondo-fattore/codici/nuovi/",
        "/accesso/secondo-fattore/togli/",
    ],
    "compilatore.rho": [
        "/",
        "/territorio/",
        "/lavori/",
        "/accesso/secondo-fattore/",
        "/accesso/secondo-fattore/attiva/",
    ],
    "amministratore": [
        "/amministrazione/",
        "/amministrazione/enti/utente/",
        "/amministrazione/enti/utente/add/",
        "/amministrazione/enti/appartenenza/add/",
        "/amministrazione/registro/evento/",
    ],
}
ERRORI = ["/questa-pagina-non-esiste/", "/territorio/comuni/999999/"]
PROVE = [(chi, indirizzo) for chi, indirizzi in PAGINE.items() for indirizzo in indirizzi] + [
    ("coordinatore", indirizzo) for indirizzo in ERRORI
]
# Addresses that draw no page: they answer with data or a file, only take what is sent, or show what one sign-in needs.
SENZA_PAGINA = {
    "lavoro-stato",
    "lavoro-prova",
    "lavoro-annulla",
    "lavoro-ripeti",
    "ripresa-scarta",
    "sessione-viva",
    "mfa_download_recovery_codes",
}
# Drawn only in the middle of signing in; the flows open it.
NEI_PERCORSI = {"mfa_authenticate"}

ESEMPI = """
from psttm import services
from psttm.models import Missione
from registro.models import Fonte, Lavoro, StatoLavoro
services.aggiungi_obiettivo(
    missione=Missione.objects.get(numero=4), testo="Obiettivo di prova", destinatari=["comuni"],
    fonte=Fonte.objects.first(), luogo="prova", autore=None)
Lavoro.objects.create(tipo="prova", titolo="Prova", stato=StatoLavoro.FALLITO, errore="Manca il file: ricaricalo.")
Lavoro.objects.create(tipo="prova", titolo="Prova", stato=StatoLavoro.RIUSCITO, risultato={"passi": 20})
"""

SCORRE_DI_LATO = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def esempi(portale: Portale) -> None:
    """An objective added by the staff, a failed job and one that went well."""
    portale.comando("shell", "--no-imports", "-c", ESEMPI)


def test_ogni_pagina_del_portale_e_fra_quelle_provate() -> None:
    nostre = {rotta.nome for rotta in rotte(get_resolver()) if not rotta.spazio}
    provate = {resolve(indirizzo.partition("?")[0]).view_name for _, indirizzo in PROVE if indirizzo not in ERRORI}
    assert nostre - SENZA_PAGINA - NEI_PERCORSI - provate == set()


@pytest.mark.usefixtures("esempi")
@pytest.mark.parametrize("larghezza", LARGHEZZE)
@pytest.mark.parametrize(("chi", "indirizzo"), PROVE)
def test_la_pagina_e_accessibile_e_non_scorre_di_lato(
    apri: Finestre, chi: str | None, indirizzo: str, larghezza: str
) -> None:
    pagina = apri(indirizzo, chi=chi, larghezza=larghezza)
    esito = apri.violazioni(pagina)
    assert esito.violations_count == 0, esito.generate_report()
    assert not pagina.evaluate(SCORRE_DI_LATO)
