"""Uploading documents in a real browser: cut in the middle, reloaded, signed out, paused, and without any script."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Finestre, Portale, accedi
from tests.monitoraggio import carte

pytestmark = pytest.mark.browser

MEGA = 1_000_000
ATTESA = 60_000  # milliseconds, for what 50 MB take on a busy machine
PEZZI = re.compile(r"/documenti/caricamenti/[0-9a-f-]{36}/$")
CERCA = """
from enti.models import Utente
from interventi.models import Intervento
chi = Utente.objects.get(email="compilatore.rho@example.org")
print(Intervento.objects.filter(soggetto_attuatore__in=chi.enti).order_by("pk").first().pk)
"""


@pytest.fixture(scope="module")
def documenti(portale: Portale) -> str:
    """Address of the documents of an intervento that the demonstration's compilatore fills in."""
    return f"/monitoraggio/interventi/{portale.esegui(CERCA).strip()}/documenti/"


def grande(cartella: Path, nome: str, dimensione: int, seme: int) -> tuple[Path, str]:
    """A PDF on disk, and its fingerprint."""
    byte = carte.pdf(dimensione, seme=seme)
    file = cartella / nome
    file.write_bytes(byte)
    return file, hashlib.sha256(byte).hexdigest()


def carica(pagina: Page, file: Path, tipo: str = "Contratto o convenzione") -> None:
    pagina.get_by_label("Tipo di documento").select_option(label=tipo)
    pagina.get_by_label("File", exact=True).set_input_files(file)
    pagina.get_by_role("button", name="Carica", exact=True).click()


def accessibile(apri: Finestre, pagina: Page) -> None:
    esito = apri.violazioni(pagina)
    assert esito.violations_count == 0, esito.generate_report()


def taglia_dopo(pagina: Page, pezzi: int) -> None:
    """The connection is lost after so many pieces: the others do not leave, or their answer does not come back."""
    passati = 0

    def taglia(rotta: Route) -> None:
        nonlocal passati
        passati += rotta.request.method == "POST"
        if passati > pezzi:
            rotta.abort("connectionreset")
        else:
            rotta.continue_()

    pagina.route(PEZZI, taglia)


def test_50_mb_tagliati_a_meta_e_la_pagina_ricaricata_arrivano_interi_e_una_volta_sola(
    apri: Finestre, documenti: str, tmp_path: Path
) -> None:
    file, sha256 = grande(tmp_path, "Contratto grande.pdf", 50 * MEGA, seme=50)
    pagina = apri(f"{documenti}carica/", chi="compilatore.rho")
    taglia_dopo(pagina, 20)
    carica(pagina, file)
    expect(pagina.locator(".caricamento-frase")).to_contain_text("Riprovo fra", timeout=ATTESA)
    expect(pagina.locator(".caricamento-frase")).to_contain_text("20,0 MB di 50,0 MB")
    accessibile(apri, pagina)

    pagina.unroute_all(behavior="ignoreErrors")
    pagina.reload()
    interrotto = pagina.locator("[data-interrotto]")
    # One try more may have passed between the two lines above.
    expect(interrotto).to_contain_text(re.compile(r"2[01],0\sMB di 50,0\sMB"))
    accessibile(apri, pagina)
    altro, _sha256 = grande(tmp_path, "Un altro.pdf", 50 * MEGA, seme=51)
    interrotto.locator("input[type=file]").set_input_files(altro)
    expect(pagina.locator(".caricamento-errato")).to_contain_text("Non è lo stesso file")
    interrotto.locator("input[type=file]").set_input_files(file)
    expect(pagina.locator(".ricevuta")).to_contain_text(sha256, timeout=ATTESA)
    expect(pagina.locator(".ricevuta")).to_contain_text(re.compile(r"Ricevuta n\. \d+ · \d\d/\d\d/\d{4} alle"))
    accessibile(apri, pagina)

    # Sent again after the receipt it is the same document.
    pagina.reload()
    expect(pagina.locator("[data-interrotto]")).to_have_count(0)
    carica(pagina, file)
    expect(pagina.locator(".ricevuta")).to_contain_text(sha256)
    pagina.get_by_role("link", name="Apri il documento").click()
    with pagina.expect_download() as scaricamento:
        pagina.get_by_role("link", name="Scarica (50,0 MB)").click()
    assert scaricamento.value.suggested_filename == "Contratto grande.pdf"
    assert hashlib.sha256(Path(scaricamento.value.path()).read_bytes()).hexdigest() == sha256
    pagina.goto(f"{apri.base}{documenti}?q=Contratto+grande")
    expect(pagina.locator(".filtri-conto")).to_contain_text("1 documento")


