"""The first five minutes of each role: from signing in to having done the first thing, by the pages alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Finestre

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]

# Where what is counted or drawn waits for the worker of the portal.
COL_LAVORATORE = 60_000
AL = date(2024, 12, 31)
MOTIVO = "La proroga è già chiesta: la guardiamo alla prossima riunione."


@pytest.fixture
def entra(apri: Finestre) -> Callable[[str], Page]:
    """Where somebody comes to after signing in, which each does by hand once: a code is good for one time."""
    return lambda nome: apri("/", nome)


def test_chi_compila_per_un_comune_trova_la_prima_cosa_da_fare_e_arriva_al_modulo(
    entra: Callable[[str], Page],
) -> None:
    pagina = entra("compilatore.rho")
    expect(pagina).to_have_url(re.compile(r"/cruscotto/$"))
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Comune di Rho")
    prossima = pagina.locator("[aria-labelledby=titolo-prossima]")
    expect(prossima).to_contain_text("Da fare adesso")
    prossima.locator("a.btn, button.btn").first.click()
    expect(pagina).to_have_url(re.compile(r"/monitoraggio/avanzamenti/\d+/modifica/"))
    # Back, one of her own by the box at the top, with the keyboard alone.
    pagina.goto(pagina.url.split("/monitoraggio")[0] + "/cruscotto/")
    titolo = pagina.locator("#titolo-interventi").locator("xpath=ancestor::section").locator("h3 a").first
    nome = titolo.inner_text()
    pagina.keyboard.press("/")
    pagina.keyboard.type(nome[:30])
    expect(pagina.get_by_role("option").first).to_be_visible()
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("main")).to_contain_text(nome[:30])


def test_il_responsabile_vede_che_cosa_non_va_e_perche(entra: Callable[[str], Page]) -> None:
    pagina = entra("responsabile.rho")
    expect(pagina.locator("[aria-labelledby=titolo-prossima]")).to_contain_text("Da fare adesso")
    scheda = pagina.locator("details", has_text=re.compile("non v(a|anno)")).first
    scheda.locator("summary").click()
    expect(scheda.locator("li").first).to_be_visible()
    # Only what she may see: the Cruscotto of the office is not hers, whatever she writes in the address.
    pagina.goto(pagina.url + "?comune=015146")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Comune di Rho")


def test_chi_istruisce_apre_il_primo_della_coda(entra: Callable[[str], Page]) -> None:
    pagina = entra("istruttore")
    coda = pagina.locator("#coda")
    expect(coda).to_contain_text("da istruire")
    coda.locator("ol li a").first.click()
    expect(pagina).to_have_url(re.compile(r"/monitoraggio/avanzamenti/\d+/"))
    expect(pagina.get_by_role("button", name=re.compile("Approva")).first).to_be_visible()


def test_chi_coordina_filtra_apre_una_cifra_mette_da_parte_un_segnale_e_ci_ripensa(
    entra: Callable[[str], Page],
) -> None:
    pagina = entra("coordinatore")
    casa = pagina.url
    pagina.get_by_label("Piano", exact=True).select_option("SPUGNA")
    pagina.get_by_role("button", name="Filtra").click()
    expect(pagina).to_have_url(re.compile(r"[?&]piano=SPUGNA"))
    expect(pagina.get_by_role("main")).to_contain_text("90 interventi")
    # The figure of the sentence is the number of rows of the list it opens.
    cifra = pagina.locator("p.sommario a, .cruscotto-frase a").first
    quanti = cifra.inner_text()
    cifra.click()
    expect(pagina.get_by_role("main")).to_contain_text(re.compile(rf"\b{quanti} intervent"))
    # A warning set aside with a reason, and taken back at once.
    pagina.goto(casa)
    pagina.locator("#da-seguire").get_by_role("link", name="Tutti i segnali").click()
    pagina.locator("table a[href*='/monitoraggio/segnali/']").first.click()
    indirizzo = pagina.url
    pagina.get_by_label("Motivo").fill(MOTIVO)
    pagina.get_by_label("Fino al").fill((timezone.localdate() + timedelta(days=10)).isoformat())
    pagina.get_by_role("button", name="Metti da parte").click()
    expect(pagina.get_by_role("main")).to_contain_text(MOTIVO)
    pagina.get_by_role("button", name=re.compile("^Annulla")).click()
    pagina.goto(indirizzo)
    expect(pagina.get_by_role("button", name="Metti da parte")).to_be_visible()


def test_la_cabina_legge_un_giorno_passato_che_si_conta_quando_lo_chiede(entra: Callable[[str], Page]) -> None:
    pagina = entra("cabina")
    expect(pagina.locator("#coda")).to_contain_text("rapporto")
    pagina.get_by_label("Leggi al").fill(AL.isoformat())
    pagina.get_by_role("button", name="Leggi", exact=True).click()
    conta = pagina.get_by_role("button", name="Conta questo giorno")
    if conta.count():
        conta.click()
    cifre = pagina.locator("#cifre")
    expect(cifre).to_be_visible(timeout=COL_LAVORATORE)
    expect(pagina.get_by_role("main")).to_contain_text("situazione al 31/12/2024")
    # The curve has its numbers.
    dati = pagina.locator("#curva details").first
    dati.locator("summary").click()
    expect(dati.get_by_role("table")).to_be_visible()


def test_chi_amministra_vede_che_cosa_curare(entra: Callable[[str], Page]) -> None:
    pagina = entra("amministratore")
    expect(pagina.get_by_role("heading", name="Da curare")).to_be_visible()
    expect(pagina.get_by_role("main")).to_contain_text("Lavori che il portale fa da sé")


@pytest.mark.parametrize("chi", ["compilatore.rho", "responsabile.rho", "istruttore", "coordinatore", "cabina"])
def test_la_prima_pagina_si_legge_anche_senza_javascript(apri: Finestre, chi: str) -> None:
    pagina = apri("/", chi, script=False)
    expect(pagina).to_have_url(re.compile(r"/cruscotto/$"))
    expect(pagina.get_by_role("heading", level=1)).to_be_visible()
    assert pagina.locator("main a").count() > 5
