"""The form of an avanzamento in a real browser: whatever happens, nothing typed is lost and nothing is doubled."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.attesa import attendi
from tests.browser.conftest import Finestre, Portale, _porta_libera, _risponde, accedi

pytestmark = pytest.mark.browser

PERCENTUALE = '[name="testa-0-percentuale"]'
NOTE = '[name="testa-0-note"]'
CARLA, RENATO = "compilatore.rho", "responsabile.rho"
SALVATO = re.compile(r"Salvato alle \d\d:\d\d")

APRI = """
import json
from datetime import date
from django.db.models import Exists, OuterRef
from django.utils import timezone
from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.models import Avanzamento
from monitoraggio.services import bozze
carla = Utente.objects.get(email="compilatore.rho@example.org")
mese = timezone.localdate().replace(day=1)
gia = Avanzamento.objects.filter(intervento=OuterRef("pk"), mese=mese)
liberi = Intervento.objects.filter(~Exists(gia), soggetto_attuatore__denominazione="Comune di Rho").order_by("pk")[:7]
print(json.dumps([bozze.apri(intervento_id=i.pk, mese=mese, autore=carla).pk for i in liberi]))
"""
LEGGI = """
import json
from monitoraggio.models import Avanzamento
a = Avanzamento.objects.get(pk={pk})
passi = [[str(p.autore), p.cambi] for p in a.passi.filter(revisione__gt=0).order_by("revisione")]
print(json.dumps({{"bozza": a.bozza, "stato": a.stato, "passi": passi}}))
"""


@pytest.fixture(scope="module")
def bozze(portale: Portale) -> Iterator[int]:
    """Drafts of Rho, a new one for each test."""
    return iter(json.loads(portale.esegui(APRI)))


@pytest.fixture
def bozza(bozze: Iterator[int]) -> int:
    return next(bozze)


@pytest.fixture
def letta(portale: Portale) -> Callable[[int], dict[str, Any]]:
    def leggi(pk: int) -> dict[str, Any]:
        letto: dict[str, Any] = json.loads(portale.esegui(LEGGI.format(pk=pk)))
        return letto

    return leggi


def indirizzo(pk: int) -> str:
    return f"/monitoraggio/avanzamenti/{pk}/modifica/"


def salvato(pagina: Page) -> None:
    """Wait until the page says that everything is saved and the store of the browser is empty."""
    attendi(
        lambda: pagina.evaluate("Object.keys(localStorage).every((chiave) => !chiave.startsWith('avanzamento:'))"),
        entro=30,
        che_cosa="il portale ha tutto",
    )
    expect(pagina.locator("[data-salvato-testo]")).to_have_text(SALVATO)


def volte(letto: dict[str, Any], cella: str) -> int:
    """How many savings changed a cell."""
    return sum(cella in cambi for _chi, cambi in letto["passi"])


def test_si_salva_da_solo_torna_normalizzato_e_si_usa_dalla_tastiera(
    apri: Finestre, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    pagina = apri(indirizzo(bozza), CARLA)
    pagina.fill(PERCENTUALE, "12,5")
    pagina.locator(NOTE).focus()
    salvato(pagina)
    expect(pagina.locator(PERCENTUALE)).to_have_value("12,50")
    pagina.locator('[data-aggiungi="pagamenti"]').focus()
    pagina.keyboard.press("Enter")
    riga = pagina.locator('[data-righe="pagamenti"] [data-libera]').last
    expect(riga.locator('[name$="-tipo"]')).to_be_focused()
    pagina.keyboard.press("Tab")
    pagina.keyboard.type("M-1")
    expect(riga.locator("[data-riassunto]")).to_have_text("M-1")
    riga.locator('[name$="-importo"]').fill("1.234,5")
    expect(pagina.locator('[data-righe="pagamenti"] [data-somma-valore]')).to_have_text("1.234,50\u00a0€")
    pagina.keyboard.press("Control+s")
    salvato(pagina)
    # The remarks came with the answer, each leads to its field.
    voce = pagina.locator("[data-lato-corpo] [data-rilievo]", has_text="non dice a quale impegno").locator("a")
    voce.click()
    expect(riga.locator('[name$="-impegno"]')).to_be_focused()
    riga.locator("[data-togli]").click()
    expect(riga.locator("[data-tolta-testo]")).to_contain_text("Tolta: M-1")
    expect(pagina.locator('[data-righe="pagamenti"] [data-somma-valore]')).to_have_text("0,00\u00a0€")
    riga.locator("[data-togli]").click()
    pagina.keyboard.press("Control+s")
    salvato(pagina)
    scritta = letta(bozza)["bozza"]
    nome = str(riga.get_attribute("data-riga"))
    assert scritta[f"{nome}-importo"] == "1.234,50"
    assert scritta[f"{nome}-tipo"] == "P"
    assert scritta.get(f"{nome}-togli", "") == ""


def test_due_persone_su_una_bozza_nessuna_sovrascrive_l_altra(
    apri: Finestre, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    carla, renato = apri(indirizzo(bozza), CARLA), apri(indirizzo(bozza), RENATO)
    carla.fill(PERCENTUALE, "41")
    carla.fill('[name="quadro-sicurezza-importo"]', "100")
    carla.keyboard.press("Control+s")
    salvato(carla)
    renato.fill(PERCENTUALE, "42")
    renato.fill(NOTE, "La nota di Renato")
    renato.keyboard.press("Control+s")
    contesa = renato.locator('[data-contesa="testa-0-percentuale"]')
    expect(contesa).to_contain_text("Carla")
    expect(contesa).to_contain_text("41,00")
    expect(renato.locator(PERCENTUALE)).to_have_value("42,00")
    expect(renato.locator('[name="quadro-sicurezza-importo"]')).to_have_value("100,00")
    expect(renato.locator("[data-altri]")).to_contain_text(re.compile(r"Anche Carla .* sta scrivendo \(\d\d:\d\d\)"))
    assert letta(bozza)["bozza"]["testa-0-percentuale"] == "41,00"
    contesa.get_by_role("button", name="Tieni il mio").click()
    salvato(renato)
    carla.fill('[name="quadro-imprevisti-importo"]', "7")
    carla.keyboard.press("Control+s")
    salvato(carla)
    expect(carla.locator(PERCENTUALE)).to_have_value("42,00")
    expect(carla.locator(NOTE)).to_have_value("La nota di Renato")
    fine = letta(bozza)["bozza"]
    assert (fine["testa-0-percentuale"], fine["testa-0-note"]) == ("42,00", "La nota di Renato")
    assert (fine["quadro-sicurezza-importo"], fine["quadro-imprevisti-importo"]) == ("100,00", "7,00")


def test_la_sessione_scade_mentre_si_scrive_e_si_accede_in_un_altra_scheda(
    apri: Finestre, portale: Portale, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    pagina = apri(indirizzo(bozza), CARLA)
    pagina.context.clear_cookies()
    pagina.fill(NOTE, "Scritta mentre la sessione scadeva")
    banner = pagina.locator("[data-banner]")
    expect(banner).to_contain_text("La sessione è scaduta", timeout=15_000)
    pagina.fill(PERCENTUALE, "33")
    accesso = pagina.context.new_page()
    accedi(accesso, portale.base, f"{CARLA}@example.org")
    accesso.close()
    pagina.bring_to_front()
    expect(banner).to_be_hidden(timeout=30_000)
    salvato(pagina)
    letto = letta(bozza)
    assert letto["bozza"]["testa-0-note"] == "Scritta mentre la sessione scadeva"
    assert letto["bozza"]["testa-0-percentuale"] == "33,00"
    assert volte(letto, "testa-0-note") == 1


def test_la_sessione_scade_e_si_accede_nella_stessa_scheda(
    apri: Finestre, portale: Portale, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    pagina = apri(indirizzo(bozza), CARLA)
    pagina.context.clear_cookies()
    pagina.fill(NOTE, "Da non perdere")
    expect(pagina.locator("[data-banner]")).to_contain_text("La sessione è scaduta", timeout=15_000)
    # Somebody else who signs in in this browser neither sees it nor sends it.
    accedi(pagina, portale.base, f"{RENATO}@example.org")
    pagina.goto(f"{portale.base}{indirizzo(bozza)}")
    expect(pagina.locator(NOTE)).to_have_value("")
    pagina.context.clear_cookies()
    accedi(pagina, portale.base, f"{CARLA}@example.org")
    pagina.goto(f"{portale.base}{indirizzo(bozza)}")
    expect(pagina.locator(NOTE)).to_have_value("Da non perdere")
    salvato(pagina)
    letto = letta(bozza)
    assert letto["bozza"]["testa-0-note"] == "Da non perdere"
    assert [chi for chi, cambi in letto["passi"] if "testa-0-note" in cambi] == ["Carla (demo) Colombo"]


def test_senza_connessione_si_continua_e_poi_tutto_arriva_una_volta(
    apri: Finestre, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    pagina = apri(indirizzo(bozza), CARLA)
    pagina.context.set_offline(True)
    pagina.fill(NOTE, "Senza rete")
    banner = pagina.locator("[data-banner]")
    expect(banner).to_contain_text("Connessione assente: ciò che scrivi è conservato qui")
    pagina.fill(PERCENTUALE, "55")
    expect(pagina.locator("[data-salvato-testo]")).to_have_text("Non ancora salvato")
    pagina.context.set_offline(False)
    salvato(pagina)
    expect(banner).to_be_hidden()
    letto = letta(bozza)
    assert (letto["bozza"]["testa-0-note"], letto["bozza"]["testa-0-percentuale"]) == ("Senza rete", "55,00")
    assert (volte(letto, "testa-0-note"), volte(letto, "testa-0-percentuale")) == (1, 1)


class Servente:
    """A web server of the portal that a test may kill and start again, on the same data and the same port."""

    def __init__(self, portale: Portale, cartella: Path) -> None:
        self.ambiente = portale.ambiente
        self.porta = _porta_libera()
        self.base = f"http://127.0.0.1:{self.porta}"
        self.registro = cartella / "servente.txt"
        self.processo: subprocess.Popen[bytes] | None = None

    def parte(self) -> None:
        comando = [
            sys.executable,
            "-m",
            "gunicorn",
            "psttm.wsgi",
            "--bind",
            f"127.0.0.1:{self.porta}",
            "--threads",
            "4",
        ]
        with self.registro.open("ab") as uscita:
            self.processo = subprocess.Popen(
                comando, cwd=settings.BASE_DIR, env=self.ambiente, stdout=uscita, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        attendi(lambda: _risponde(f"{self.base}/"), entro=30, che_cosa="il servente risponde")

    def muore(self) -> None:
        assert self.processo is not None
        # The one that listens and the one that answers: both of this test, in a session of their own.
        subprocess.run(["kill", "-9", "--", f"-{self.processo.pid}"], check=True)
        self.processo.wait(timeout=20)
        self.processo = None


@pytest.fixture
def servente(portale: Portale, tmp_path: Path) -> Iterator[Servente]:
    servente = Servente(portale, tmp_path)
    servente.parte()
    yield servente
    if servente.processo is not None:
        servente.muore()


@pytest.fixture
def contesto(chromium: Browser, sessioni: Callable[[str], Any]) -> Iterator[BrowserContext]:
    contesto = chromium.new_context(storage_state=sessioni(RENATO), locale="it-IT")
    yield contesto
    contesto.close()


def test_il_portale_muore_fra_il_salvataggio_e_l_invio_e_non_si_perde_ne_si_raddoppia(
    servente: Servente, contesto: BrowserContext, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    pagina = contesto.new_page()
    pagina.goto(f"{servente.base}{indirizzo(bozza)}")
    pagina.fill(PERCENTUALE, "61")
    pagina.keyboard.press("Control+s")
    salvato(pagina)
    # What this one answers is lost: the portal has it and the page does not know.
    pagina.route("**/salva/", lambda rotta: (rotta.fetch(), rotta.abort())[1], times=1)
    pagina.fill('[name="quadro-sicurezza-importo"]', "250")
    pagina.keyboard.press("Control+s")
    expect(pagina.locator("[data-banner]")).to_be_visible(timeout=15_000)
    servente.muore()
    pagina.fill(NOTE, "Scritta a portale spento")
    pagina.locator("[data-invia-bottone]").click()
    expect(pagina.locator("[data-banner]")).to_contain_text("Connessione assente", timeout=15_000)
    assert pagina.url.endswith(indirizzo(bozza))
    servente.parte()
    # The page tries again by itself too, and may be quicker than a hand on a slow machine.
    pagina.evaluate("document.querySelector('[data-banner] button')?.click()")
    salvato(pagina)
    letto = letta(bozza)
    assert letto["bozza"]["testa-0-note"] == "Scritta a portale spento"
    assert letto["bozza"]["quadro-sicurezza-importo"] == "250,00"
    assert volte(letto, "testa-0-percentuale") == 1
    assert volte(letto, "quadro-sicurezza-importo") == 1
    assert volte(letto, "testa-0-note") == 1
    # Sent now, it is stopped by its errors and everything typed is still there.
    pagina.locator("[data-invia-bottone]").click()
    pagina.wait_for_load_state()
    assert letta(bozza)["bozza"]["testa-0-note"] == "Scritta a portale spento"


def test_chiudere_la_pagina_subito_dopo_aver_scritto_non_perde_nulla(
    apri: Finestre, portale: Portale, bozza: int, letta: Callable[[int], dict[str, Any]]
) -> None:
    pagina = apri(indirizzo(bozza), CARLA)
    pagina.fill(NOTE, "L'ultima parola")
    pagina.goto(f"{portale.base}/")
    attendi(
        lambda: letta(bozza)["bozza"].get("testa-0-note") == "L'ultima parola", entro=20, che_cosa="il congedo arriva"
    )
    pagina.goto(f"{portale.base}{indirizzo(bozza)}")
    expect(pagina.locator(NOTE)).to_have_value("L'ultima parola")
    salvato(pagina)
    assert volte(letta(bozza), "testa-0-note") == 1