def test_la_connessione_che_torna_fa_riprendere_da_solo(apri: Finestre, documenti: str, tmp_path: Path) -> None:
    file, sha256 = grande(tmp_path, "Connessione persa.pdf", 5 * MEGA, seme=52)
    pagina = apri(f"{documenti}carica/", chi="compilatore.rho", larghezza="telefono")
    taglia_dopo(pagina, 2)
    carica(pagina, file)
    frase = pagina.locator(".caricamento-frase")
    expect(frase).to_contain_text("Riprovo fra", timeout=ATTESA)
    pagina.get_by_role("button", name="Metti in pausa").click()
    expect(frase).to_contain_text("In pausa: 2,0 MB di 5,0 MB")
    pagina.unroute_all(behavior="ignoreErrors")
    expect(frase).to_contain_text("In pausa")
    pagina.get_by_role("button", name="Riprendi", exact=True).click()
    expect(pagina.locator(".ricevuta")).to_contain_text(sha256, timeout=ATTESA)


def test_la_sessione_scaduta_si_dice_e_dopo_l_accesso_si_prosegue(
    apri: Finestre, portale: Portale, documenti: str, tmp_path: Path
) -> None:
    file, sha256 = grande(tmp_path, "Sessione scaduta.pdf", 4 * MEGA, seme=53)
    pagina = apri("/")
    accedi(pagina, portale.base, "compilatore.rho@example.org")
    pagina.goto(f"{apri.base}{documenti}carica/")
    taglia_dopo(pagina, 1)
    carica(pagina, file)
    expect(pagina.locator(".caricamento-frase")).to_contain_text("Riprovo fra", timeout=ATTESA)
    pagina.context.clear_cookies()
    pagina.unroute_all(behavior="ignoreErrors")
    expect(pagina.locator(".caricamento-frase")).to_contain_text("accedi di nuovo", timeout=ATTESA)
    accessibile(apri, pagina)
    with pagina.context.expect_page() as aperta:
        pagina.get_by_role("link", name="Accedi (si apre in un'altra scheda)").click()
    scheda = aperta.value
    expect(scheda).to_have_url(re.compile("/accesso/"))
    accedi(scheda, portale.base, "compilatore.rho@example.org")
    expect(scheda).not_to_have_url(re.compile("/accesso/$"))
    pagina.get_by_role("button", name="Ho fatto l'accesso: continua").click()
    expect(pagina.locator(".ricevuta")).to_contain_text(sha256, timeout=ATTESA)


def test_quello_che_non_va_si_dice_prima_e_dopo_averlo_mandato(apri: Finestre, documenti: str, tmp_path: Path) -> None:
    pagina = apri(f"{documenti}carica/", chi="compilatore.rho")
    pagina.get_by_role("button", name="Carica", exact=True).click()
    expect(pagina.get_by_label("Tipo di documento")).to_be_focused()
    expect(pagina.locator(".campo-errore", has_text="Scegli il file da caricare.")).to_be_visible()
    accessibile(apri, pagina)
    finto = tmp_path / "finto.pdf"
    finto.write_bytes(b"MZ" + bytes(300))
    pagina.get_by_label("Tipo di documento").select_option(label="Fotografia")
    pagina.get_by_label("File", exact=True).set_input_files(finto)
    expect(pagina.locator(".zona-file .campo-aiuto")).to_contain_text("jpg, jpeg, png")
    expect(pagina.locator(".scelti-file .troppo")).to_contain_text("qui si caricano solo .jpg")
    carica(pagina, finto)
    expect(pagina.locator(".zona-file .campo-aiuto")).to_contain_text("pdf, p7m; al massimo 50 MB")
    expect(pagina.locator(".caricamento-errato")).to_contain_text(
        "«finto.pdf» non è un PDF: il contenuto è di un programma"
    )
    accessibile(apri, pagina)


def test_si_carica_anche_senza_javascript(apri: Finestre, documenti: str, tmp_path: Path) -> None:
    file, sha256 = grande(tmp_path, "Senza script.pdf", 3 * MEGA, seme=54)
    pagina = apri(f"{documenti}carica/", chi="compilatore.rho", script=False, larghezza="telefono")
    carica(pagina, file)
    expect(pagina.locator(".alert-success")).to_contain_text(sha256)
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Senza script")
