"""The names of the piani, in files and in the objects of the tenders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piani_integrati.models import PianoIntegrato, TipoPiano
from piani_integrati.nomi import chiave, nominati, per_nome

PIANI = [
    PianoIntegrato(pk=1, codice="COME IN", slug="come-in", titolo="Spazi e servizi"),
    PianoIntegrato(pk=2, codice="SPUGNA", slug="spugna", titolo="Città metropolitana SPUGNA"),
    PianoIntegrato(pk=3, codice="CAMBIO", slug="cambio", titolo="Superciclabili"),
    PianoIntegrato(pk=4, codice="MICA", slug="mica", titolo="Milano Integrata"),
    PianoIntegrato(pk=5, codice="Forestazione", slug="forestazione", titolo="Boschi", tipo=TipoPiano.PROGRAMMA),
]


@pytest.mark.parametrize("scritto", ["COME IN", "come in", "Come-In", " COME  IN ", "come_in"])
def test_un_piano_si_riconosce_comunque_lo_si_scriva(scritto: str) -> None:
    assert per_nome(PIANI)[chiave(scritto)].codice == "COME IN"


@given(st.text())
def test_la_chiave_di_un_nome_e_stabile(nome: str) -> None:
    assert chiave(chiave(nome)) == chiave(nome)
    assert chiave(nome) == chiave(f"  {nome}\t")


@pytest.mark.parametrize(
    ("oggetto", "codici"),
    [
        ("PIANO URBANO INTEGRATO CITTÀ METROPOLITANA SPUGNA - COMUNI ARLUNO ASSAGO", ["SPUGNA"]),
        ("REALIZZAZIONE DEL BICIPLAN METROPOLITANO CAMBIO - LINEA 7", ["CAMBIO"]),
        ("Lavori del PUI «Come In», lotto 2", ["COME IN"]),
        ("LAVORI COME IN PROGETTO", []),
        ("CAMBIO DI DESTINAZIONE D'USO", []),
        ("PROGETTO MECCANICA", []),
        ("PROGETTO FORESTAZIONE", []),
        ("", []),
    ],
)
def test_una_gara_nomina_un_piano_solo_se_lo_annuncia(oggetto: str, codici: list[str]) -> None:
    assert [piano.codice for piano in nominati(oggetto, PIANI)] == codici
