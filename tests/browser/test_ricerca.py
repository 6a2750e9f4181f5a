"""The search box and «Annulla» by hand in a real browser: keys, suggestions, and what is left without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Finestre

pytestmark = pytest.mark.browser

SUGGERIMENTI = "**/cerca/suggerimenti/**"


def casella(pagina: Page) -> Any:
    return pagina.get_by_role("combobox", name="Cerca nel portale")


def elenco(pagina: Page) -> Any:
    return pagina.get_by_role("listbox", name="Suggerimenti")


def test_i_tasti_portano_alla_casella_ma_non_mentre_si_scrive_altrove(apri: Finestre) -> None:
    pagina = apri("/territorio/comuni/", chi="cabina")
    pagina.keyboard.press("/")
    expect(casella(pagina)).to_be_focused()
    expect(casella(pagina)).to_have_value("")
    campo = pagina.locator("main input[name=q]").first
    campo.focus()
    pagina.keyboard.type("a/b")
    expect(campo).to_have_value("a/b")
    expect(campo).to_be_focused()
    pagina.keyboard.press("Control+k")
    expect(casella(pagina)).to_be_focused()


def test_con_le_frecce_si_sceglie_e_con_invio_si_apre(apri: Finestre) -> None:
    pagina = apri("/", chi="cabina")
    pagina.keyboard.press("/")
    pagina.keyboard.type("rho")
    expect(elenco(pagina)).to_be_visible()
    expect(casella(pagina)).to_have_attribute("aria-expanded", "true")
    voci = elenco(pagina).get_by_role("option")
    expect(voci.first).to_contain_text("Rho")
    expect(voci.first).to_contain_text("Comune")
    expect(voci.last).to_have_text(re.compile("Cerca «rho» in tutto il portale"))
    pagina.keyboard.press("ArrowUp")
    expect(voci.last).to_have_attribute("aria-selected", "true")
    pagina.keyboard.press("ArrowDown")
    expect(casella(pagina)).not_to_have_attribute("aria-activedescendant", re.compile(".+"))
    pagina.keyboard.press("ArrowDown")
    expect(voci.first).to_have_attribute("aria-selected", "true")
    expect(casella(pagina)).to_have_attribute("aria-activedescendant", "cerca-voce-0")
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Rho")


def test_esc_chiude_i_suggerimenti_e_lascia_cio_che_si_era_scritto(apri: Finestre) -> None:
    pagina = apri("/", chi="cabina")
    pagina.keyboard.press("/")
    pagina.keyboard.type("rho")
    expect(elenco(pagina)).to_be_visible()
    pagina.keyboard.press("Escape")
    expect(elenco(pagina)).to_be_hidden()
    expect(casella(pagina)).to_have_value("rho")
    expect(casella(pagina)).to_be_focused()
    pagina.keyboard.press("ArrowDown")
    expect(elenco(pagina)).to_be_visible()
    pagina.keyboard.press("Tab")
    expect(elenco(pagina)).to_be_hidden()


def test_invio_senza_scegliere_cerca_in_tutto_il_portale(apri: Finestre) -> None:
    pagina = apri("/", chi="compilatore.rho")
    pagina.keyboard.press("/")
    pagina.keyboard.type("rho")
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Cerca")
    expect(pagina.locator("main")).to_contain_text("Trovati per «rho»")


def test_si_chiede_una_volta_sola_per_cio_che_si_scrive_di_fila_e_l_ultima_risposta_vince(apri: Finestre) -> None:
    pagina = apri("/", chi="cabina")
    chiesti: list[str] = []
    pagina.on("request", lambda r: chiesti.append(r.url) if "/cerca/suggerimenti/" in r.url else None)
    casella(pagina).focus()
    # In one go, however slow the machine: what people type without a pause.
    casella(pagina).evaluate(
        "c => ['mag', 'magen', 'magenta'].forEach(t => { c.value = t; c.dispatchEvent(new Event('input')); })"
    )
    expect(elenco(pagina)).to_contain_text("Magenta")
    assert [url.rpartition("q=")[2] for url in chiesti] == ["magenta"]

    # The answer for the first text never comes: typing on gives it up.
    pagina.route(SUGGERIMENTI, lambda route: None if route.request.url.endswith("q=rho") else route.continue_())
    with pagina.expect_request(SUGGERIMENTI):
        casella(pagina).fill("rho")
    with pagina.expect_event("requestfailed", lambda fallita: fallita.url.endswith("q=rho")):
        casella(pagina).fill("bresso")
    expect(elenco(pagina)).to_contain_text("Bresso")


def test_se_la_rete_manca_la_casella_resta_un_modulo(apri: Finestre) -> None:
    pagina = apri("/", chi="cabina")
    pagina.route(SUGGERIMENTI, lambda route: route.abort())
    pagina.keyboard.press("/")
    with pagina.expect_event("requestfailed"):
        pagina.keyboard.type("rho")
    expect(elenco(pagina)).to_be_hidden()
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Cerca")


def test_il_tasto_si_spegne_e_si_riaccende(apri: Finestre) -> None:
    pagina = apri("/cerca/", chi="cabina")
    interruttore = pagina.get_by_label("Usa il tasto / in questo browser")
    interruttore.uncheck()
    pagina.reload()
    expect(interruttore).not_to_be_checked()
    pagina.keyboard.press("/")
    expect(casella(pagina)).not_to_be_focused()
    pagina.keyboard.press("Control+k")
    expect(casella(pagina)).to_be_focused()
    interruttore.check()
    pagina.locator("h1").click()
    pagina.keyboard.press("/")
    expect(casella(pagina)).to_be_focused()


@pytest.mark.parametrize("larghezza", ["computer", "telefono"])
def test_i_suggerimenti_stanno_nella_pagina_e_non_la_allargano(apri: Finestre, larghezza: str) -> None:
    pagina = apri("/monitoraggio/traguardi/", chi="cabina", larghezza=larghezza)
    casella(pagina).fill("scuola")
    expect(elenco(pagina)).to_be_visible()
    misure = pagina.evaluate(
        "(() => { const r = document.querySelector('.cerca-elenco').getBoundingClientRect();"
        " return [r.left >= 0, r.right <= innerWidth, document.documentElement.scrollWidth <= innerWidth]; })()"
    )
    assert misure == [True, True, True]
    esito = apri.violazioni(pagina)
    assert esito.violations_count == 0, esito.generate_report()


def test_senza_javascript_si_cerca_e_si_annulla_lo_stesso(apri: Finestre) -> None:
    pagina = apri("/monitoraggio/traguardi/?stato=concluso", chi="cabina", script=False)
    pagina.get_by_role("searchbox", name="Cerca nel portale").fill("rho")
    pagina.get_by_role("search").first.get_by_role("button", name="Cerca").click()
    expect(pagina.locator("main")).to_contain_text("Trovati per «rho»")

    pagina.goto(f"{apri.base}/monitoraggio/traguardi/?stato=concluso")
    pagina.get_by_text("Viste salvate").click()
    pagina.get_by_label("Nome per ciò che vedi adesso").fill("Conseguiti")
    pagina.get_by_role("button", name="Salva la vista").click()
    expect(pagina.get_by_role("status").first).to_contain_text("Vista «Conseguiti» salvata.")
    pagina.get_by_text("Viste salvate (1)").click()
    pagina.get_by_role("button", name="Togli la vista Conseguiti").click()
    expect(pagina.get_by_role("status").first).to_contain_text("Vista «Conseguiti» tolta.")
    pagina.get_by_role("button", name="Annulla").click()
    expect(pagina.get_by_role("status").first).to_contain_text("La vista «Conseguiti» è di nuovo fra le tue.")
    expect(pagina.get_by_text("Viste salvate (1)")).to_be_visible()
    pagina.get_by_text("Viste salvate (1)").click()
    pagina.get_by_role("button", name="Togli la vista Conseguiti").click()


def test_una_vista_del_cruscotto_apre_il_portale(apri: Finestre) -> None:
    pagina = apri("/cruscotto/?zona=7", chi="istruttore")
    pagina.get_by_text("Viste salvate").click()
    pagina.get_by_label("Nome per ciò che vedi adesso").fill("La mia zona")
    pagina.get_by_role("button", name="Salva la vista").click()
    pagina.get_by_text("Viste salvate (1)").click()
    pagina.get_by_role("button", name="Apri con questa").click()
    pagina.goto(f"{apri.base}/")
    expect(pagina).to_have_url(re.compile(r"/cruscotto/\?zona=7$"))
    pagina.get_by_text("Viste salvate (1)").click()
    pagina.get_by_role("button", name="Togli la vista La mia zona").click()
    pagina.goto(f"{apri.base}/")
    expect(pagina).to_have_url(re.compile(r"/cruscotto/$"))
