"""Every coherence check, on both sides of what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interventi.scelte import StatoCup
from monitoraggio import scheda
from monitoraggio.controlli.catalogo import CATALOGO, PER_CODICE
from monitoraggio.controlli.giudizio import fermano, giudica
from monitoraggio.controlli.tipi import Gravita, Movimenti
from tests.monitoraggio.contesti import BUONA, COSTO, FASI, contesto, impegno, pagamento, prima

Celle = Mapping[str, str]
VUOTE_FASI = dict.fromkeys(FASI, "")
TRAGUARDO = {"traguardi": {"t5": date(2024, 12, 31)}}
FINITI = {"testa-0-percentuale": "100", "fasi-00313-fine_effettiva": "2024-12-10", "fasi-00313-fine_stimata": ""}
GRAVE = {
    "criticita-n1-tipo": "gara",
    "criticita-n1-gravita": "alta",
    "criticita-n1-descrizione": "Gara deserta",
    "criticita-n1-azione": "Si ripete",
    "criticita-n1-responsabile": "RUP",
    "criticita-n1-scadenza": "2025-02-28",
}
CIFRE = "12345678901"

# For each check: what it must find, and the nearest thing that it must not. Cells over `BUONA`, data of the portal.
CASI: list[tuple[str, Celle, dict[str, Any], Celle, dict[str, Any]]] = [
    ("illeggibile", {"testa-0-percentuale": "100,01"}, {}, {"testa-0-percentuale": "99,99"}, {}),
    ("incompleta", impegno(codice=""), {}, impegno(), {}),
    ("mese_in_corso", {}, {"oggi": date(2024, 12, 31)}, {}, {"oggi": date(2025, 1, 1)}),
    ("003", {}, {"luoghi": 0}, {}, {"luoghi": 1}),
    ("004", {}, {"soggetti": 0, "soggetto_attuatore_id": None}, {}, {"soggetti": 0, "soggetto_attuatore_id": 1}),
    ("005", {}, {"finanziamenti": 0, "finanziamento": None}, {}, {"finanziamenti": 0, "finanziamento": COSTO}),
    ("008", dict.fromkeys((c for c in BUONA if c.startswith("indicatori")), ""), {}, {}, {}),
    ("indicatori_attesi", {}, {"indicatori_attesi": frozenset({"T0146", "T0039"})}, {}, {}),
    ("009", VUOTE_FASI, {}, VUOTE_FASI | {"fasi-00311-inizio_previsto": "2025-02-01"}, {}),
    ("010", {"testa-0-percentuale": ""}, {}, {"testa-0-percentuale": "0"}, {}),
    ("011", {"costi-a2024-realizzato": "", "costi-a2024-da_realizzare": ""}, {}, {"costi-a2024-realizzato": ""}, {}),
    ("012", {}, {"cup": ""}, {}, {}),
    ("012", {}, {"stato_cup": StatoCup.REVOCATO}, {}, {"stato_cup": StatoCup.CHIUSO}),
    ("012", {}, {"stato_cup": StatoCup.CANCELLATO}, {}, {"stato_cup": StatoCup.ATTIVO}),
    ("018", {"quadro-lavori-importo": ""}, {}, {"quadro-lavori-importo": "1.000.000"}, {}),
    ("movimenti", {"testa-0-senza_movimenti": ""}, {}, {"testa-0-senza_movimenti": "si"}, {}),
    ("movimenti", impegno() | {"testa-0-senza_movimenti": "si"}, {}, impegno(), {}),
    ("documento", impegno() | pagamento(documento="8"), {}, impegno() | pagamento(documento="7"), {}),
    ("024", {}, {"ammesso": COSTO + Decimal("0.01")}, {}, {"ammesso": COSTO}),
    ("027", impegno(importo="1.000.000,01"), {}, impegno(importo="1.000.000,00"), {}),
    (
        "027",
        impegno(importo="0,01"),
        {"impegni": Movimenti({"90": COSTO})},
        impegno(importo="0,01"),
        {"impegni": Movimenti({"90": COSTO - Decimal("0.01")})},
    ),
    (
        "028",
        impegno(importo="99.999,99") | pagamento(importo="100.000"),
        {},
        impegno(importo="100.000") | pagamento(importo="100.000"),
        {},
    ),
    (
        "028",
        impegno() | impegno("n3", codice="200") | pagamento(impegno="200", importo="500.000,01"),
        {},
        impegno() | impegno("n3", codice="200") | pagamento(impegno="200", importo="500.000,00"),
        {},
    ),
    ("019", impegno() | pagamento(impegno=""), {}, impegno() | pagamento(impegno="100"), {}),
    (
        "019",
        pagamento(impegno="90"),
        {"impegni": Movimenti({"91": COSTO})},
        pagamento(impegno=" 90 "),
        {"impegni": Movimenti({"90": COSTO})},
    ),
    (
        "037",
        impegno() | pagamento(importo_percettore="100.000,01"),
        {},
        impegno() | pagamento(importo_percettore="100.000,00"),
        {},
    ),
    (
        "039",
        {"costi-a2024-da_realizzare": "999.999,99"},
        {},
        {"costi-a2024-da_realizzare": "999.999,99"},
        {"economie": Decimal("0.01")},
    ),
    (
        "050",
        impegno(tipo="D", codice="90", importo="100,01"),
        {"impegni": Movimenti({"90": Decimal(100), "91": COSTO / 2})},
        impegno(tipo="D", codice="90", importo="100,00"),
        {"impegni": Movimenti({"90": Decimal(100)})},
    ),
    (
        "052",
        impegno() | pagamento(tipo="R", importo="10,01"),
        {"pagamenti": Movimenti({"100": Decimal(10)})},
        impegno() | pagamento(tipo="R", importo="10,00"),
        {"pagamenti": Movimenti({"100": Decimal(10)})},
    ),
    (
        "pagamenti_finanziamento",
        impegno() | pagamento(importo="0,01"),
        {"pagamenti": Movimenti({"9": COSTO})},
        impegno() | pagamento(importo="0,01"),
        {"pagamenti": Movimenti({"9": COSTO - Decimal("0.01")})},
    ),
    ("quadro_approvato", {"quadro-lavori-importo": "999.999,99"}, {}, {"quadro-lavori-importo": "999.999,99",
      "quadro-iva-importo": "0,01"}, {}),
    ("importo_zero", impegno(importo="0"), {}, impegno(importo="0,01"), {}),
    ("ripetuti", impegno() | impegno("n3"), {}, impegno() | impegno("n3", importo="400.000"), {}),
    ("giustificativo", impegno() | pagamento(documento=""), {}, impegno() | pagamento(), {}),
    ("cig_sconosciuto", impegno(cig="B000000002"), {}, impegno(cig="a000000001"), {}),
    ("codice_fiscale", impegno(beneficiario_cf=CIFRE[:-1]), {}, impegno(beneficiario_cf=CIFRE), {}),
    ("codice_fiscale", impegno(beneficiario_cf="RSSMRA80A01F205"), {}, impegno(beneficiario_cf="RSSMRA80A01F205X"), {}),
    (
        "sal_in_calo",
        {
            "sal-n1-numero": "1", "sal-n1-data": "2024-12-01", "sal-n1-importo": "100",
            "sal-n2-numero": "2", "sal-n2-data": "2024-12-20", "sal-n2-importo": "99,99",
        },
        {},
        {
            "sal-n1-numero": "1", "sal-n1-data": "2024-12-01", "sal-n1-importo": "100",
            "sal-n2-numero": "2", "sal-n2-data": "2024-12-20", "sal-n2-importo": "100",
        },
        {},
    ),
    ("032", {"fasi-00313-inizio_effettivo": "2025-01-01"}, {}, {"fasi-00313-inizio_effettivo": "2024-12-31"}, {}),
    ("033", impegno(data="2025-01-01"), {}, impegno(data="2024-12-31"), {}),
    ("033", impegno(data="2024-12-31"), {"oggi": date(2024, 12, 30)}, impegno(data="2024-12-30"),
     {"oggi": date(2024, 12, 30)}),
    ("altro_mese", impegno(data="2024-11-30"), {}, impegno(data="2024-12-01"), {}),
    ("040", FINITI, {}, FINITI | {"indicatori-i1-realizzato": "1"}, {}),
    (
        "041",
        {"fasi-00312-inizio_effettivo": "", "fasi-00312-fine_effettiva": "", "fasi-00312-fine_prevista": "2024-12-31"}
        | FINITI,
        {},
        FINITI,
        {},
    ),
    ("042", {"fasi-00312-inizio_effettivo": ""}, {}, {"fasi-00312-fine_effettiva": ""}, {}),
    ("046", {"fasi-00201-inizio_previsto": "2024-01-01"}, {}, {"fasi-00301-inizio_previsto": "2024-01-01"}, {}),
    ("046", {"fasi-00313-inizio_previsto": "2024-03-01"}, {"natura": "02"}, {}, {"natura": ""}),
    (
        "inizio_fine",
        {"fasi-00312-fine_effettiva": "2024-01-09"},
        {},
        {"fasi-00312-fine_effettiva": "2024-01-10"},
        {},
    ),
    ("ordine", {"fasi-00313-inizio_effettivo": "2024-01-09"}, {}, {"fasi-00313-inizio_effettivo": "2024-01-10"}, {}),
    (
        "previste",
        {},
        {"pianificate": {"00313": (date(2024, 3, 1), date(2026, 3, 30))}},
        {},
        {"pianificate": {"00313": (date(2024, 3, 1), date(2026, 3, 31))}},
    ),
    ("stima_scaduta", {"fasi-00313-fine_stimata": "2024-12-31"}, {}, {"fasi-00313-fine_stimata": "2025-01-01"}, {}),
    ("oltre_previsto", {"fasi-00313-fine_stimata": "2026-04-01"}, {}, {"fasi-00313-fine_stimata": "2026-03-31"}, {}),
    (
        "senza_stima",
        {"fasi-00313-fine_prevista": "2024-12-31", "fasi-00313-fine_stimata": ""},
        {},
        {"fasi-00313-fine_prevista": "2025-01-01", "fasi-00313-fine_stimata": ""},
        {},
    ),
    (
        "percentuale_in_calo",
        {"testa-0-percentuale": "9,99"},
        {"precedente": prima()},
        {"testa-0-percentuale": "10"},
        {"precedente": prima()},
    ),
    ("percentuale_in_calo", {}, {"successiva": Decimal("9.99")}, {}, {"successiva": Decimal("10.00")}),
    ("cento_senza_fine", {"testa-0-percentuale": "100"}, {}, {"testa-0-percentuale": "99,99"}, {}),
    ("cento_senza_fine", {"testa-0-percentuale": "100"}, {}, FINITI, {}),
    ("fine_senza_cento", FINITI | {"testa-0-percentuale": "99,99"}, {}, FINITI, {}),
    (
        "senza_inizio",
        {"fasi-00313-inizio_effettivo": "", "testa-0-percentuale": "0,01"},
        {},
        {"fasi-00313-inizio_effettivo": "", "testa-0-percentuale": "0"},
        {},
    ),
    (
        "realizzato_in_calo",
        {"indicatori-i1-realizzato": "0,49"},
        {"precedente": prima(realizzati={"T0146": Decimal("0.5")})},
        {"indicatori-i1-realizzato": "0,5"},
        {"precedente": prima(realizzati={"T0146": Decimal("0.5")})},
    ),
    ("oltre_programmato", {"indicatori-i1-realizzato": "1,01"}, {}, {"indicatori-i1-realizzato": "1"}, {}),
    ("indicatore_ripetuto", {"indicatori-n9-codice": "t0146"}, {}, {"indicatori-n9-codice": "T0039"}, {}),
    (
        "anno_ripetuto",
        {"costi-n9-anno": "2024", "costi-n9-realizzato": "0"},
        {},
        {"costi-n9-anno": "2025", "costi-n9-realizzato": "0"},
        {},
    ),
    (
        "traguardo_altrui",
        {"traguardi-t6-previsione": "2024-12-01"},
        TRAGUARDO,
        {"traguardi-t5-previsione": "2024-12-01"},
        TRAGUARDO,
    ),
    (
        "evidenza",
        {"traguardi-t5-conseguito_il": "2024-12-01"},
        TRAGUARDO,
        {"traguardi-t5-conseguito_il": "2024-12-01", "traguardi-t5-evidenza": "Verbale"},
        TRAGUARDO,
    ),
    (
        "traguardo_oltre",
        {"traguardi-t5-previsione": "2025-01-01"},
        TRAGUARDO,
        {"traguardi-t5-previsione": "2024-12-31"},
        TRAGUARDO,
    ),
    ("criticita_grave", GRAVE | {"criticita-n1-azione": ""}, {}, GRAVE, {}),
    ("criticita_grave", GRAVE | {"criticita-n1-scadenza": ""}, {}, GRAVE | {"criticita-n1-scadenza": "",
      "criticita-n1-gravita": "media"}, {}),
    (
        "criticita_scaduta",
        GRAVE | {"criticita-n1-scadenza": "2024-12-31"},
        {},
        GRAVE | {"criticita-n1-scadenza": "2025-01-01"},
        {},
    ),
]  # fmt: skip


def trovati(celle: Celle, dati: Mapping[str, Any]) -> set[str]:
    return {rilievo.controllo.codice for rilievo in giudica(contesto(celle, **dati))}


def test_una_bozza_in_ordine_non_ha_rilievi() -> None:
    assert giudica(contesto()) == []
    assert giudica(contesto(impegno() | pagamento())) == []


@pytest.mark.parametrize(("codice", "celle", "dati", "altre", "altri"), CASI)
def test_il_controllo_trova_cio_che_deve_e_nulla_di_piu(
    codice: str, celle: Celle, dati: dict[str, Any], altre: Celle, altri: dict[str, Any]
) -> None:
    assert codice in trovati(celle, dati)
    assert codice not in trovati(altre, altri)


def test_ogni_controllo_del_catalogo_e_provato() -> None:
    assert {codice for codice, *_resto in CASI} == set(PER_CODICE)
    assert len(PER_CODICE) == len(CATALOGO)


def test_i_numeri_del_monitoraggio_nazionale_ci_sono_tutti() -> None:
    numeri = {controllo.igrue for controllo in CATALOGO if controllo.igrue}
    attesi = {"003", "004", "005", "008", "009", "010", "011", "012", "018", "024", "027", "028", "019", "037", "039"}
    assert numeri == attesi | {"050/052", "032-036", "040", "041", "042", "046"}


@pytest.mark.parametrize(("codice", "celle", "dati", "altre", "altri"), CASI)
def test_ogni_rilievo_porta_a_una_cella_del_modulo_e_dice_che_cosa_fare(
    codice: str, celle: Celle, dati: dict[str, Any], altre: Celle, altri: dict[str, Any]
) -> None:
    for rilievo in giudica(contesto(celle, **dati)):
        assert scheda.leggi_cella(rilievo.cella) is not None, rilievo
        assert scheda.leggi_cella(scheda.cella("spiegazioni", rilievo.chiave, "testo")) is not None, rilievo
        assert rilievo.testo.endswith((".", "?")), rilievo.testo
        assert rilievo.controllo.rimedio


def test_gli_errori_vengono_prima_e_fermano_sempre() -> None:
    celle = impegno(data="2024-11-30", cig="B000000002", importo="2.000.000")
    rilievi = giudica(contesto(celle))
    gravita = [rilievo.controllo.gravita for rilievo in rilievi]
    assert gravita == sorted(gravita, key=lambda g: g is not Gravita.ERRORE)
    assert fermano(rilievi) == rilievi


def test_un_avviso_spiegato_non_ferma_e_un_errore_spiegato_si() -> None:
    celle = impegno(data="2024-11-30", importo="2.000.000")
    spiegate = {f"spiegazioni-{rilievo.chiave}-testo": "Perché sì." for rilievo in giudica(contesto(celle))}
    restano = fermano(giudica(contesto({**celle, **spiegate})))
    assert {rilievo.controllo.codice for rilievo in restano} == {"027"}


def test_righe_diverse_hanno_spiegazioni_diverse() -> None:
    celle = impegno() | pagamento("n2", documento="") | pagamento("n3", documento="", codice="M2")
    chiavi = [r.chiave for r in giudica(contesto(celle)) if r.controllo.codice == "giustificativo"]
    assert len(set(chiavi)) == 2


CENTESIMI = st.integers(1, 50_000_000).map(lambda n: Decimal(n) / 100)


@given(st.lists(CENTESIMI, min_size=1, max_size=6), st.lists(CENTESIMI, max_size=6))
def test_pagamenti_e_impegni_si_confrontano_al_centesimo(impegni: list[Decimal], pagamenti: list[Decimal]) -> None:
    celle: dict[str, str] = {}
    for n, importo in enumerate(impegni):
        celle |= impegno(f"i{n}", codice=f"C{n}", importo=str(importo))
    for n, importo in enumerate(pagamenti):
        celle |= pagamento(f"p{n}", codice=f"M{n}", impegno="C0", importo=str(importo))
    codici = trovati(celle, {})
    assert ("027" in codici) is (sum(impegni) > COSTO)
    assert ("028" in codici) is (sum(pagamenti, Decimal(0)) > impegni[0])
    assert ("pagamenti_finanziamento" in codici) is (sum(pagamenti, Decimal(0)) > COSTO)
