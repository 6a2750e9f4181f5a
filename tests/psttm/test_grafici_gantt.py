"""The Gantt: bars are where their days are, a window cuts them, marks never cover one another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psttm.grafici.assi import Tempo
from psttm.grafici.colori import BLU, INCHIOSTRI, PIANO, QUIETO
from psttm.grafici.gantt_marche import SEGNO, ammucchia
from psttm.grafici.segni import FORME
from psttm.grafici.tipi import Gantt, Marca, RigaGantt
from tests.psttm.figure import (
    LARGHEZZE,
    LUNGO,
    OGGI,
    SEGNI_GANTT,
    controlla_scritte,
    disegna,
    numero,
    pezzi,
    scritte,
)

ANNO = (date(2024, 1, 1), date(2024, 12, 31))
GRAVITA = [segno for segno, _ in SEGNI_GANTT]


def gantt(*righe: RigaGantt, oggi: date = OGGI, **altro: date | None) -> ElementTree.Element:
    return disegna(Gantt(righe, oggi, parole=SEGNI_GANTT, **altro))


def barre(radice: ElementTree.Element) -> list[tuple[float, float]]:
    """Left end and length of the thick bars, that of the legend left out."""
    trovate = [b for b in pezzi(radice, "rect") if b.get("fill") == BLU]
    return [(numero(b, "x"), numero(b, "width")) for b in trovate][:-1]


def linee(radice: ElementTree.Element, colore: str, spessore: str) -> list[tuple[float, float]]:
    return [
        (numero(linea, "x1"), numero(linea, "x2"))
        for linea in pezzi(radice, "line")
        if (linea.get("stroke"), linea.get("stroke-width")) == (colore, spessore)
    ]


def segni(radice: ElementTree.Element) -> list[ElementTree.Element]:
    return [gruppo for gruppo in pezzi(radice, "g") if gruppo.get("transform")]


def test_la_barra_va_dal_primo_all_ultimo_giorno_in_proporzione() -> None:
    meta = RigaGantt("A", svolto=(date(2024, 1, 1), date(2024, 6, 30)))
    tutto = RigaGantt("B", svolto=ANNO)
    (x1, corta), (x2, lunga) = barre(gantt(meta, tutto))
    assert x1 == x2
    assert corta / lunga == pytest.approx(182 / 366, abs=0.001)


def test_il_piano_sottile_sta_sopra_lo_svolto_e_comincia_dove_e_previsto() -> None:
    radice = gantt(RigaGantt("A", base=ANNO, svolto=(date(2024, 7, 1), OGGI)))
    base, _legenda = linee(radice, PIANO, "2")
    ((x, lunga),) = barre(radice)
    assert base[1] == pytest.approx(x + lunga)
    assert (x - base[0]) / (base[1] - base[0]) == pytest.approx(182 / 366, abs=0.001)


@pytest.mark.parametrize(("progresso", "quota"), [("50", 0.5), ("100", 1), ("140", 1), ("0.5", 0.0055)])
def test_senza_date_la_barra_e_la_parte_fatta_del_piano(progresso: str, quota: float) -> None:
    radice = gantt(RigaGantt("A", base=ANNO, progresso=Decimal(progresso)))
    base, _legenda = linee(radice, PIANO, "2")
    ((x, lunga),) = barre(radice)
    assert x == base[0]
    assert lunga / (base[1] - base[0]) == pytest.approx(quota, abs=0.004)


@pytest.mark.parametrize("progresso", [None, 0, Decimal(-3)])
def test_senza_nulla_di_fatto_non_c_e_barra(progresso: Decimal | int | None) -> None:
    radice = gantt(RigaGantt("A", base=ANNO, progresso=progresso))
    assert not [barra for barra in pezzi(radice, "rect") if barra.get("fill") == BLU]


def test_la_previsione_e_tratteggiata_e_comincia_dove_finisce_lo_svolto() -> None:
    radice = gantt(RigaGantt("A", svolto=(date(2024, 3, 1), date(2024, 8, 31)), fine_stimata=date(2025, 3, 31)))
    ((x, lunga),) = barre(radice)
    prevista, _legenda = (linea for linea in pezzi(radice, "line") if linea.get("stroke-dasharray") == "4 2.5")
    # The bar ends with its last day, and the dashes begin with it.
    assert abs(numero(prevista, "x1") - (x + lunga)) < 2
    assert numero(prevista, "x2") == numero(pezzi(radice, "circle")[0], "cx")


def test_cio_che_non_e_cominciato_e_previsto_da_oggi_o_dall_inizio_del_piano() -> None:
    radice = gantt(
        RigaGantt("A", base=ANNO, fine_stimata=date(2025, 12, 31)),
        RigaGantt("B", base=(date(2025, 6, 1), date(2025, 12, 31)), fine_stimata=date(2026, 1, 31)),
    )
    passato, futuro, _legenda = (
        numero(linea, "x1") for linea in pezzi(radice, "line") if linea.get("stroke-dasharray") == "4 2.5"
    )
    _piano, piano_futuro, _legenda = (inizio for inizio, _ in linee(radice, PIANO, "2"))
    assert passato < futuro == piano_futuro


def test_la_linea_di_oggi_e_quella_della_scadenza_hanno_il_loro_giorno() -> None:
    radice = gantt(RigaGantt("A", base=ANNO), scadenza=date(2026, 6, 30))
    assert {"al 31/12/2024", "scadenza 30/06/2026"} <= set(scritte(radice))
    tratteggiata = next(linea for linea in pezzi(radice, "line") if linea.get("stroke-dasharray") == "7 3")
    base, _legenda = linee(radice, PIANO, "2")
    assert numero(tratteggiata, "x1") > base[1]


def test_un_periodo_taglia_le_barre_e_dice_che_continuano() -> None:
    riga = RigaGantt("A", base=(date(2023, 1, 1), date(2026, 12, 31)), svolto=(date(2023, 5, 1), OGGI))
    radice = gantt(riga, da=date(2024, 7, 1), a=date(2025, 6, 30))
    base, _legenda = linee(radice, PIANO, "2")
    ((x, lunga),) = barre(radice)
    assert x == base[0]
    assert lunga < base[1] - base[0]
    assert "continua fuori dal periodo" in scritte(radice)
    frecce = [p for p in pezzi(radice, "polygon") if p.get("fill") == QUIETO]
    assert len(frecce) == 2 + 2  # before, after, and the two of the legend


def test_cio_che_sta_tutto_nel_periodo_non_ha_frecce() -> None:
    radice = gantt(RigaGantt("A", base=ANNO), da=ANNO[0], a=ANNO[1])
    assert "continua fuori dal periodo" not in scritte(radice)
    assert not [p for p in pezzi(radice, "polygon") if p.get("fill") == QUIETO]


@pytest.mark.parametrize(
    ("giorno", "dentro"),
    [(date(2024, 6, 30), False), (date(2024, 7, 1), True), (date(2024, 9, 30), True), (date(2024, 10, 1), False)],
)
def test_il_periodo_comprende_il_primo_e_l_ultimo_giorno(giorno: date, dentro: bool) -> None:
    riga = RigaGantt("A", marche=(Marca(giorno, "in_ritardo"),))
    radice = gantt(riga, da=date(2024, 7, 1), a=date(2024, 9, 30))
    # One in the legend anyway.
    assert len(segni(radice)) == 1 + dentro


def test_oggi_fuori_dal_periodo_non_e_scritto() -> None:
    radice = gantt(RigaGantt("A", base=ANNO), da=date(2022, 1, 1), a=date(2022, 12, 31))
    assert "al 31/12/2024" not in scritte(radice)


def test_un_traguardo_spostato_mostra_la_scadenza_iniziale() -> None:
    radice = gantt(RigaGantt("A", marche=(Marca(date(2024, 9, 30), "in_ritardo", "AGG", date(2024, 3, 31)),)))
    assert "scadenza iniziale" in scritte(radice)
    filo, _legenda = linee(radice, QUIETO, "0.8")
    assert filo[0] < filo[1]
    ferma = gantt(RigaGantt("A", marche=(Marca(date(2024, 9, 30), "in_ritardo", "AGG"),)))
    assert "scadenza iniziale" not in scritte(ferma)


def test_ogni_marca_ha_la_sua_forma_il_suo_colore_e_il_suo_nome() -> None:
    marche = tuple(Marca(date(2024, 3 * posto + 2, 15), segno, f"T{posto}") for posto, segno in enumerate(GRAVITA))
    disegnate = segni(gantt(RigaGantt("A", marche=marche)))[: len(GRAVITA)]
    for gruppo, (posto, segno) in zip(disegnate, enumerate(GRAVITA), strict=True):
        titolo, forma = list(gruppo)
        assert titolo.text == f"T{posto}"
        assert forma.get("d") == FORME[segno].tracciato
        assert INCHIOSTRI[segno] in {forma.get("fill"), forma.get("stroke")}


def test_le_marche_che_si_toccherebbero_sono_una_la_piu_grave_con_il_numero() -> None:
    marche = (
        Marca(date(2024, 5, 1), "concluso", "Primo"),
        Marca(date(2024, 5, 2), "in_ritardo", "Secondo"),
        Marca(date(2024, 5, 3), "in_linea", "Terzo"),
    )
    radice = gantt(RigaGantt("A", base=(date(2020, 1, 1), date(2030, 1, 1)), marche=marche))
    assert scritte(radice).count("3") == 1
    assert segni(radice)[0][0].text == "Primo; Secondo; Terzo"
    assert segni(radice)[0][1].get("fill") == INCHIOSTRI["in_ritardo"]


def test_i_conti_sono_segni_con_un_numero() -> None:
    radice = gantt(RigaGantt("A", conti=(("in_ritardo", 12), ("concluso", 1234))))
    assert {"12", "1.234", "in ritardo", "conseguito"} <= set(scritte(radice))
    assert "a rischio" not in scritte(radice)


def test_le_righe_di_un_gruppo_stanno_sotto_il_suo_nome_detto_una_volta() -> None:
    righe = [RigaGantt(str(n), gruppo, base=ANNO) for n, gruppo in enumerate(("SPUGNA", "SPUGNA", "MICA"))]
    tutte = scritte(gantt(*righe))
    assert [testo for testo in tutte if testo in {"SPUGNA", "MICA"}] == ["SPUGNA", "MICA"]


def test_un_nome_lungo_si_legge_intero_nel_titolo() -> None:
    radice = gantt(RigaGantt(LUNGO, base=ANNO))
    assert LUNGO in {titolo.text for titolo in pezzi(radice, "title")}


giorni = st.dates(date(2021, 1, 1), date(2030, 12, 31))
periodi = st.none() | st.tuples(giorni, giorni).map(lambda coppia: (min(coppia), max(coppia)))
testi = st.sampled_from(["", "A", "Scuola di via Roma, 12", LUNGO])
marche = st.lists(
    st.builds(Marca, giorni, st.sampled_from(GRAVITA), st.just("T"), st.none() | giorni), max_size=12
).map(tuple)
righe_di_gantt = st.builds(
    RigaGantt,
    testi,
    testi,
    base=periodi,
    svolto=periodi,
    progresso=st.none() | st.decimals(-5, 200, places=2),
    fine_stimata=st.none() | giorni,
    marche=marche,
    conti=st.lists(st.tuples(st.sampled_from(GRAVITA), st.integers(0, 10**6)), max_size=4).map(tuple),
    nota=testi,
)


@settings(max_examples=60, deadline=None)
@given(
    righe=st.lists(righe_di_gantt, max_size=6).map(tuple),
    periodo=periodi,
    scadenza=st.none() | giorni,
    larghezza=st.sampled_from(LARGHEZZE),
)
def test_le_scritte_non_si_coprono_mai_e_stanno_nel_disegno(
    righe: tuple[RigaGantt, ...], periodo: tuple[date, date] | None, scadenza: date | None, larghezza: int
) -> None:
    da, a = periodo or (None, None)
    controlla_scritte(Gantt(righe, OGGI, scadenza, da, a, SEGNI_GANTT), larghezza)


@given(
    st.lists(st.builds(Marca, giorni, st.sampled_from(GRAVITA)), max_size=200),
    st.dates(date(2021, 1, 1), date(2025, 12, 31)),
    st.integers(10, 3000),
)
def test_nessuna_marca_ne_tocca_un_altra_e_nessuna_si_perde(tutte: list[Marca], inizio: date, durata: int) -> None:
    tempo = Tempo.che_contiene([inizio, inizio + timedelta(days=durata)], 100, 400)
    viste = [marca for marca in tutte if tempo.inizio <= marca.giorno <= tempo.fine]
    mucchi = ammucchia(viste, tempo, GRAVITA)
    assert sum(int(mucchio.numero.replace(".", "") or 1) for mucchio in mucchi) == len(viste)
    assert all(prima.x + prima.ampiezza < dopo.x for prima, dopo in pairwise(mucchi))
    assert all(mucchio.x + mucchio.ampiezza <= tempo.destra + SEGNO / 2 + 0.01 for mucchio in mucchi)
