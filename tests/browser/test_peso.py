"""The first page of each role is light and stands still: a first visit, a later one, both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LARGHEZZE, Portale

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]

RUOLI = ["coordinatore", "istruttore", "cabina", "amministratore", "compilatore.rho", "responsabile.rho"]
PRIMA_VISITA = 400 * 1024
POI = 60 * 1024
# What moved without anybody having touched the page, as browsers reckon it.
OSSERVA = """
window.spostamenti = [];
new PerformanceObserver((elenco) => elenco.getEntries().forEach((voce) => {
  if (!voce.hadRecentInput)
    window.spostamenti.push([voce.value, ...voce.sources.map((s) => String(s.node && s.node.outerHTML).slice(0, 120))]);
})).observe({ type: "layout-shift", buffered: true });
"""


def _apri(chromium: Browser, sessione: Any, larghezza: str) -> Page:
    larga, alta = LARGHEZZE[larghezza]
    contesto = chromium.new_context(viewport={"width": larga, "height": alta}, storage_state=sessione, locale="it-IT")
    contesto.add_init_script(OSSERVA)
    return contesto.new_page()


def _byte(pagina: Page, indirizzo: str) -> int:
    """What came over the wire for an address, compressed, heads included."""
    rete = pagina.context.new_cdp_session(pagina)
    ricevuti: list[float] = []
    rete.on("Network.loadingFinished", lambda fatto: ricevuti.append(fatto["encodedDataLength"]))
    rete.send("Network.enable")
    pagina.goto(indirizzo)
    pagina.wait_for_load_state("networkidle")
    rete.detach()
    return int(sum(ricevuti))


@pytest.mark.parametrize("chi", RUOLI)
def test_la_prima_visita_pesa_al_piu_400_kb_e_le_successive_60(
    chromium: Browser, portale: Portale, sessioni: Callable[[str], Any], chi: str
) -> None:
    pagina = _apri(chromium, sessioni(chi), "computer")
    prima = _byte(pagina, f"{portale.base}/cruscotto/")
    poi = _byte(pagina, f"{portale.base}/cruscotto/")
    pagina.context.close()
    assert 0 < poi < prima
    assert prima <= PRIMA_VISITA
    assert poi <= POI


@pytest.mark.parametrize("larghezza", list(LARGHEZZE))
@pytest.mark.parametrize("chi", RUOLI)
def test_la_prima_pagina_non_si_sposta_mentre_si_carica(
    chromium: Browser, portale: Portale, sessioni: Callable[[str], Any], chi: str, larghezza: str
) -> None:
    pagina = _apri(chromium, sessioni(chi), larghezza)
    pagina.goto(f"{portale.base}/cruscotto/")
    pagina.wait_for_load_state("networkidle")
    pagina.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    pagina.wait_for_load_state("networkidle")
    spostamenti = pagina.evaluate("window.spostamenti")
    pagina.context.close()
    assert spostamenti == []
