"""The release before works on while this one is coming in: the same database, people and jobs on both sides."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from campagne.impianto import Cliente, Impianto, ProgrammaMancante, attendi
from campagne.rilasci import DueRilasci, SenzaStoria

pytestmark = pytest.mark.impianto
COMPILATORE, COORDINATORE = "compilatore.rho@example.org", "coordinatore@example.org"
PAGINE = ("/", "/monitoraggio/", "/monitoraggio/attese/", "/interventi/", "/piani/", "/monitoraggio/traguardi/")
SALVA = re.compile(r'data-chi="(\d+)" data-salva="([^"]+)"')
REVISIONE = re.compile(r'name="revisione" value="(\d+)"')


@pytest.fixture(scope="module")
def rilasci() -> Iterator[DueRilasci]:
    with ExitStack() as pila:
        try:
            impianto = pila.enter_context(Impianto(processi_web=1, concorrenza=1, beat=False))
            due = pila.enter_context(DueRilasci(impianto))
        except (ProgrammaMancante, SenzaStoria) as manca:
            pytest.skip(str(manca))
        due.avvia("web-vecchio")
        yield due


@pytest.fixture(scope="module")
def prima(rilasci: DueRilasci) -> Cliente:
    """Of a Comune, at the release before."""
    return rilasci.cliente(COMPILATORE)


@pytest.fixture(scope="module")
def dopo(rilasci: DueRilasci) -> Cliente:
    """The same person, at this release."""
    return rilasci.impianto.cliente(COMPILATORE)


def _bozza(rilasci: DueRilasci) -> tuple[int, int]:
    """A draft of Rho, and its intervento."""
    ((avanzamento, intervento),) = rilasci.impianto.sql(
        "SELECT a.id, a.intervento_id FROM monitoraggio_avanzamento a "
        "JOIN interventi_intervento i ON i.id = a.intervento_id JOIN enti_ente e ON e.id = i.soggetto_attuatore_id "
        "WHERE a.stato = 'bozza' AND e.denominazione = 'Comune di Rho' ORDER BY a.id LIMIT 1"
    )
    return avanzamento, intervento


def _scrive(chi: Cliente, avanzamento: int, nota: str) -> None:
    """Open the form, and let it save itself."""
    testo = chi.get(f"/monitoraggio/avanzamenti/{avanzamento}/modifica/").text
    salva, revisione = SALVA.search(testo), REVISIONE.search(testo)
    assert salva is not None
    assert revisione is not None
    celle = {"testa-0-note": nota}
    dati = {"chi": int(salva[1]), "chiave": str(uuid.uuid4()), "revisione": int(revisione[1]), "celle": celle}
    salvato = chi.post(salva[2], json=dati)
    assert salvato.status_code == 200, salvato.text[:300]
    assert salvato.json()["scontri"] == []


def test_le_pagine_della_versione_di_prima_si_aprono_sulla_base_dati_di_questa(prima: Cliente) -> None:
    risposte = {pagina: prima.get(pagina).status_code for pagina in PAGINE}
    assert risposte == dict.fromkeys(PAGINE, 200)


def test_cio_che_si_scrive_da_una_parte_si_legge_e_si_continua_dall_altra(
    rilasci: DueRilasci, prima: Cliente, dopo: Cliente
) -> None:
    avanzamento, _intervento = _bozza(rilasci)
    modulo = f"/monitoraggio/avanzamenti/{avanzamento}/modifica/"
    for chi, altra in ((prima, dopo), (dopo, prima), (prima, dopo)):
        nota = f"Nota {uuid.uuid4()}"
        _scrive(chi, avanzamento, nota)
        assert nota in altra.get(modulo).text


def test_un_messaggio_scritto_di_qua_ha_risposta_di_la(rilasci: DueRilasci, prima: Cliente, dopo: Cliente) -> None:
    _avanzamento, intervento = _bozza(rilasci)
    dove, testi = f"/monitoraggio/interventi/{intervento}/messaggi/", [f"Testo {uuid.uuid4()}" for _ in range(2)]
    for chi, testo in zip((prima, dopo), testi, strict=True):
        assert chi.post(f"{dove}scrivi/", {"testo": testo, "risponde_a": "", "avanzamento": ""}).status_code == 302
    for chi in (prima, dopo):
        letto = chi.get(dove).text
        assert [testo in letto for testo in testi] == [True, True]


def test_una_riga_scritta_dalla_versione_di_prima_ha_le_colonne_che_lei_non_conosce(
    rilasci: DueRilasci, prima: Cliente, dopo: Cliente
) -> None:
    """`VistaSalvata.apre` came with this release."""
    nomi = [f"Vista {uuid.uuid4()}" for _ in range(2)]
    for chi, nome in zip((prima, dopo), nomi, strict=True):
        risposta = chi.post("/interventi/viste/salva/", {"nome": nome, "filtri": "ordine=-finanziamento"})
        assert risposta.status_code == 302, risposta.text[:300]
    trovate = rilasci.impianto.sql("SELECT nome, apre FROM interventi_vistasalvata WHERE nome LIKE 'Vista %'")
    assert sorted(trovate) == sorted((nome, False) for nome in nomi)
    assert nomi[0] in dopo.get("/interventi/").text


def test_i_lavori_chiesti_da_una_versione_li_fa_anche_l_altra(rilasci: DueRilasci) -> None:
    impianto = rilasci.impianto
    di_prima, di_dopo = rilasci.cliente(COORDINATORE), impianto.cliente(COORDINATORE)
    # Only workers of this release, then only workers of the one before.
    _fa_un_lavoro(rilasci, di_prima)
    impianto.uccidi("worker-1")
    rilasci.avvia("worker-vecchio")
    _fa_un_lavoro(rilasci, di_dopo)


def _fa_un_lavoro(rilasci: DueRilasci, chi: Cliente) -> None:
    risposta = chi.post("/lavori/prova/")
    assert risposta.status_code == 302
    (lavoro,) = re.findall(r"/lavori/(\d+)/", risposta.headers["Location"])

    def riuscito() -> bool:
        return rilasci.impianto.sql("SELECT stato FROM registro_lavoro WHERE id = %s", [int(lavoro)]) == [("riuscito",)]

    attendi(riuscito, entro=60, che_cosa=f"il lavoro {lavoro} riesce")


def test_alla_fine_i_conti_tornano(rilasci: DueRilasci) -> None:
    detto = rilasci.impianto.gestore("ricostruisci_situazione", "--verifica")
    assert "è quella che dicono gli avanzamenti" in detto
