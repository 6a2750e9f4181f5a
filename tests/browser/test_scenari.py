"""The sandbox of a scenario in a real browser: outcomes that move while one types, and nothing typed that is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Route, expect

from tests.browser.conftest import Finestre

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]

NUOVO = "/piani/proposta-demo/scenari/nuovo/"
# 55 million in all: with so much less the proposal costs fifty to the cent, and a cent more is too much.
COSTO = "Costo totale (€), Z40Z25000010001"
PROPRIO_CINQUANTA, UN_CENTESIMO_IN_MENO = "13400000", "13.399.999,99"


def test_cambiare_un_costo_muove_gli_esiti_senza_ricaricare(apri: Finestre) -> None:
    pagina = apri(NUOVO, chi="coordinatore")
    pagina.evaluate("window.stessaPagina = true")
    pagina.get_by_label(COSTO).fill(UN_CENTESIMO_IN_MENO)
    spostata = pagina.locator(".mossa-esito")
    expect(spostata).to_contain_text("Peggiora: prima conforme, ora non conforme")
    expect(spostata).to_contain_text("49.999.999,99")
    expect(pagina.locator("[data-esiti-annuncio]")).to_have_text("Il piano resta non conforme: 1 regola peggiora.")
    pagina.get_by_label(COSTO).fill(PROPRIO_CINQUANTA)
    expect(pagina.locator("[data-esiti-annuncio]")).to_contain_text("nessuna regola cambia esito")
    expect(pagina.get_by_label(COSTO)).to_have_value(PROPRIO_CINQUANTA)
    pagina.get_by_label("Nome dello scenario").focus()
    expect(pagina.get_by_label(COSTO)).to_have_value("13.400.000,00")
    expect(pagina.get_by_text("ora 18.400.000,00")).to_be_visible()
    assert pagina.evaluate("window.stessaPagina")


def test_un_valore_che_non_si_legge_si_dice_accanto_e_resta_scritto(apri: Finestre) -> None:
    pagina = apri(NUOVO, chi="coordinatore")
    campo = pagina.get_by_label("Dai privati (€), Z40Z25000010001")
    campo.fill("1,234")
    errore = pagina.locator(".tabella-scenario .campo-errore")
    expect(errore).to_have_text("«1,234» ha più di due decimali.")
    expect(campo).to_have_attribute("aria-invalid", "true")
    expect(campo).to_have_value("1,234")
    pagina.locator(".banco-esiti").get_by_role("link", name="Dai privati (€), Z40Z25000010001").click()
    expect(campo).to_be_focused()
    campo.fill("1,23")
    expect(errore).to_have_count(0)
    expect(campo).not_to_have_attribute("aria-invalid", "true")


def test_una_risposta_in_ritardo_non_copre_quella_dopo(apri: Finestre) -> None:
    pagina = apri(NUOVO, chi="coordinatore")
    in_ritardo: list[Route] = []

    def trattieni(rotta: Route) -> None:
        if in_ritardo:
            rotta.continue_()
        else:
            in_ritardo.append(rotta)

    pagina.route("**/scenari/esiti/", trattieni)
    with pagina.expect_request("**/scenari/esiti/"):
        pagina.get_by_label(COSTO).fill("1")
    with pagina.expect_response("**/scenari/esiti/"):
        pagina.get_by_label(COSTO).fill(UN_CENTESIMO_IN_MENO)
    expect(pagina.locator(".mossa-esito")).to_contain_text("49.999.999,99")
    in_ritardo[0].fulfill(body="<div data-esiti-corpo><p data-esiti-titolo>Vecchia</p></div>", content_type="text/html")
    expect(pagina.locator("[data-esiti-annuncio]")).to_have_text("Il piano resta non conforme: 1 regola peggiora.")
    expect(pagina.get_by_text("Vecchia")).to_have_count(0)


def test_se_il_portale_non_risponde_si_ricalcola_con_il_bottone(apri: Finestre) -> None:
    pagina = apri(NUOVO, chi="coordinatore")
    pagina.route("**/scenari/esiti/", lambda rotta: rotta.abort())
    pagina.get_by_label(COSTO).fill(UN_CENTESIMO_IN_MENO)
    expect(pagina.locator("[data-esiti-guasto]")).to_contain_text("controlla la connessione e premi «Ricalcola»")
    pagina.get_by_role("button", name="Ricalcola").click()
    expect(pagina.locator(".mossa-esito")).to_contain_text("49.999.999,99")
    expect(pagina.get_by_label(COSTO)).to_have_value("13.399.999,99")


def test_senza_javascript_si_ricalcola_si_aggiunge_e_si_salva(apri: Finestre) -> None:
    pagina = apri(NUOVO, chi="coordinatore", larghezza="telefono", script=False)
    pagina.get_by_label(COSTO).fill(UN_CENTESIMO_IN_MENO)
    pagina.get_by_label("Lascia fuori DEMO-PROPOSTA-003").check()
    pagina.get_by_label("CUP di un intervento che non è nel piano").fill("B99Z25000770001")
    pagina.get_by_label("CUP di un intervento che non è nel piano").press("Enter")
    expect(pagina.get_by_text("Nessun intervento con il CUP B99Z25000770001")).to_be_visible()
    pagina.get_by_label("CUP di un intervento che non è nel piano").fill("")
    pagina.get_by_role("button", name="Aggiungi un intervento ipotetico").click()
    pagina.get_by_label("Nome, intervento ipotetico 1").fill("Scuola nuova")
    pagina.get_by_label("Costo totale (€), intervento ipotetico 1").fill("20000000")
    pagina.get_by_label("Nome dello scenario").fill("Senza script")
    pagina.get_by_role("button", name="Salva lo scenario").click()
    expect(pagina.get_by_text("Scenario «Senza script» salvato")).to_be_visible()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Senza script")
    pagina.get_by_text("Elimina lo scenario").click()
    pagina.get_by_role("button", name="Elimina «Senza script»").click()
    expect(pagina.get_by_text("Scenario «Senza script» eliminato.").first).to_be_visible()


def test_lasciare_la_pagina_con_qualcosa_da_salvare_chiede_conferma(apri: Finestre) -> None:
    pagina = apri(NUOVO, chi="coordinatore")
    domande: list[str] = []

    def resta(domanda: Dialog) -> None:
        domande.append(domanda.type)
        domanda.dismiss()

    pagina.on("dialog", resta)
    pagina.get_by_label(COSTO).fill("5")
    expect(pagina.locator(".mossa-esito")).to_be_visible()
    pagina.get_by_role("link", name="Tutti gli scenari").click(no_wait_after=True)
    expect(pagina).to_have_url(re.compile(f"{NUOVO}$"))
    expect(pagina.get_by_label(COSTO)).to_have_value("5,00")
    assert domande == ["beforeunload"]
