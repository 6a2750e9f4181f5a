"""Bars, curves, milestones and maps: positions and sizes say what the values say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psttm.formati import SPAZIO
from psttm.grafici.assi import Tempo
from psttm.grafici.colori import CLASSI, INCHIOSTRI, TINTE
from psttm.grafici.etichette import bandiere
from psttm.grafici.tipi import (
    NUMERO,
    PERCENTO,
    Barra,
    Barre,
    CurvaS,
    LineaDelTempo,
    Serie,
    Valore,
)
from tests.psttm.figure import (
    CASI,
    LARGHEZZE,
    LUNGO,
    OGGI,
    controlla_scritte,
    disegna,
    mesi,
    numero,
    pezzi,
    retta,
    scritte,
    tappa,
)


def barre_disegnate(figura: Barre, colore: str) -> list[float]:
    return [numero(barra, "width") for barra in pezzi(disegna(figura), "rect") if barra.get("fill") == colore]


def test_un_valore_doppio_ha_una_barra_lunga_il_doppio() -> None:
    figura = Barre((Serie("a", "blu"),), (Barra("x", (Decimal(21),)), Barra("y", (Decimal(42),))))
    corta, lunga = barre_disegnate(figura, TINTE["blu"].fondo)
    assert lunga == pytest.approx(2 * corta, abs=0.02)


def test_un_valore_nullo_o_ignoto_non_ha_barra_e_uno_minuscolo_si_vede() -> None:
    figura = Barre(
        (Serie("a", "blu"),), tuple(Barra(str(n), (v,)) for n, v in enumerate((0, None, 1, Decimal(10) ** 9)))
    )
    minuscola, _ = barre_disegnate(figura, TINTE["blu"].fondo)
    assert minuscola == 1
    assert scritte(disegna(figura)) == ["0", "0", "1", "–", "2", "1", "3", "1.000.000.000"]


def test_un_valore_sta_nella_sua_parte_se_ci_entra_e_altrimenti_dopo_il_totale() -> None:
    figura = Barre((Serie("a", "blu"), Serie("b", "ambra")), (Barra("x", (900, 1)),))
    tutte = scritte(disegna(figura))
    assert tutte == ["a", "b", "x", "900", "901", "1"]
    dentro, totale, fuori = (numero(t, "x") for t in pezzi(disegna(figura), "text")[3:])
    assert dentro < totale < fuori


def test_la_scala_puo_finire_oltre_la_barra_piu_lunga() -> None:
    meta = Barre((Serie("a", "blu"),), (Barra("x", (Decimal(50),)),), PERCENTO, 100)
    fondo, barra = (numero(rettangolo, "width") for rettangolo in pezzi(disegna(meta), "rect"))
    assert fondo == pytest.approx(2 * barra, abs=0.02)


def test_un_nome_lungo_va_su_due_righe_e_si_legge_intero_nel_titolo() -> None:
    radice = disegna(Barre((Serie("a", "blu"),), (Barra(LUNGO, (1,)),)))
    righe = [testo for testo in scritte(radice) if testo != "1"]
    assert len(righe) == 2
    assert righe[1].endswith("…")
    assert {titolo.text for titolo in pezzi(radice, "title")} == {"Prova", LUNGO}


def test_la_legenda_c_e_solo_se_le_serie_sono_piu_d_una() -> None:
    assert "sola" not in scritte(disegna(Barre((Serie("sola", "blu"),), (Barra("x", (1,)),))))
    due = scritte(disegna(Barre((Serie("prima", "blu"), Serie("seconda", "ambra")), (Barra("x", (1, 2)),))))
    assert due[:2] == ["prima", "seconda"]


def spezzate(radice: ElementTree.Element) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in (punto.split(",") for punto in linea.attrib["points"].split())]
        for linea in pezzi(radice, "polyline")
    ]


def test_un_avanzamento_che_cresce_sale_e_va_a_destra() -> None:
    (punti,) = spezzate(disegna(CurvaS(mesi(2023, 1, 24), retta(24, 10**8), (None,) * 24)))
    assert len(punti) == 24
    assert all(dopo[0] > prima[0] and dopo[1] < prima[1] for prima, dopo in pairwise(punti))


def test_un_valore_ignoto_interrompe_la_linea_e_uno_isolato_e_un_punto() -> None:
    valori: tuple[Valore, ...] = (1, 2, None, 4, None, 6, 7)
    radice = disegna(CurvaS(mesi(2024, 1, 7), (None,) * 7, valori, unita=NUMERO))
    assert [len(linea) for linea in spezzate(radice)] == [2, 2]
    assert len(pezzi(radice, "circle")) == 2  # the lone value and the end of the line


def test_la_previsione_comincia_dove_finisce_l_effettivo_ed_e_tratteggiata() -> None:
    figura = CurvaS(mesi(2024, 1, 4), (None,) * 4, (1, 2, None, None), (None, None, 3, 4), unita=NUMERO)
    radice = disegna(figura)
    previsto, effettivo = spezzate(radice)
    assert previsto[0] == effettivo[-1]
    assert [bool(linea.get("stroke-dasharray")) for linea in pezzi(radice, "polyline")] == [True, False]


def test_la_linea_del_giorno_passa_per_il_punto_di_quel_giorno() -> None:
    figura = CurvaS(mesi(2024, 1, 12), retta(12, 100), (None,) * 12, unita=NUMERO, oggi=date(2024, 6, 30))
    radice = disegna(figura)
    (punti,) = spezzate(radice)
    verticali = [linea for linea in pezzi(radice, "line") if linea.attrib["x1"] == linea.attrib["x2"]]
    (oggi,) = (linea for linea in verticali if linea.get("stroke-width") == "1.2")
    assert numero(oggi, "x1") == punti[5][0]


def test_l_etichetta_dice_l_ultimo_valore_noto() -> None:
    figura = CurvaS(mesi(2024, 1, 3), (None,) * 3, (Decimal(10_000_000), Decimal(61_200_000), None))
    assert f"effettivo 61,2{SPAZIO}mln €" in scritte(disegna(figura))


giorni = st.dates(date(2019, 1, 1), date(2037, 12, 31))
valore = st.none() | st.decimals(0, 3 * 10**9, places=2)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), quanti=st.integers(1, 150), larghezza=st.sampled_from(LARGHEZZE))
def test_le_etichette_della_curva_non_si_coprono_mai(data: st.DataObject, quanti: int, larghezza: int) -> None:
    serie = st.lists(valore, min_size=quanti, max_size=quanti).map(tuple)
    opzionale = st.none() | giorni
    figura = CurvaS(
        mesi(data.draw(st.integers(2019, 2026)), data.draw(st.integers(1, 12)), quanti),
        data.draw(serie),
        data.draw(serie),
        data.draw(serie),
        oggi=data.draw(opzionale),
        scadenza=data.draw(opzionale),
        fine_stimata=data.draw(opzionale),
        fine_da=data.draw(opzionale),
        fine_a=data.draw(opzionale),
        totale=data.draw(valore),
    )
    controlla_scritte(figura, larghezza)


@given(st.lists(st.tuples(st.floats(0, 356), st.floats(60, 270)), max_size=3))
def test_le_etichette_delle_date_trovano_sempre_posto(richieste: list[tuple[float, float]]) -> None:
    messe = bandiere(richieste, (0, 360), 40)
    assert len(messe) == len(richieste)
    for (una, (_, ampia)), (altra, (_, altra_ampia)) in combinations(zip(messe, richieste, strict=True), 2):
        assert una.fila != altra.fila or una.x + ampia < altra.x or altra.x + altra_ampia < una.x


def verticali_spesse(radice: ElementTree.Element) -> list[float]:
    return [numero(linea, "x1") for linea in pezzi(radice, "line") if linea.get("stroke-width") == "2.2"]


def test_un_mese_dopo_sta_piu_a_destra() -> None:
    tappe = tuple(tappa(str(mese), date(2025, mese, 28)) for mese in range(1, 13))
    *scadenze, _legenda = verticali_spesse(disegna(LineaDelTempo(tappe, OGGI)))
    assert scadenze == sorted(scadenze)
    assert len(set(scadenze)) == 12


def test_il_tempo_e_in_proporzione_ai_giorni() -> None:
    tempo = Tempo.che_contiene([date(2024, 1, 1), date(2024, 12, 31)], 100, 466)
    assert tempo.x(date(2024, 12, 31)) == 466
    assert tempo.x(date(2024, 7, 1)) - tempo.x(date(2024, 6, 30)) == pytest.approx(1)
    assert tempo.margine(date(2024, 1, 1)) == 100


def test_chi_e_in_ritardo_e_senza_previsione_ha_una_linea_fino_al_giorno_del_rapporto() -> None:
    radice = disegna(LineaDelTempo((tappa("A", date(2024, 9, 30), "in_ritardo"),), OGGI))
    (ritardo,) = (linea for linea in pezzi(radice, "line") if linea.get("stroke-width") == "3")
    assert ritardo.get("stroke") == INCHIOSTRI["in_ritardo"]
    scadenza, _legenda = verticali_spesse(radice)
    (oggi, *_) = (numero(linea, "x1") for linea in pezzi(radice, "line") if linea.get("stroke-width") == "1.2")
    assert (numero(ritardo, "x1"), numero(ritardo, "x2")) == (scadenza, oggi)


def test_la_legenda_spiega_solo_le_forme_che_ci_sono() -> None:
    soli = scritte(disegna(LineaDelTempo((tappa("A", OGGI),), OGGI)))
    assert "scadenza" in soli
    assert not {"previsto", "raggiunto", "scadenza iniziale"} & set(soli)
    assert "previsto" in scritte(disegna(LineaDelTempo((tappa("A", OGGI, previsione=OGGI),), OGGI)))


def test_ogni_riga_di_tempo_e_alta_ventidue() -> None:
    alte = [
        float(disegna(LineaDelTempo((tappa("A", OGGI),) * quante, OGGI)).attrib["viewBox"].split()[3])
        for quante in (1, 2, 40)
    ]
    assert (alte[1] - alte[0], alte[2] - alte[1]) == (22, 38 * 22)


def test_la_mappa_colora_per_classe_e_spiega_le_classi() -> None:
    radice = disegna(CASI["mappa"])
    aree = [forma.get("fill") for forma in pezzi(radice, "path") if forma.get("fill") != "none"]
    assert aree == list(CLASSI)
    assert {"interventi", "11–31", "1", "nessun intervento"} <= set(scritte(radice))
