"""The flows of the first step, by hand in a real browser: signing in, reading, adding, following a job."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from enti import demo
from tests.browser.conftest import Finestre, Portale

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]


def test_chi_e_del_personale_entra_con_la_password_e_il_codice(apri: Finestre, portale: Portale) -> None:
    pagina = apri("/piano-strategico/matrice/")
    expect(pagina).to_have_url(re.compile(r"/accesso/\?next="))
    pagina.get_by_label("E-mail").fill("istruttore@example.org")
    pagina.get_by_label("Password", exact=True).fill(demo.PASSWORD)
    pagina.locator("main form button[type=submit]").first.click()
    expect(pagina).to_have_url(re.compile("/accesso/codice/"))
    pagina.locator("#id_code").fill(demo.codice_adesso())
    pagina.locator("main form button[type=submit]").first.click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Matrice Driver, STTM, Missioni")
    pagina.get_by_text("Irene (demo) Invernizzi").click()
    pagina.get_by_role("button", name="Esci").click()
    expect(pagina.get_by_role("link", name="Accedi").first).to_be_visible()


def test_chi_e_di_un_comune_entra_con_la_sola_password(apri: Finestre) -> None:
    pagina = apri("/territorio/", chi="compilatore.rho")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Territorio")
    expect(pagina.get_by_role("link", name="Lavori")).to_have_count(0)


def test_la_mappa_si_percorre_con_la_tastiera(apri: Finestre, portale: Portale) -> None:
    pagina = apri("/territorio/", chi="cabina")
    milano = pagina.get_by_role("link", name="Milano", exact=True).first
    milano.focus()
    voce = pagina.locator("[data-mappa-voce]")
    expect(voce).to_contain_text("Milano: Milano, 1.354.196 residenti")
    pagina.keyboard.press("ArrowUp")
    expect(voce).not_to_contain_text("Milano: Milano")
    nome = (voce.text_content() or "").split(":")[0]
    assert pagina.locator("[data-mappa] a[tabindex='0']").count() == 1
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_have_text(nome)


def test_senza_javascript_mappa_e_menu_restano_raggiungibili(apri: Finestre) -> None:
    pagina = apri("/territorio/", chi="cabina", larghezza="telefono", script=False)
    assert pagina.locator("[data-mappa] a[data-nome]").count() == 133
    pagina.get_by_text("Menu", exact=True).click()
    expect(pagina.get_by_role("link", name="Piano strategico", exact=True)).to_be_visible()


def test_sul_telefono_il_menu_si_apre_e_si_chiude_con_escape(apri: Finestre) -> None:
    pagina = apri("/piano-strategico/", chi="cabina", larghezza="telefono")
    voce = pagina.get_by_role("navigation", name="Navigazione principale").get_by_role("link", name="Territorio")
    expect(voce).to_be_hidden()
    pagina.get_by_text("Menu", exact=True).click()
    expect(voce).to_be_visible()
    pagina.keyboard.press("Escape")
    expect(voce).to_be_hidden()


def test_il_primo_tab_porta_al_contenuto(apri: Finestre) -> None:
    pagina = apri("/")
    pagina.keyboard.press("Tab")
    salto = pagina.get_by_role("link", name="Vai al contenuto principale")
    expect(salto).to_be_focused()
    expect(salto).to_be_in_viewport()


def compila(pagina: Page, testo: str) -> None:
    pagina.get_by_label("Missione", exact=True).select_option(label="M6 Salute")
    pagina.get_by_label("Testo dell'obiettivo").fill(testo)
    pagina.get_by_label("Comuni", exact=True).check()
    pagina.get_by_label("Documento da cui è tratto").select_option(index=1)
    pagina.get_by_label("Punto del documento").fill("cap. 3, tabella della Missione 6, n. 1")


def test_un_modulo_con_errori_li_dice_e_conserva_il_resto(apri: Finestre) -> None:
    pagina = apri("/piano-strategico/obiettivi/nuovo/?missione=6", chi="coordinatore")
    pagina.get_by_label("Testo dell'obiettivo").fill("Case della comunità vicine alle fermate")
    pagina.get_by_role("button", name="Aggiungi l'obiettivo").click()
    riepilogo = pagina.locator(".riepilogo-errori")
    expect(riepilogo).to_contain_text("Ci sono 3 cose da correggere")
    expect(riepilogo).to_be_focused()
    expect(pagina.get_by_label("Testo dell'obiettivo")).to_have_value("Case della comunità vicine alle fermate")
    riepilogo.get_by_role("link", name="Punto del documento").click()
    expect(pagina.get_by_label("Punto del documento")).to_be_focused()


# A code of the second factor is never accepted twice, so who signs in again at once uses a recovery code.
CODICE_DI_RECUPERO = """
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from enti.models import Utente
print(RecoveryCodes.activate(Utente.objects.get(email="coordinatore@example.org")).get_unused_codes()[0])
"""


def test_la_sessione_scaduta_non_perde_cio_che_si_stava_scrivendo(apri: Finestre, portale: Portale) -> None:
    recupero = portale.esegui(CODICE_DI_RECUPERO).strip()
    pagina = apri("/piano-strategico/obiettivi/nuovo/", chi="coordinatore")
    compila(pagina, "Telemedicina nei piccoli Comuni")
    pagina.context.clear_cookies(name="sessionid")
    pagina.get_by_role("button", name="Aggiungi l'obiettivo").click()
    expect(pagina.locator("main")).to_contain_text("sessione era scaduta")
    pagina.get_by_label("E-mail").fill("coordinatore@example.org")
    pagina.get_by_label("Password", exact=True).fill(demo.PASSWORD)
    pagina.locator("main form button[type=submit]").first.click()
    pagina.locator("#id_code").fill(recupero)
    pagina.locator("main form button[type=submit]").first.click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Riprendi da dove eri")
    expect(pagina.locator("main")).to_contain_text("Telemedicina nei piccoli Comuni")
    pagina.get_by_role("button", name="Invia adesso").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Telemedicina nei piccoli Comuni")


def test_un_lavoro_si_segue_fino_alla_ricevuta(apri: Finestre) -> None:
    pagina = apri("/lavori/", chi="coordinatore")
    pagina.get_by_role("button", name="Avvia un lavoro di prova").click()
    expect(pagina.locator("[data-lavoro]")).to_be_visible()
    expect(pagina.get_by_text("Lavoro concluso")).to_be_visible(timeout=60_000)
    expect(pagina.get_by_text("Ricevuta n.")).to_be_visible()


@pytest.mark.parametrize(
    ("indirizzo", "chi", "frase"),
    [
        ("/questa-pagina-non-esiste/", None, "non"),
        ("/lavori/", "compilatore.rho", "riservata"),
        ("/amministrazione/", "cabina", "riservata"),
    ],
)
def test_ogni_errore_e_una_pagina_che_dice_che_cosa_fare(
    apri: Finestre, indirizzo: str, chi: str | None, frase: str
) -> None:
    pagina = apri(indirizzo, chi=chi)
    expect(pagina.locator("main")).to_contain_text(frase)
    expect(pagina.locator("main a").first).to_be_visible()
    assert "Traceback" not in pagina.content()
