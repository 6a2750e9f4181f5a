"""Asking for a report by hand in a real browser: the form, the bar, the file; and without any script."""

from __future__ import annotations

import hashlib
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Finestre

pytestmark = pytest.mark.browser

ATTESA = 120_000  # milliseconds: the worker may be busy with the jobs of other tests
DEL_RAPPORTO = re.compile(r"/rapporti/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/$")


def test_dalla_domanda_al_file(apri: Finestre) -> None:
    pagina = apri("/piani/come-in/", chi="cabina")
    pagina.get_by_role("link", name="Rapporto di questo piano").click()
    expect(pagina.get_by_label("Quale piano o programma")).to_have_value("COME IN")
    pagina.get_by_label("Un Comune").check()
    expect(pagina.get_by_label("Quale piano o programma")).to_be_hidden()
    pagina.get_by_label("Quale Comune").select_option("015182")
    pagina.get_by_label("Sintesi per la Cabina di regia").check()
    comodo = pagina.locator("[data-giorno]").last
    comodo.click()
    expect(pagina.get_by_label("Situazione al")).to_have_value(comodo.get_attribute("data-giorno") or "")
    pagina.get_by_label("Situazione al").fill("2024-12-31")
    pagina.get_by_role("button", name="Prepara il rapporto").dblclick()
    expect(pagina).to_have_url(DEL_RAPPORTO)
    expect(pagina.get_by_role("link", name="Apri il PDF")).to_be_visible(timeout=ATTESA)
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Comune di Rho")
    impronta = pagina.locator(".codice-copia").last.get_attribute("data-copia")
    pdf = pagina.request.get(f"{pagina.url}rapporto.pdf")
    assert hashlib.sha256(pdf.body()).hexdigest() == impronta
    pagina.goto(f"{apri.base}/rapporti/?q=rho&tipo=sintesi")
    expect(pagina.locator(".tabella-rapporti tbody tr")).to_have_count(1)


def test_un_errore_si_dice_al_campo_e_nel_riepilogo_e_si_corregge_anche_senza_script(apri: Finestre) -> None:
    pagina = apri("/rapporti/nuovo/?perimetro=zona", chi="cabina", larghezza="telefono", script=False)
    pagina.get_by_role("button", name="Prepara il rapporto").click()
    expect(pagina.locator(".riepilogo-errori")).to_contain_text("Indica quale zona omogenea")
    expect(pagina.locator(".campo-errore")).to_contain_text("Indica quale zona omogenea")
    pagina.get_by_label("Quale zona omogenea").select_option("1")
    pagina.get_by_label("Situazione al").fill("2024-12-31")
    pagina.get_by_role("button", name="Prepara il rapporto").click()
    expect(pagina).to_have_url(DEL_RAPPORTO)
    expect(pagina.get_by_role("link", name="Guarda a che punto è")).to_be_visible()
    pagina.get_by_role("button", name="Annulla").click()
    expect(pagina.get_by_role("status")).to_have_text(re.compile(r"si ferma al primo passo utile|annullata"))
