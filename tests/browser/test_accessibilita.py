"""Every page at both widths: no axe violation, no sideways scroll, nothing asked of another machine."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, resolve
from playwright.sync_api import Page

from tests.browser.conftest import LARGHEZZE, Finestre, Portale
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
        "/piani/verifica/",
        "/piani/come-in/verifica/classi_energetiche/",
        "/interventi/",
        "/interventi/cerca/?q=rho",
        "/territorio/",
        "/piani/verifica/mancanze/",
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
from interventi.models import Differenza, EsitoRiga, FileImportato, Importazione, Intervento, TabellaImportata
for stato in ("da_confermare", "applicata"):
    importazione = Importazione.objects.create(stato=stato, conteggi={
        "lette": 4, "nuove": 1, "cambiate": 1, "invariate": 1, "rifiutate": 1, "dubbie": 1, "fuori_perimetro": 0,
        "differenze": 1})
    file = FileImportato.objects.create(
        importazione=importazione, nome="PNRR_Progetti.csv", dimensione=2048, sha256="a" * 64)
    tabella = TabellaImportata.objects.create(
        file=file, nome="PNRR_Progetti.csv", tabella="progetti", formato="CSV con «;», UTF-8",
        lette=4, nuove=1, cambiate=1, invariate=1, rifiutate=1, dubbie=1, intestazioni=["CUP", "Titolo Progetto"])
    EsitoRiga.objects.create(tabella=tabella, riga=2, esito="nuova", cup="Z00Z25000010001", oggetto="Parco di prova")
    EsitoRiga.objects.create(tabella=tabella, riga=3, esito="cambiata", cup="Z00Z25000020001", oggetto="Piazza",
        cambi=[{"campo": "titolo", "etichetta": "Titolo", "prima": "Piazza", "dopo": "Piazza del mercato"}])
    EsitoRiga.objects.create(tabella=tabella, riga=4, esito="rifiutata", cup="Z00Z2500001000",
        originale=["Z00Z2500001000", "Scuola"], rilievi=[{"colonna": "CUP", "valore": "Z00Z2500001000",
        "ragione": "Il CUP ha 14 caratteri, ne servono 15: controlla Z00Z2500001000."}])
Differenza.objects.create(intervento=Intervento.objects.get(pk=1), importazione=importazione, campo="titolo",
    tipo_oggetto="interventi.intervento", id_oggetto=1, etichetta="Titolo", regis="Piazza del mercato",
    valore_nostro="Piazza", valore_regis="Piazza del mercato")
from enti.models import Utente
from piani_integrati.models import PianoIntegrato, Scenario
spugna = PianoIntegrato.objects.get(slug="spugna")
primo, secondo = spugna.voci.order_by("pk").values_list("intervento", flat=True)[:2]
Scenario.objects.create(piano=spugna, nome="Più costi", autore=Utente.objects.get(email="coordinatore@example.org"),
    modifiche={"interventi": {str(primo): {"finanziamento_totale": "60000000.00", "privato": "60.00"}},
    "esclusi": [secondo], "aggiunti": [], "ipotetici": [{"nome": "Scuola nuova", "edificio": True}]})
from datetime import date
from piani_integrati.services import registra_deroga, ritira_deroga
proposta = PianoIntegrato.objects.get(slug="proposta-demo")
for regola, intervento in (("costo_minimo", None), ("cup", proposta.voci.order_by("pk").first().intervento_id)):
    deroga = registra_deroga(piano_id=proposta.pk, regola=regola, intervento_id=intervento, atto="Decreto n. 1/2025",
        organo="Ministero dell'interno", data=date(2025, 1, 1), motivo="Prova.", autore=None)
ritira_deroga(deroga_id=deroga.pk, motivo="Fine della prova.", autore=None)
from piani_integrati.services import verifica
verifica.verifica_gruppo(piani=list(PianoIntegrato.objects.values_list("pk", flat=True)))
"""

SCORRE_DI_LATO = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def esempi(portale: Portale) -> None:
    """An objective added by the staff, two jobs, an import to confirm and one applied, a difference to decide."""
    portale.comando("shell", "--no-imports", "-c", ESEMPI)


def test_ogni_pagina_del_portale_e_fra_quelle_provate() -> None:
    nostre = {rotta.nome for rotta in rotte(get_resolver()) if not rotta.spazio}
    provate = {resolve(indirizzo.partition("?")[0]).view_name for _, indirizzo in PROVE if indirizzo not in ERRORI}
    assert nostre - SENZA_PAGINA - NEI_PERCORSI - provate == set()


@pytest.mark.usefixtures("esempi")
@pytest.mark.parametrize(("chi", "indirizzo"), PROVE)
def test_la_pagina_e_accessibile_e_non_scorre_di_lato_a_entrambe_le_larghezze(
    apri: Finestre, chi: str | None, indirizzo: str
) -> None:
    pagina = apri(indirizzo, chi=chi, larghezza="computer")
    _controlla(apri, pagina)
    larga, alta = LARGHEZZE["telefono"]
    pagina.set_viewport_size({"width": larga, "height": alta})
    # Loaded again, because scripts look at the width: what the page is made of is in the cache already.
    pagina.reload()
    _controlla(apri, pagina)


def _controlla(apri: Finestre, pagina: Page) -> None:
    esito = apri.violazioni(pagina)
    assert esito.violations_count == 0, esito.generate_report()
    assert not pagina.evaluate(SCORRE_DI_LATO)
