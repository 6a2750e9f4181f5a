"""Putting two people's typing together: nothing is lost, nothing is overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from monitoraggio.bozza.unione import Cambi, cambiate, unisci


@dataclass
class Passo:
    revisione: int
    cambi: Cambi = field(default_factory=dict)


CELLE = st.sampled_from(["a", "b", "c", "d"])
TESTI = st.sampled_from(["", "1", "2", "3"])
SCRITTI = st.dictionaries(CELLE, TESTI)


def test_cio_che_ho_cambiato_solo_io_si_scrive() -> None:
    unione = unisci({"a": "1"}, [], {"a": "2", "b": "3"})
    assert unione.cambi == {"a": ["1", "2"], "b": [None, "3"]}
    assert not unione.scontri


def test_cio_che_hanno_cambiato_gli_altri_mi_viene_detto() -> None:
    unione = unisci({"a": "9"}, [Passo(3, {"a": ["1", "9"]})], {"b": "3"})
    assert unione.altrui == {"a": "9"}
    assert unione.cambi == {"b": [None, "3"]}


def test_lo_stesso_dato_cambiato_in_due_non_si_sovrascrive() -> None:
    unione = unisci({"a": "9"}, [Passo(3, {"a": ["1", "9"]})], {"a": "2"})
    assert unione.cambi == {}
    (scontro,) = unione.scontri
    assert (scontro.cella, scontro.mio, scontro.loro, scontro.revisione) == ("a", "2", "9", 3)


def test_lo_stesso_dato_cambiato_allo_stesso_modo_va_bene() -> None:
    unione = unisci({"a": "9"}, [Passo(3, {"a": ["1", "9"]})], {"a": "9"})
    assert not unione.cambi
    assert not unione.scontri


@given(st.dictionaries(CELLE, TESTI), st.lists(SCRITTI, max_size=4), SCRITTI)
def test_ogni_cosa_scritta_o_e_salvata_o_e_contesa(
    inizio: dict[str, str], altri: list[dict[str, str]], miei: dict[str, str]
) -> None:
    bozza, passi = dict(inizio), []
    for numero, scritti in enumerate(altri, start=1):
        cambi: Cambi = {c: [bozza.get(c), t] for c, t in scritti.items() if t != bozza.get(c, "")}
        bozza |= {c: t for c, t in scritti.items() if c in cambi}
        passi.append(Passo(numero, cambi))
    unione = unisci(bozza, passi, miei)
    dopo = bozza | {c: coppia[1] or "" for c, coppia in unione.cambi.items()}
    contese = {s.cella for s in unione.scontri}
    for cella, testo in miei.items():
        assert dopo.get(cella, "") == testo or cella in contese
    for passo in passi:
        for cella in passo.cambi:
            assert dopo.get(cella, "") == bozza.get(cella, "")


@given(st.dictionaries(CELLE, TESTI), st.lists(SCRITTI, max_size=4), SCRITTI)
def test_un_modulo_intero_vale_per_cio_che_e_diverso_da_quando_fu_aperto(
    inizio: dict[str, str], altri: list[dict[str, str]], tutte: dict[str, str]
) -> None:
    bozza, passi = dict(inizio), []
    for numero, scritti in enumerate(altri, start=1):
        cambi: Cambi = {c: [bozza.get(c), t] for c, t in scritti.items() if t != bozza.get(c, "")}
        bozza |= {c: t for c, t in scritti.items() if c in cambi}
        passi.append(Passo(numero, cambi))
    assert cambiate(bozza, passi, tutte) == {c: t for c, t in tutte.items() if t != inizio.get(c, "")}
