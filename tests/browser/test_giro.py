"""The guided tour and the terms, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Finestre, Portale

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]
DIMENTICA = "from psttm.aiuto.modelli import GiroVisto; GiroVisto.objects.all().delete()"
QUANTI = "from psttm.aiuto.modelli import GiroVisto; print(GiroVisto.objects.filter(esito='visto').count())"


@pytest.fixture(autouse=True)
def mai_visto(portale: Portale) -> None:
    portale.esegui(DIMENTICA)


def _titolo(pagina: Page) -> str:
    return pagina.locator("#giro-titolo").inner_text()


@pytest.mark.parametrize("larghezza", ["computer", "telefono"])
def test_il_giro_si_fa_con_la_tastiera_e_alla_fine_restituisce_il_fuoco(
    apri: Finestre, portale: Portale, larghezza: str
) -> None:
    pagina = apri("/cruscotto/", "compilatore.rho", larghezza)
    pagina.get_by_role("link", name="Inizia", exact=True).first.focus()
    pagina.keyboard.press("Enter")
    scheda = pagina.get_by_role("dialog")
    expect(scheda).to_contain_text("1 di 6")
    expect(pagina.locator("#giro-titolo")).to_be_focused()
    primo = _titolo(pagina)
    assert apri.violazioni(pagina).violations_count == 0
    pagina.keyboard.press("ArrowRight")
    expect(scheda).to_contain_text("2 di 6")
    assert _titolo(pagina) != primo
    expect(pagina.locator(".giro-evidenza")).to_have_count(1)
    pagina.keyboard.press("ArrowLeft")
    assert _titolo(pagina) == primo
    pagina.keyboard.press("Escape")
    expect(scheda).to_have_count(0)
    expect(pagina.locator(".giro-evidenza")).to_have_count(0)
    expect(pagina.locator("[data-giro-inizia]")).to_be_focused()
    assert portale.esegui(QUANTI).strip() == "1"


def test_il_giro_visto_non_si_offre_in_un_altro_browser_ma_si_rifa_dal_menu(apri: Finestre) -> None:
    pagina = apri("/cruscotto/", "compilatore.rho")
    pagina.get_by_role("button", name="Non ora").click()
    altrove = apri("/cruscotto/", "compilatore.rho")
    expect(altrove.get_by_text("Prima volta qui?")).to_have_count(0)
    altrove.locator(".menu-persona summary").click()
    altrove.get_by_role("link", name="Rifai il giro").click()
    expect(altrove.get_by_role("dialog")).to_be_visible()
    assert "giro=" not in altrove.url
    for _ in range(6):
        altrove.locator(".giro-scheda .btn-primary").click()
    expect(altrove.get_by_role("dialog")).to_have_count(0)


def test_senza_script_il_giro_e_una_pagina(apri: Finestre) -> None:
    pagina = apri("/cruscotto/", "compilatore.rho", script=False)
    pagina.locator("[data-giro-inizia]").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Primi passi: Compilatore del Comune")
    expect(pagina.locator(".guida-giro > li")).to_have_count(6)


@pytest.mark.parametrize("script", [True, False])
def test_un_termine_si_apre_e_si_chiude_con_la_tastiera_anche_senza_script(
    apri: Callable[..., Page], script: bool
) -> None:
    pagina = apri("/monitoraggio/traguardi/", "compilatore.rho", script=script)
    voce = pagina.locator("#termine-traguardo")
    expect(voce).to_be_hidden()
    pagina.locator(".termine", has_text="traguardo").focus()
    pagina.keyboard.press("Enter")
    expect(voce).to_be_visible()
    expect(voce).to_contain_text("milestone se è un fatto, target se è una quantità")
    pagina.keyboard.press("Escape")
    expect(voce).to_be_hidden()
