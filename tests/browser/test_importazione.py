"""Importing by hand in a real browser: upload, wait, read the trial, confirm, receipt; and without any script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.attesa import attendi
from tests.browser.conftest import LARGHEZZE, Finestre
from tests.interventi.estratti import CUP, Estratto, localizzazioni, progetti

pytestmark = pytest.mark.browser

ATTESA = 60_000  # milliseconds: the worker may be busy with the jobs of other tests
SCORRE_DI_LATO = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
CUP_DELLA_PROVA, CUP_SENZA_SCRIPT = "B41B21000770001", "B41B21000780001"


def da_scegliere(*estratti: Estratto) -> list[FilePayload]:
    return [{"name": nome, "mimeType": "text/csv", "buffer": byte} for nome, byte in estratti]


def file_con(cup: str) -> list[FilePayload]:
    """A good intervento, and one whose CUP lacks its last character."""
    chiave = {"CUP": cup, "Codice Locale Progetto": cup}
    return da_scegliere(progetti(chiave, {"CUP": CUP[:14], "Codice Locale Progetto": "x"}), localizzazioni(chiave))


def verifica(apri: Finestre, pagina: Page, indirizzo: str) -> None:
    """The page at this address, at both widths: no axe violation, no sideways scroll."""
    for larga, alta in LARGHEZZE.values():
        pagina.set_viewport_size({"width": larga, "height": alta})
        pagina.goto(f"{apri.base}{indirizzo}")
        esito = apri.violazioni(pagina)
        assert esito.violations_count == 0, f"{indirizzo}: {esito.generate_report()}"
        assert not pagina.evaluate(SCORRE_DI_LATO), indirizzo


def test_dai_file_alla_ricevuta_e_all_annullamento(apri: Finestre) -> None:
    pagina = apri("/importazioni/nuova/", chi="coordinatore")
    pagina.get_by_label("File da importare").set_input_files(file_con(CUP_DELLA_PROVA))
    expect(pagina.locator(".scelti-file li")).to_have_count(2)
    pagina.get_by_role("button", name="Carica e prova").click()
    expect(pagina).to_have_url(re.compile(r"/importazioni/\d+/$"))
    conferma = pagina.get_by_role("button", name="Conferma e scrivi nel registro")
    expect(conferma).to_be_visible(timeout=ATTESA)
    expect(pagina.locator(".sommario")).to_have_text("2 righe nuove, 0 cambiate, 0 invariate, 1 rifiutata.")
    qui = pagina.url.removeprefix(apri.base)

    pagina.locator("a[href*='esito=rifiutata']").click()
    expect(pagina.locator("main")).to_contain_text("14 caratteri")
    pagina.goto(f"{apri.base}{qui}")
    with pagina.expect_download() as scaricamento:
        pagina.get_by_role("link", name="Righe da correggere (CSV) di progetti.csv").click()
    assert re.fullmatch(r"da-correggere-\d+-progetti\.csv", scaricamento.value.suggested_filename)

    conferma.dblclick()
    expect(pagina.locator(".ricevuta")).to_contain_text("Confermata da", timeout=ATTESA)
    expect(pagina.locator(".alert-danger")).to_have_count(0)
    pagina.goto(f"{apri.base}/interventi/cup/{CUP_DELLA_PROVA}/")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Piazza nuova")

    altra = apri(qui, chi="coordinatore")
    for indirizzo in (qui, f"{qui}righe/", f"{qui}righe/?q=zzzz", f"{qui}annulla/"):
        verifica(apri, altra, indirizzo)

    pagina.goto(f"{apri.base}{qui}annulla/")
    pagina.get_by_label("Perché l'importazione va annullata").fill("Era una prova")
    pagina.get_by_role("button", name="Annulla l'importazione").click()
    expect(pagina.locator(".sommario")).to_contain_text("il registro è tornato com'era prima", timeout=ATTESA)
    expect(pagina.locator("main")).to_contain_text("Era una prova")


def test_si_importa_anche_senza_javascript(apri: Finestre) -> None:
    pagina = apri("/importazioni/nuova/", chi="coordinatore", script=False, larghezza="telefono")
    pagina.get_by_label("File da importare").set_input_files(file_con(CUP_SENZA_SCRIPT))
    pagina.get_by_role("button", name="Carica e prova").click()
    aggiorna(pagina, "Conferma e scrivi nel registro")
    pagina.get_by_role("button", name="Conferma e scrivi nel registro").click()
    aggiorna(pagina, "Scritta nel registro")


def aggiorna(pagina: Page, testo: str) -> None:
    """Follow the link that the page offers where no script redraws it, until it says so."""

    def arrivata() -> bool:
        if pagina.get_by_text(testo, exact=True).count():
            return True
        pagina.get_by_role("link", name="Guarda a che punto è").click()
        return False

    attendi(arrivata, entro=ATTESA / 1000, che_cosa=testo)


def test_un_file_sbagliato_si_dice_al_suo_campo_e_si_riprende(apri: Finestre) -> None:
    pagina = apri("/importazioni/nuova/", chi="coordinatore")
    pagina.get_by_label("Tutti gli interventi dei file").check()
    immagine: FilePayload = {"name": "foto.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(50)}
    pagina.get_by_label("File da importare").set_input_files([immagine])
    pagina.get_by_role("button", name="Carica e prova").click()
    expect(pagina.locator(".riepilogo-errori")).to_be_focused()
    expect(pagina.locator("#id_file_error")).to_contain_text("«foto.csv» è un'immagine PNG")
    expect(pagina.get_by_label("Tutti gli interventi dei file")).to_be_checked()
    esito = apri.violazioni(pagina)
    assert esito.violations_count == 0, esito.generate_report()


@pytest.mark.parametrize("indirizzo", ["/importazioni/", "/importazioni/nuova/", "/importazioni/differenze/"])
def test_le_pagine_sono_accessibili(apri: Finestre, indirizzo: str) -> None:
    verifica(apri, apri(indirizzo, chi="coordinatore"), indirizzo)
