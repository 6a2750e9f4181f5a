"""Every page at both widths: no axe violation, no sideways scroll, nothing asked of another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import get_resolver, resolve
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LARGHEZZE, Finestre, Portale
from tests.rapporti.documenti import ATTESA, DOMANDA
from tests.test_rotte import rotte

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]

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
        "/open-data/",
        "/open-data/interventi/",
        "/open-data/avanzamenti/",
        "/open-data/piani/",
        "/documentazione-api/",
        "/documentazione-api/elenco_cup/",
        "/documentazione-api/bozza_di_avanzamento/",
        "/rapporti/verifica/",
        "/rapporti/verifica/?codice=7K3M-Q9TD-X20B",
        "/rapporti/verifica/?codice=boh",
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
        "/territorio/ivsm/",
        "/interventi/",
        "/interventi/?q=zzzz",
        "/interventi/?comune=015182&importo_da=tanto&ordine=-finanziamento",
        "/interventi/?colonne=titolo,cup,comuni,piano,attuatore,submisura,stato,linea,finanziamento,pnrr,pagato,driver",
        "/interventi/1/",
        "/interventi/1/storia/",
        "/interventi/1/storia/?quando=2099-12-31T10:00",
        "/interventi/1/storia/?quando=ieri",
        "/interventi/cerca/",
        "/interventi/cerca/?q=rho",
        "/interventi/cerca/?q=zzzz",
        "/interventi/nuovo/",
        "/interventi/1/modifica/",
        "/interventi/1/scheda-cup/",
        "/importazioni/",
        "/importazioni/nuova/",
        "/importazioni/1/",
        "/importazioni/1/righe/",
        "/importazioni/1/righe/?esito=rifiutata",
        "/importazioni/2/",
        "/importazioni/2/annulla/",
        "/importazioni/differenze/",
        "/importazioni/differenze/1/decidi/",
        "/piani/",
        "/piani/nuovo/",
        "/piani/spugna/",
        "/piani/proposta-demo/",
        "/piani/spugna/modifica/",
        "/piani/proposta-demo/proposta/",
        "/piani/spugna/proposta/",
        "/piani/spugna/passaggio/concludi/",
        "/piani/proposta-demo/passaggio/presenta/",
        "/piani/spugna/passaggio/presenta/",
        "/piani/cambio/cup/",
        "/piani/verifica/mancanze/",
        "/piani/verifica/mancanze/?piano=PROPOSTA-DEMO",
        "/piani/verifica/mancanze/0/",
        "/piani/verifica/mancanze/1/",
        "/piani/proposta-demo/deroghe/",
        "/piani/spugna/deroghe/",
        "/piani/proposta-demo/deroghe/nuova/?regola=cup",
        "/piani/deroghe/1/ritira/",
        "/piani/deroghe/2/ritira/",
        "/piani/spugna/scenari/",
        "/piani/mica/scenari/",
        "/piani/spugna/scenari/nuovo/",
        "/piani/spugna/scenari/1/",
        "/piani/spugna/scenari/confronta/",
        "/piani/spugna/scenari/confronta/?a=attuale&b=1",
        "/piani/spugna/scenari/confronta/?a=1&b=999",
        "/monitoraggio/foglio/",
        "/monitoraggio/foglio/1/",
        "/piani/assegna/",
        "/piani/assegna/file/",
        "/piani/verifica/",
        "/piani/verifica/?esito=conforme&tipo=programma",
        "/piani/verifica/?esito=non_applicabile",
        "/piani/come-in/verifica/",
        "/piani/come-in/verifica/?al=2024-06-30",
        "/piani/come-in/verifica/?al=ieri",
        "/piani/pinqua/verifica/",
        "/piani/come-in/verifica/classi_energetiche/",
        "/piani/come-in/verifica/dnsh/",
        "/piani/pinqua/verifica/termine/",
        "/monitoraggio/",
        "/monitoraggio/?al=2024-12-31&noto_al=15/01/2025",
        "/monitoraggio/?al=ieri&noto_al=boh",
        "/monitoraggio/?q=zzzz",
        "/monitoraggio/interventi/1/",
        "/monitoraggio/interventi/1/?al=2024-12-31",
        "/monitoraggio/interventi/1/?al=2001-01-01",
        "/monitoraggio/istruttoria/",
        "/monitoraggio/istruttoria/?stato=tutti",
        "/monitoraggio/istruttoria/?q=zzzz",
        "/monitoraggio/istruttoria/mancanti/",
        "/monitoraggio/istruttoria/blocco/",
        "/monitoraggio/avanzamenti/900001/",
        "/monitoraggio/avanzamenti/900001/modifica/",
        "/monitoraggio/avanzamenti/900001/modifica/?aggiungi=pagamenti",
        "/monitoraggio/avanzamenti/900002/",
        "/monitoraggio/avanzamenti/900002/modifica/",
        "/monitoraggio/avanzamenti/900003/",
        "/monitoraggio/avanzamenti/900003/ricevuta/",
        "/monitoraggio/traguardi/",
        "/monitoraggio/traguardi/?al=2024-12-31&noto_al=2020-01-01T10:00",
        "/monitoraggio/traguardi/?al=ieri&noto_al=boh",
        "/monitoraggio/traguardi/?q=zzzz",
        "/monitoraggio/traguardi/?entro=ieri&tipo=target",
        "/monitoraggio/traguardi/nuovo/",
        "/monitoraggio/traguardi/1/",
        "/monitoraggio/traguardi/1/?al=2024-12-31",
        "/monitoraggio/traguardi/1/modifica/",
        "/monitoraggio/traguardi/1/sposta/",
        "/monitoraggio/variazioni/",
        "/monitoraggio/variazioni/?al=2024-12-31",
        "/monitoraggio/variazioni/?q=zzzz",
        "/monitoraggio/variazioni/1/",
        "/monitoraggio/variazioni/1/?al=2001-01-01",
        "/monitoraggio/interventi/1/variazioni/nuova/",
        "/monitoraggio/interventi/1/variazioni/nuova/?tipo=proroga",
        "/monitoraggio/interventi/1/variazioni/nuova/?tipo=variante",
        "/monitoraggio/interventi/1/variazioni/nuova/?tipo=attuatore",
        "/monitoraggio/interventi/1/documenti/",
        "/monitoraggio/interventi/1/documenti/?al=2001-01-01",
        "/monitoraggio/interventi/1/documenti/?q=zzzz",
        "/monitoraggio/interventi/2/documenti/",
        "/monitoraggio/interventi/1/documenti/carica/",
        "/monitoraggio/documenti/1/",
        "/monitoraggio/documenti/1/versione/",
        "/monitoraggio/documenti/1/elimina/",
        "/monitoraggio/documenti/2/",
        "/monitoraggio/attese/",
        "/monitoraggio/allerte/",
        "/monitoraggio/interventi/1/messaggi/",
        "/monitoraggio/interventi/1/messaggi/?al=2001-01-01",
        "/monitoraggio/regis/",
        "/monitoraggio/regis/?al=ieri",
        "/monitoraggio/regis/?ente=1",
        "/monitoraggio/regis/differenze/",
        "/monitoraggio/regis/differenze/?mostra=tutti",
        "/chiavi/miei/",
        "/chiavi/miei/nuovo/",
        "/chiavi/miei/5/revoca/",
        "/rapporti/",
        "/rapporti/?q=astronavi",
        "/rapporti/nuovo/",
        "/rapporti/nuovo/?perimetro=piano&chiave=SPUGNA",
        f"/rapporti/{DOMANDA.codice}/",
        f"/rapporti/{ATTESA.codice}/",
        "/rapporti/riunioni/",
        "/rapporti/riunioni/nuova/",
        "/rapporti/riunioni/1/",
        "/rapporti/riunioni/1/modifica/",
        "/rapporti/riunioni/1/elimina/",
        "/rapporti/riunioni/2/",
        f"/rapporti/{DOMANDA.codice}/cifre/",
        f"/rapporti/{DOMANDA.codice}/cifre/?q=astronavi",
        f"/rapporti/{DOMANDA.codice}/cifre/piano-spugna.finanziamento/",
        f"/rapporti/{DOMANDA.codice}/cifre/programma.medio/",
        f"/rapporti/{DOMANDA.codice}/cifre/nessuna/",
        f"/rapporti/{DOMANDA.codice}/righe/interventi/i1/",
        f"/rapporti/{DOMANDA.codice}/testo/",
        f"/rapporti/{ATTESA.codice}/cifre/",
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
        "/monitoraggio/regis/",
        "/piani/verifica/",
        "/piani/come-in/verifica/classi_energetiche/",
        "/interventi/",
        "/interventi/cerca/?q=rho",
        "/territorio/",
        "/piani/verifica/mancanze/",
        "/monitoraggio/attese/",
        "/monitoraggio/allerte/",
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
        "/chiavi/",
        "/chiavi/nuova/",
        "/chiavi/1/",
        "/chiavi/2/",
        "/chiavi/4/",
        "/chiavi/5/",
        "/chiavi/1/modifica/",
        "/chiavi/1/sostituisci/",
        "/chiavi/1/revoca/",
        "/chiavi/4/revoca/",
        "/chiavi/accessi/",
        "/chiavi/accessi/?indirizzo=zzzz",
        "/chiavi/accessi/?dal=ieri",
        "/chiavi/miei/",
    ],
}
ERRORI = ["/questa-pagina-non-esiste/", "/territorio/comuni/999999/"]
PROVE = [(chi, indirizzo) for chi, indirizzi in PAGINE.items() for indirizzo in indirizzi] + [
    ("coordinatore", indirizzo) for indirizzo in ERRORI
]
# Addresses that draw no page: they answer with data or a file, only take what is sent, or show what one sign-in needs.
SENZA_PAGINA = {
    "interventi-esporta",
    "interventi-cup",
    "importazione-esiti",
    "importazione-applica",
    "importazione-scarta",
    "importazione-ripeti",
    "differenze-decidi",
    "vista-salva",
    "vista-togli",
    "piano-integrato-cup-csv",
    "verifica-mancanze-csv",
    "verifica-avvia",
    "ivsm-importa",
    "ivsm-mediana",
    "scenario-esiti",
    "scenario-elimina",
    "monitoraggio-csv",
    "documenti-json",
    "documento-file",
    "caricamento-inizia",
    "caricamento",
    "caricamento-concludi",
    "caricamento-annulla",
    "avanzamento-apri",
    "avanzamento-salva",
    "avanzamento-invia",
    "avanzamento-ritira",
    "avanzamento-approva",
    "avanzamento-restituisci",
    "avanzamento-sblocca",
    "avanzamento-correggi",
    "avanzamento-vista",
    "messaggio-scrivi",
    "messaggio-chiudi",
    "allerta",
    "allerta-letta",
    "allerte-lette",
    "foglio-scarica",
    "foglio-stato",
    "foglio-restituito",
    "regis-prepara",
    "regis-pacchetto",
    "regis-differenze-csv",
    "foglio-applica",
    "foglio-scarta",
    "foglio-riprova",
    "lavoro-stato",
    "lavoro-prova",
    "lavoro-annulla",
    "lavoro-ripeti",
    "variazione-decidi",
    "ripresa-scarta",
    "sessione-viva",
    "mfa_download_recovery_codes",
    "accessi-api-csv",
    "open-data-file",
    "open-data-catalogo-jsonld",
    "open-data-catalogo-ttl",
    "rapporto-annulla",
    "rapporto-ritenta",
    "rapporto-pdf",
    "rapporto-xlsx",
    "rapporto-dati",
    "riunione-prepara",
    "rapporto-cifra-csv",
    "rapporto-testo-semplice",
}
# Drawn only in the middle of signing in; the flows open it.
NEI_PERCORSI = {"mfa_authenticate"}


SCORRE_DI_LATO = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def esempi(portale: Portale) -> None:
    """Rows for the pages that the demonstration leaves empty: see `tests.browser.esempi`."""
    portale.esegui("from tests.browser.esempi import crea; crea()")


def test_ogni_pagina_del_portale_e_fra_quelle_provate() -> None:
    nostre = {rotta.nome for rotta in rotte(get_resolver()) if not rotta.spazio and not rotta.nome.startswith("api-")}
    provate = {resolve(indirizzo.partition("?")[0]).view_name for _, indirizzo in PROVE if indirizzo not in ERRORI}
    assert nostre - SENZA_PAGINA - NEI_PERCORSI - provate == set()


@pytest.fixture(scope="module")
def aperte(chromium: Browser, portale: Portale, sessioni: Callable[[str], Any]) -> Iterator[Finestre]:
    finestre = Finestre(chromium, portale.base, sessioni)
    yield finestre
    finestre.chiudi()


@pytest.fixture
def finestre(aperte: Finestre) -> Iterator[Finestre]:
    yield aperte
    lamentele, aperte.lamentele = aperte.lamentele, []
    assert not lamentele


@pytest.mark.usefixtures("esempi")
@pytest.mark.parametrize(("chi", "indirizzo"), PROVE)
def test_la_pagina_e_accessibile_e_non_scorre_di_lato_a_entrambe_le_larghezze(
    finestre: Finestre, chi: str | None, indirizzo: str
) -> None:
    pagina = finestre.sfoglia(indirizzo, chi)
    _controlla(finestre, pagina)
    larga, alta = LARGHEZZE["telefono"]
    pagina.set_viewport_size({"width": larga, "height": alta})
    # Loaded again, because scripts look at the width: what the page is made of is in the cache already.
    pagina.reload()
    _controlla(finestre, pagina)


def _controlla(finestre: Finestre, pagina: Page) -> None:
    esito = finestre.violazioni(pagina)
    assert esito.violations_count == 0, esito.generate_report()
    assert not pagina.evaluate(SCORRE_DI_LATO)
