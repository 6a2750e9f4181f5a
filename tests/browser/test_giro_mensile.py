"""The monthly round by its pages alone: draft, remarks, upload, sending, return, mending, approval in bulk, correction.

Four people take turns on one month of one intervento of the demonstration, each in a browser of her own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from monitoraggio.mesi import avanti, primo
from psttm import formati
from tests.browser.conftest import Finestre, Portale
from tests.browser.test_avanzamento import PERCENTUALE, salvato
from tests.monitoraggio import carte

pytestmark = pytest.mark.browser

CARLA, RENATO, IRENE, CORRADO = "compilatore.rho", "responsabile.rho", "istruttore", "coordinatore"
ATTESE, ISTRUTTORIA = "/monitoraggio/attese/", "/monitoraggio/istruttoria/"
DICEMBRE = "/monitoraggio/?al=31%2F12%2F2024&q={codice}"
RICEVUTA = re.compile(r"Ricevuta n\. \d+ · \d\d/\d\d/\d{4} alle \d\d:\d\d")
VIVO = 20_000  # milliseconds within which what is typed is judged, on a busy machine
INVIA = "Invia alla Città metropolitana"
# It is among the tenders of no intervento of the demonstration.
CIG = "B0DE0C1A05"
DA_RIFARE = "Manca la causale del mandato: scrivila com'è nella determina e rimanda."
CAUSALE = "Indagini sui solai, fattura n. 12"
SI_CORREGGE = "Il mandato è stato pagato al netto della ritenuta."
CERCA = """
import json
from interventi.models import Intervento
trovati = Intervento.objects.filter(clp__in={clp})
print(json.dumps({{i.clp: {{"pk": i.pk, "nome": i.nome, "codice": i.codice}} for i in trovati}}))
"""


@dataclass(frozen=True)
class Opera:
    """An intervento of Rho, as its pages call it, and the month that is told of it: the last one that has ended."""

    pk: int
    nome: str
    codice: str
    mese: date

    @property
    def del_mese(self) -> str:
        return formati.mese(self.mese)

    @property
    def pagina(self) -> str:
        return f"/monitoraggio/interventi/{self.pk}/"

    @property
    def impegno(self) -> str:
        return f"77/{self.mese.year}"

    @property
    def mandato(self) -> str:
        return f"M-77/{self.mese.year}"


@pytest.fixture(scope="module")
def opere(portale: Portale) -> dict[str, Opera]:
    """Of two nobody has begun the month, one is waiting for the review."""
    clp = ["DEMO-EDILIZIA-SCOLASTICA-029", "DEMO-BANDO-PERIFERIE-033", "DEMO-SPUGNA-066"]
    trovate = json.loads(portale.esegui(CERCA.format(clp=clp)))
    mese = avanti(primo(timezone.localdate()), -1)
    return {nome.removeprefix("DEMO-"): Opera(**una, mese=mese) for nome, una in trovate.items()}


def vai(pagina: Page, apri: Finestre, indirizzo: str) -> Page:
    pagina.goto(f"{apri.base}{indirizzo}")
    return pagina


def attesa(pagina: Page, sezione: str, opera: Opera) -> Locator:
    """The row of an intervento, and month, in a part of «Che cosa ci si aspetta da me»."""
    parte = pagina.locator("section", has=pagina.get_by_role("heading", name=sezione, exact=True))
    return parte.locator("tr", has_text=opera.codice).filter(has_text=opera.del_mese)


def rilievo(pagina: Page, testo: str) -> Locator:
    return pagina.locator("[data-rilievo]", has_text=testo)


def lato(pagina: Page) -> None:
    """On a phone the remarks are folded at the foot: open them."""
    bottone = pagina.locator("[data-apri-lato]")
    if bottone.is_visible() and bottone.get_attribute("aria-expanded") == "false":
        bottone.click()


def nuova_riga(pagina: Page, sezione: str, aggiungi: str) -> Locator:
    pagina.get_by_role("button", name=aggiungi).click()
    return pagina.locator(f'[data-righe="{sezione}"] [data-libera]').last


def riga_del_mandato(pagina: Page, opera: Opera) -> Locator:
    """The row of the payment in the form, open to be typed in."""
    riga = pagina.locator('[data-righe="pagamenti"] [data-libera]', has_text=opera.mandato)
    if riga.get_attribute("open") is None:
        riga.locator("summary").click()
    return riga


def passaggi(pagina: Page) -> list[str]:
    """What each passage says, the latest first, as the page lists them; their times go the same way."""
    parte = pagina.locator("section", has=pagina.get_by_role("heading", name="Passaggi", exact=True))
    quando = parte.locator("time").evaluate_all("tempi => tempi.map((tempo) => tempo.dateTime)")
    assert quando == sorted(quando, reverse=True)
    return [" ".join(testo.split()) for testo in parte.locator("li").all_inner_texts()]


def dicembre_2024(pagina: Page, apri: Finestre, opera: Opera) -> list[str]:
    """What the list says of the intervento on that day: the cells of its row, and those of the total."""
    vai(pagina, apri, DICEMBRE.format(codice=opera.codice))
    expect(pagina.locator(".data-situazione")).to_have_text("situazione al 31/12/2024")
    righe = pagina.locator(".tabella-situazione tbody tr")
    expect(righe).to_have_count(1)
    expect(righe).to_contain_text(opera.nome)
    expect(righe.locator('[data-colonna="Pagato"]')).to_contain_text("€")
    return pagina.locator(".tabella-situazione tbody tr, .tabella-situazione tfoot tr").all_inner_texts()


def pagato(pagina: Page, apri: Finestre, opera: Opera, noto_al: datetime | None = None) -> Decimal:
    """What the page of the intervento says was paid in all, now or as it was known at an instant; it stays open."""
    coda = f"?noto_al={noto_al:%Y-%m-%dT%H:%M:%S}" if noto_al is not None else ""
    vai(pagina, apri, f"{opera.pagina}{coda}")
    if noto_al is not None:
        expect(pagina.locator(".data-situazione")).to_contain_text(f"come era nota il {formati.data_ora(noto_al)}")
    frase = pagina.locator(".sommario").inner_text()
    detto = re.search(r"pagato ([\d.]+),(\d\d)", frase)
    assert detto is not None, frase
    return Decimal(f"{detto[1].replace('.', '')}.{detto[2]}")


def pagamento_letto(pagina: Page, opera: Opera) -> Locator:
    """The row of the payment in the ledger of the intervento, unfolded as people do."""
    parte = pagina.locator("section", has=pagina.get_by_role("heading", name="Pagamenti", exact=True))
    piega = parte.locator("details:not([open]) > summary")
    if piega.count():
        piega.click()
    return parte.locator("tbody tr", has_text=opera.mandato)


def scrive_il_mese(pagina: Page, opera: Opera, cartella: Path) -> None:
    """The part of who fills in, from what is expected of her to «pronto»."""
    attesa(pagina, "Da inviare", opera).get_by_role("button", name=f"Inizia {opera.del_mese}").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(f"Avanzamento di {opera.del_mese}")
    # Prefilled: the months go on from the one before, and nothing has to be typed again.
    prima = Decimal(pagina.locator(PERCENTUALE).input_value().replace(",", "."))
    assert prima > 0
    expect(pagina.locator('[data-righe="costi"] [data-somma-differenza]')).to_have_text("")
    expect(rilievo(pagina, "Non ci sono impegni né pagamenti")).to_have_count(1)
    pagina.get_by_label("Avanzamento fisico (%)").fill(formati.numero(prima + Decimal("0.25"), 2))
    expect(pagina.locator(".griglia-testa .cella-percentuale .era")).to_contain_text(f"era {formati.numero(prima, 2)}")

    impegno = nuova_riga(pagina, "impegni", "Aggiungi un impegno")
    impegno.get_by_label("Numero", exact=True).fill(opera.impegno)
    impegno.get_by_label("Data", exact=True).fill(f"{opera.mese:%Y-%m}-05")
    impegno.get_by_label("Importo (EUR)").fill("1220")
    impegno.get_by_label("CIG").fill(CIG)
    pagamento = nuova_riga(pagina, "pagamenti", "Aggiungi un pagamento")
    pagamento.get_by_label("Numero del mandato").fill(opera.mandato)
    pagamento.get_by_label("Data", exact=True).fill(f"{opera.mese:%Y-%m}-09")
    pagamento.get_by_label("Importo (EUR)").fill("12.200,00")
    pagamento.get_by_label("Numero dell'impegno").fill(opera.impegno)

    # A slip is told beside the form while one types, and its words lead to the field.
    sbaglio = rilievo(pagina, f"Sull'impegno {opera.impegno} sono pagati 12.200,00\u00a0€, ma è di 1.220,00\u00a0€.")
    expect(sbaglio).to_have_count(1, timeout=VIVO)
    expect(rilievo(pagina, "Non ci sono impegni né pagamenti")).to_have_count(0)
    lato(pagina)
    expect(sbaglio).to_be_visible()
    expect(sbaglio).to_contain_text("Errore")
    sbaglio.get_by_role("link").click()
    expect(pagamento.get_by_label("Importo (EUR)")).to_be_focused()
    expect(pagamento.get_by_label("Importo (EUR)")).to_be_in_viewport()
    expect(pagamento.locator("[data-note-riga]")).to_contain_text(f"Sull'impegno {opera.impegno} sono pagati")
    pagamento.get_by_label("Importo (EUR)").fill("1.220,00")
    expect(sbaglio).to_have_count(0, timeout=VIVO)

    carica_il_giustificativo(pagina, opera, pagamento, cartella)

    # What is unusual but true is explained in a few words.
    avviso = rilievo(pagina, f"Il CIG {CIG} non è fra le gare di questo intervento.")
    expect(avviso).to_contain_text("Avviso: correggi o spiega")
    lato(pagina)
    avviso.get_by_label("Perché è così").fill("Affidamento diretto delle indagini, fuori dalla gara dei lavori.")
    altri = pagina.locator(".rilievo-avviso textarea").evaluate_all("aree => aree.map((area) => area.id)")
    for nome in altri:
        if not pagina.locator(f'[id="{nome}"]').input_value():
            pagina.locator(f'[id="{nome}"]').fill("Com'è stato comunicato alla Città metropolitana.")
    salvato(pagina)
    expect(avviso).to_contain_text("Avviso spiegato")
    expect(pagina.locator("[data-compilatore]")).to_have_text("Pronto: lo invia il responsabile.")
    expect(pagina.get_by_role("button", name=INVIA)).to_have_count(0)


def carica_il_giustificativo(pagina: Page, opera: Opera, pagamento: Locator, cartella: Path) -> None:
    """Upload the voucher in the form itself, and choose it in the row of the payment."""
    manca = rilievo(pagina, f"Il pagamento {opera.mandato} non ha il giustificativo.")
    expect(manca).to_have_count(1)
    file = cartella / "quietanza.pdf"
    file.write_bytes(carte.pdf(4_000, seme=opera.pk))
    pagina.get_by_text("Carica un documento", exact=True).click()
    carica = pagina.locator("[data-carica]")
    carica.get_by_label("Tipo di documento").select_option(label="Mandato di pagamento o quietanza")
    carica.get_by_label("File", exact=True).set_input_files(file)
    carica.get_by_label("Titolo").fill(f"Quietanza del mandato {opera.mandato}")
    carica.get_by_role("button", name="Carica il documento").click()
    ricevuta = carica.locator(".ricevuta")
    expect(ricevuta).to_contain_text("«quietanza.pdf» è stato accettato", timeout=VIVO)
    expect(ricevuta).to_contain_text(re.compile(r"Ricevuta n\. \d+"))
    pagamento.get_by_label("Giustificativo").select_option(label=f"Quietanza del mandato {opera.mandato}")
    expect(manca).to_have_count(0, timeout=VIVO)


def invia(pagina: Page, opera: Opera) -> None:
    """Send the form that is open; the receipt has a number and an hour."""
    pagina.get_by_role("button", name=INVIA).click()
    ricevuta = pagina.locator(".ricevuta")
    expect(ricevuta).to_contain_text("Inviato alla Città metropolitana")
    expect(ricevuta).to_contain_text(RICEVUTA)
    expect(pagina.get_by_role("heading", level=1)).to_have_text(f"Avanzamento di {opera.del_mese}")


def da_istruire(pagina: Page, apri: Finestre, opera: Opera) -> Locator:
    """The row of the month in the review list, found by the code of the intervento."""
    vai(pagina, apri, ISTRUTTORIA)
    pagina.get_by_text("Altri filtri").click()
    pagina.get_by_label("Parole, CUP o CIG").fill(opera.codice)
    pagina.get_by_role("button", name="Filtra").click()
    return pagina.locator("tr[data-riga]", has_text=opera.del_mese)


def approva_in_blocco(pagina: Page, apri: Finestre, prima: Opera, seconda: Opera) -> None:
    vai(pagina, apri, ISTRUTTORIA)
    pagina.get_by_label("Comune o altro ente").select_option(label="Comune di Rho")
    pagina.get_by_role("button", name="Filtra").click()
    for opera in (prima, seconda):
        pagina.get_by_label(f"Scegli {opera.del_mese} di {opera.nome}").check()
    expect(pagina.locator("[data-scelti]")).to_have_text("2 avanzamenti scelti.")
    pagina.get_by_role("button", name="Approva", exact=True).click()
    # Before: which ones, and nothing is done yet.
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Approva 2 avanzamenti")
    for opera in (prima, seconda):
        expect(pagina.locator("tbody tr", has_text=opera.codice)).to_contain_text(opera.del_mese)
    expect(pagina.locator("tbody tr", has_text=prima.codice)).to_contain_text("1.220,00\u00a0€")
    pagina.get_by_role("button", name="Approva 2 avanzamenti").click()
    # After: the receipt, with its number and hour.
    ricevuta = pagina.locator(".ricevuta")
    expect(ricevuta).to_contain_text("Approvati: 2.")
    expect(ricevuta).to_contain_text(RICEVUTA)
    for opera in (prima, seconda):
        expect(pagina.locator("main li", has_text=opera.codice)).to_have_count(1)


def test_il_mese_dalla_bozza_alla_correzione_con_quattro_persone(
    apri: Finestre, opere: dict[str, Opera], tmp_path: Path
) -> None:
    opera, altra = opere["EDILIZIA-SCOLASTICA-029"], opere["SPUGNA-066"]
    carla, renato = apri(ATTESE, CARLA), apri(ATTESE, RENATO)
    irene, corrado = apri(ATTESE, IRENE), apri(ATTESE, CORRADO)
    allora, prima = dicembre_2024(corrado, apri, opera), pagato(corrado, apri, opera)

    # She fills in, he sends.
    scrive_il_mese(carla, opera, tmp_path)
    vai(renato, apri, ATTESE)
    attesa(renato, "Da inviare", opera).get_by_role("link", name=f"Continua {opera.del_mese}").click()
    invia(renato, opera)
    renato.get_by_role("link", name="Ricevuta da stampare").click()
    expect(renato.get_by_role("heading", level=1)).to_have_text(re.compile(r"Ricevuta n\. \d+"))
    expect(renato.locator("main")).to_contain_text("da Renato (demo) Rossi")
    expect(renato.locator("dd", has_text="1.220,00\u00a0€")).to_have_count(2)

    # It comes back with a reason, which nobody can leave out.
    da_istruire(irene, apri, opera).get_by_role("link", name=opera.nome).click()
    irene.get_by_role("button", name="Restituisci").click()
    expect(irene.locator(".alert-danger")).to_contain_text("serve il motivo")
    irene.get_by_label("Se non va bene: che cosa va corretto").fill(DA_RIFARE)
    irene.get_by_role("button", name="Restituisci").click()
    expect(irene.locator("main")).to_contain_text("Restituito: chi lo compila lo trova fra le sue cose da fare")
    in_mezzo_al_giro = timezone.localtime()

    # She reads why and mends, he sends again.
    vai(carla, apri, ATTESE)
    expect(attesa(carla, "Da correggere", opera)).to_contain_text(DA_RIFARE)
    attesa(carla, "Da correggere", opera).get_by_role("link", name="Correggi").click()
    expect(carla.locator(".alert-warning")).to_contain_text(DA_RIFARE)
    pagamento = riga_del_mandato(carla, opera)
    pagamento.get_by_label("Causale").fill(CAUSALE)
    salvato(carla)
    vai(renato, apri, ATTESE)
    attesa(renato, "Da correggere", opera).get_by_role("link", name="Correggi").click()
    invia(renato, opera)

    approva_in_blocco(irene, apri, opera, altra)
    fra_le_due = timezone.localtime() + timedelta(seconds=1)

    # What is approved is corrected by another version.
    vai(carla, apri, opera.pagina)
    carla.get_by_role("link", name=opera.del_mese.capitalize()).click()
    expect(carla.locator(".sommario")).to_contain_text("Approvato")
    carla.get_by_text("Correggi questo mese").click()
    carla.get_by_label("Perché va corretto").fill(SI_CORREGGE)
    carla.get_by_role("button", name="Apri la correzione").click()
    expect(carla.locator(".avanzamento-frase")).to_contain_text("correzione, versione 2")
    pagamento = riga_del_mandato(carla, opera)
    pagamento.get_by_label("Importo (EUR)").fill("1.000,00")
    expect(pagamento).to_contain_text("era 1.220,00")
    salvato(carla)
    vai(renato, apri, ATTESE)
    attesa(renato, "Altre bozze aperte", opera).get_by_role("link", name="Continua la bozza").click()
    invia(renato, opera)

    # The staff is told that it changed, sees what, and approves.
    riga = da_istruire(corrado, apri, opera)
    expect(riga).to_contain_text("modificato dopo l’approvazione")
    expect(riga).to_contain_text(f"versione 2: {SI_CORREGGE}")
    riga.get_by_role("link", name=opera.nome).click()
    expect(corrado.locator("main")).to_contain_text("Il Comune ha cambiato un mese che era già approvato.")
    expect(corrado.locator(".contenuto-letto tr", has_text=opera.mandato)).to_contain_text("era 1.220,00")
    corrado.get_by_role("button", name="Segna come vista").click()
    expect(corrado.locator("main")).to_contain_text("Segnata come vista.")
    expect(corrado.get_by_role("button", name="Segna come vista")).to_have_count(0)
    riga = da_istruire(irene, apri, opera)
    expect(riga).to_have_count(1)
    expect(riga).not_to_contain_text("modificato dopo l’approvazione")
    corrado.get_by_role("button", name="Approva", exact=True).click()
    expect(corrado.locator("main")).to_contain_text("Approvato: da adesso è ciò che si sa di questo mese.")

    si_rilegge_tutto(corrado, opera)
    # Nothing of this has changed what was so in December 2024.
    assert dicembre_2024(corrado, apri, opera) == allora

    # What was known then, and what is known now.
    assert pagato(corrado, apri, opera, noto_al=in_mezzo_al_giro) == prima
    expect(pagamento_letto(corrado, opera)).to_have_count(0)
    assert pagato(corrado, apri, opera, noto_al=fra_le_due) == prima + 1220
    expect(pagamento_letto(corrado, opera)).to_contain_text("1.220,00\u00a0€")
    corrado.get_by_role("button", name="Leggi", exact=True).click()
    expect(pagamento_letto(corrado, opera)).to_contain_text("1.220,00\u00a0€")
    assert pagato(corrado, apri, opera) == prima + 1000
    expect(pagamento_letto(corrado, opera)).to_contain_text("1.000,00\u00a0€")
    expect(pagamento_letto(corrado, opera)).not_to_contain_text("1.220,00")


def si_rilegge_tutto(pagina: Page, opera: Opera) -> None:
    """From the page of the correction: its passages and those of the version before it, with who and why."""
    attesi = [
        ("Approvato", "Corrado (demo) Conti"),
        ("Correzione vista", "Corrado (demo) Conti"),
        ("Inviato", "Renato (demo) Rossi"),
        ("Correzione aperta", "Carla (demo) Colombo", SI_CORREGGE),
    ]
    si_leggono(passaggi(pagina), attesi)
    versioni = pagina.locator("section", has=pagina.get_by_role("heading", name=f"Versioni di {opera.del_mese}"))
    expect(versioni.locator("li")).to_have_count(2)
    expect(versioni.locator("li").first).to_contain_text("Versione 2, questa · approvato")
    expect(versioni.locator("li").last).to_contain_text("Versione 1 · approvato")
    expect(pagina.locator(".contenuto-letto tr", has_text=opera.mandato)).to_contain_text(CAUSALE)
    versioni.get_by_role("link", name="Versione 1").click()
    expect(pagina.locator(".contenuto-letto tr", has_text=opera.mandato)).to_contain_text("1.220,00")
    expect(pagina.locator(".contenuto-letto tr", has_text=opera.mandato)).not_to_contain_text("1.000,00")
    attesi = [
        ("Approvato", "Irene (demo) Invernizzi"),
        ("Inviato", "Renato (demo) Rossi"),
        ("Restituito", "Irene (demo) Invernizzi", DA_RIFARE),
        ("Inviato", "Renato (demo) Rossi"),
        ("Aperto", "Carla (demo) Colombo"),
    ]
    si_leggono(passaggi(pagina), attesi)
    expect(pagina.get_by_role("link", name=f"Quietanza del mandato {opera.mandato}").first).to_be_visible()


def si_leggono(letti: list[str], attesi: list[tuple[str, ...]]) -> None:
    assert len(letti) == len(attesi), letti
    for letto, (verbo, *parole) in zip(letti, attesi, strict=True):
        assert letto.startswith(verbo), letti
        assert all(parola in letto for parola in parole), letti


def test_dal_telefono_si_scrive_il_mese_e_si_carica_il_giustificativo(
    apri: Finestre, opere: dict[str, Opera], tmp_path: Path
) -> None:
    pagina = apri(ATTESE, CARLA, larghezza="telefono")
    scrive_il_mese(pagina, opere["BANDO-PERIFERIE-033"], tmp_path)
    assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
