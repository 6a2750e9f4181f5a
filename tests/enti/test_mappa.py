"""The plane of the map and the SVG paths in it."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from enti import mappa

PUNTO = st.tuples(st.floats(8.7, 9.56), st.floats(45.16, 45.64))


def confini() -> list[dict[str, Any]]:
    raccolta = json.loads((settings.FIXTURE_DIR / "enti" / "confini.json").read_text(encoding="utf-8"))
    return [elemento["geometry"] for elemento in raccolta["features"]]


def anelli(tracciato: str) -> list[list[tuple[int, int]]]:
    """Points of each ring, in hundredths of km, read as a browser would."""
    trovati = []
    for x, y, passi in re.findall(r"M(-?[\d.]+)[ ]?(-?[\d.]+)l([^z]*)z", tracciato):
        punti = [(round(float(x) * 100), round(float(y) * 100))]
        numeri = [round(float(numero) * 100) for numero in re.findall(r"-?[\d.]+", passi)]
        for dx, dy in zip(numeri[::2], numeri[1::2], strict=True):
            punti.append((punti[-1][0] + dx, punti[-1][1] + dy))
        trovati.append(punti)
    return trovati


def linee_unite(lati: list[frozenset[tuple[int, int]]]) -> list[set[tuple[int, int]]]:
    """Points of the edges, grouped by what is connected."""
    gruppi: list[set[tuple[int, int]]] = []
    for lato in lati:
        toccati = [gruppo for gruppo in gruppi if gruppo & lato]
        gruppi = [gruppo for gruppo in gruppi if not gruppo & lato] + [set(lato).union(*toccati)]
    return gruppi


def test_un_quadrato_diventa_un_tracciato_a_passi_relativi() -> None:
    lato = 0.01
    nord, ovest = mappa.NORD - lato, mappa.OVEST + lato
    anello = [[ovest, nord], [ovest, nord - lato], [ovest + lato, nord - lato], [ovest + lato, nord], [ovest, nord]]
    assert mappa.tracciato({"type": "MultiPolygon", "coordinates": [[anello]]}) == "M.78 1.11l0 1.11 .78 0 0-1.11z"


def test_una_geometria_che_non_e_un_multipoligono_e_rifiutata() -> None:
    with pytest.raises(ValueError, match="Point"):
        mappa.tracciato({"type": "Point", "coordinates": [9, 45]})


def test_la_mappa_contiene_tutti_i_confini_e_pesa_meno_di_120_kb() -> None:
    tracciati = [mappa.tracciato(confine) for confine in confini()]
    punti = [punto for tracciato in tracciati for anello in anelli(tracciato) for punto in anello]
    assert len(tracciati) == 133
    assert min(x for x, _ in punti) >= 0
    assert min(y for _, y in punti) >= 0
    assert max(x for x, _ in punti) <= mappa.LARGHEZZA_KM * 100
    assert max(y for _, y in punti) <= mappa.ALTEZZA_KM * 100
    assert sum(len(tracciato) for tracciato in tracciati) < 60_000


def test_i_vicini_condividono_i_lati_senza_fessure() -> None:
    lati: Counter[frozenset[tuple[int, int]]] = Counter()
    for confine in confini():
        for anello in anelli(mappa.tracciato(confine)):
            lati.update(frozenset(lato) for lato in zip(anello, [*anello[1:], anello[0]], strict=True))
    assert max(lati.values()) == 2
    # Edges of one Comune alone are the outside: one line around the territory, one around the exclave. A slit between
    # neighbours would add its own.
    soli = [lato for lato, volte in lati.items() if volte == 1]
    assert len(linee_unite(soli)) == 2


def test_l_exclave_di_san_colombano_resta_staccata_nella_mappa() -> None:
    sud_est = next(contorno for contorno in mappa.contorni_zone() if contorno.nome == "Sud Est")
    assert len(anelli(sud_est.tracciato)) == 2


@given(st.lists(PUNTO, min_size=3, max_size=30, unique=True))
def test_i_passi_relativi_non_accumulano_errore(punti: list[tuple[float, float]]) -> None:
    geometria = {"type": "MultiPolygon", "coordinates": [[[*punti, punti[0]]]]}
    attesi = [tuple(round(valore * 100) for valore in mappa.piano(*punto)) for punto in punti]
    senza_ripetuti = [p for i, p in enumerate(attesi) if i == 0 or p != attesi[i - 1]]
    assert anelli(mappa.tracciato(geometria)) == [senza_ripetuti]


def passi_interi(tracciato: str) -> list[list[tuple[int, int]]]:
    """Points of each ring of a light path, in hectometres."""
    trovati = []
    for x, y, passi in re.findall(r"M(-?\d+) ?(-?\d+)l([^z]*)z", tracciato):
        punti = [(int(x), int(y))]
        numeri = [int(numero) for numero in re.findall(r"-?\d+", passi)]
        for dx, dy in zip(numeri[::2], numeri[1::2], strict=True):
            punti.append((punti[-1][0] + dx, punti[-1][1] + dy))
        trovati.append(punti)
    return trovati


def test_il_disegno_leggero_e_lo_stesso_entro_cinquanta_metri_e_pesa_meno_della_meta() -> None:
    interi = [mappa.tracciato(confine) for confine in confini()]
    leggeri = [mappa.tracciato_leggero(tracciato) for tracciato in interi]
    assert all(leggeri)
    assert len(gzip.compress("".join(leggeri).encode())) < len(gzip.compress("".join(interi).encode())) * 0.55
    for intero, leggero in zip(interi, leggeri, strict=True):
        arrotondati = {(round(x / 10), round(y / 10)) for anello in anelli(intero) for x, y in anello}
        vicini = {(x + dx, y + dy) for x, y in arrotondati for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
        assert {punto for anello in passi_interi(leggero) for punto in anello} <= vicini


def test_anche_nel_disegno_leggero_i_vicini_condividono_i_lati() -> None:
    lati: Counter[frozenset[tuple[int, int]]] = Counter()
    for confine in confini():
        for anello in passi_interi(mappa.tracciato_leggero(mappa.tracciato(confine))):
            lati.update(frozenset(lato) for lato in zip(anello, [*anello[1:], anello[0]], strict=True))
    assert max(lati.values()) == 2
    soli = [lato for lato, volte in lati.items() if volte == 1 and len(lato) == 2]
    assert len(linee_unite(soli)) == 2


def dentro(x: float, y: float, anello: list[tuple[int, int]]) -> bool:
    """Whether a ray from the point crosses the ring an odd number of times."""
    incroci = 0
    for (x1, y1), (x2, y2) in zip(anello, [*anello[1:], anello[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            incroci += 1
    return incroci % 2 == 1


def test_il_centro_di_ogni_comune_e_dentro_il_suo_confine() -> None:
    for confine in confini():
        tracciato = mappa.tracciato(confine)
        x, y = mappa.centro(tracciato)
        assert any(dentro(x * 10, y * 10, anello) for anello in anelli(tracciato))


def test_cio_che_e_piu_piccolo_della_griglia_non_si_disegna() -> None:
    assert mappa.tracciato_leggero("M1 1l.01 0 0 .01z") == ""
    assert mappa.tracciato_leggero("M1 1l.5 0 0 .5z") == "M10 10l5 0 0 5z"
    assert mappa.centro("M0 0l.3 0 0 .3 -.3 0zM5 5l2 0 0 2 -2 0z") == (60.0, 60.0)
