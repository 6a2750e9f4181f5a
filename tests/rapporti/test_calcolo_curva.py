"""What works are worth by plan and by progress, month by month."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoraggio.calcolo.curva import Lavoro, guadagnato, percento_al, previsto
from monitoraggio.calcolo.passi import Passi, andamento, mesi_completi, serie, somma, ultimo_completo
from monitoraggio.calcolo.tempo import fini_di_mese, giorno_di, mesi_fra, posto, ultimo_finito
from monitoraggio.mesi import ultimo

GIORNI = st.dates(date(2022, 1, 1), date(2029, 12, 31))
VALORI = st.integers(1, 10**10).map(lambda centesimi: Decimal(centesimi).scaleb(-2))


def lavoro(valore: str = "1000.00", inizio: date = date(2024, 1, 1), giorni: int = 100, **altro: object) -> Lavoro:
    return Lavoro(Decimal(valore), inizio, inizio + timedelta(days=giorni - 1), **altro)  # type: ignore[arg-type]


@st.composite
def lavori(draw: st.DrawFn) -> Lavoro:
    inizio = draw(GIORNI)
    mesi = draw(st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted))
    fini = list(fini_di_mese(date(2022, 1, 1), date(2027, 12, 31)))
    detti = tuple((fini[mese], draw(st.none() | st.decimals(0, 100, places=2))) for mese in mesi)
    fine = inizio + timedelta(days=draw(st.integers(0, 1500)))
    return Lavoro(draw(VALORI), inizio, fine, detti, draw(st.none() | GIORNI))


@pytest.mark.parametrize(
    ("giorno", "atteso"),
    [
        (date(2023, 12, 31), "0.00"),
        (date(2024, 1, 1), "10.00"),
        (date(2024, 1, 31), "310.00"),
        (date(2024, 4, 8), "990.00"),
        (date(2024, 4, 9), "1000.00"),
        (date(2030, 1, 1), "1000.00"),
    ],
)
def test_il_valore_previsto_cresce_in_parti_uguali_dal_primo_all_ultimo_giorno(giorno: date, atteso: str) -> None:
    assert previsto(lavoro(), giorno) == Decimal(atteso)


def test_i_lavori_di_un_giorno_solo_valgono_tutto_quel_giorno() -> None:
    uno = lavoro(giorni=1)
    assert previsto(uno, date(2023, 12, 31)) == 0
    assert previsto(uno, date(2024, 1, 1)) == 1000


def test_il_valore_previsto_si_arrotonda_al_centesimo_piu_vicino() -> None:
    tre = lavoro("100.00", giorni=3)
    assert [previsto(tre, date(2024, 1, giorno)) for giorno in (1, 2, 3)] == [
        Decimal("33.33"),
        Decimal("66.67"),
        Decimal("100.00"),
    ]
    assert previsto(lavoro("0.01", giorni=2), date(2024, 1, 1)) == Decimal("0.01")


DETTI = (
    (date(2024, 1, 31), Decimal("10.00")),
    (date(2024, 2, 29), None),
    (date(2024, 3, 31), Decimal("33.33")),
    (date(2024, 4, 30), Decimal("30.00")),
)


@pytest.mark.parametrize(
    ("giorno", "atteso"),
    [
        (date(2024, 1, 30), "0.00"),
        (date(2024, 1, 31), "100.00"),
        (date(2024, 2, 29), "100.00"),
        (date(2024, 3, 31), "333.30"),
        (date(2024, 4, 30), "300.00"),
    ],
)
def test_il_valore_fatto_e_l_ultima_percentuale_dichiarata(giorno: date, atteso: str) -> None:
    assert guadagnato(lavoro(detti=DETTI), giorno) == Decimal(atteso)


def test_prima_del_primo_dato_la_percentuale_non_e_nota_e_il_fatto_e_zero() -> None:
    assert percento_al(lavoro(detti=DETTI), date(2024, 1, 30)) is None
    assert guadagnato(lavoro(), date(2030, 1, 1)) == 0


def test_un_intervento_concluso_vale_tutto_dal_giorno_in_cui_e_concluso() -> None:
    concluso = lavoro(detti=DETTI, concluso_il=date(2024, 4, 15))
    assert guadagnato(concluso, date(2024, 4, 14)) == Decimal("333.30")
    assert guadagnato(concluso, date(2024, 4, 15)) == 1000
    assert guadagnato(concluso, date(2024, 4, 30)) == 1000


@given(st.lists(lavori(), max_size=6))
def test_le_serie_sono_le_somme_dei_valori_di_ogni_mese(alcuni: list[Lavoro]) -> None:
    mesi = list(fini_di_mese(date(2022, 1, 1), date(2030, 12, 31)))
    piano, fatto = serie(somma(alcuni), mesi)
    assert piano == [sum(previsto(uno, mese) for uno in alcuni) for mese in mesi]
    assert fatto == [sum(guadagnato(uno, mese) for uno in alcuni) for mese in mesi]


@given(st.lists(lavori(), max_size=6), st.lists(lavori(), max_size=6))
def test_la_somma_di_due_gruppi_e_quella_dei_lavori_di_entrambi(alcuni: list[Lavoro], altri: list[Lavoro]) -> None:
    unione = somma(alcuni)
    unione.unisci(somma(altri))
    tutti = somma([*alcuni, *altri])
    assert unione == tutti
    al = date(2026, 5, 10)
    assert andamento(unione, ultimo_completo(unione, al), al) == andamento(tutti, ultimo_completo(tutti, al), al)


@given(st.lists(lavori(), max_size=6), GIORNI)
def test_il_valore_alla_fine_di_un_mese_e_la_somma_di_quelli_di_ognuno(alcuni: list[Lavoro], giorno: date) -> None:
    fine = ultimo(date(giorno.year, giorno.month, 1))
    atteso = (sum(previsto(uno, fine) for uno in alcuni), sum(guadagnato(uno, fine) for uno in alcuni))
    assert somma(alcuni).fino_a(fine) == atteso


def test_senza_lavori_non_c_e_curva() -> None:
    vuoto = andamento(Passi(), date(2024, 12, 31), date(2025, 1, 20))
    assert (vuoto.mesi, vuoto.totale, vuoto.fatto) == ((), 0, 0)


@given(st.lists(lavori(), min_size=1, max_size=6))
def test_la_curva_prevista_non_scende_mai_e_finisce_al_totale(alcuni: list[Lavoro]) -> None:
    mesi = list(fini_di_mese(min(uno.inizio for uno in alcuni), max(uno.fine for uno in alcuni)))
    piano, _fatto = serie(somma(alcuni), mesi)
    assert piano == sorted(piano)
    assert piano[-1] == sum(uno.valore for uno in alcuni)


def con_mesi(*mesi: int, concluso_il: date | None = None) -> Lavoro:
    detti = tuple((ultimo(date(2024, mese, 1)), Decimal(mese)) for mese in mesi)
    return lavoro(detti=detti, concluso_il=concluso_il)


def test_un_mese_e_completo_con_i_dati_di_almeno_meta_degli_interventi_non_conclusi() -> None:
    quattro = [con_mesi(1, 2, 3), con_mesi(2, 3), con_mesi(3), con_mesi(5)]
    assert mesi_completi(somma(quattro), date(2024, 12, 31)) == [date(2024, 2, 29), date(2024, 3, 31)]
    # Once concluded, an intervento is waited for no more; one of which nothing was ever said, never.
    conclusi = [con_mesi(1, 2), con_mesi(1, concluso_il=date(2024, 1, 20)), con_mesi(1, concluso_il=date(2024, 1, 31))]
    assert mesi_completi(somma([*conclusi, lavoro()]), date(2024, 12, 31)) == [date(2024, 1, 31), date(2024, 2, 29)]


def test_un_mese_che_non_e_finito_non_e_completo() -> None:
    assert mesi_completi(somma([con_mesi(1, 2)]), date(2024, 2, 28)) == [date(2024, 1, 31)]
    assert mesi_completi(somma([con_mesi(1, 2)]), date(2024, 2, 29)) == [date(2024, 1, 31), date(2024, 2, 29)]
    assert mesi_completi(somma([con_mesi(2)]), date(2024, 1, 31)) == []
    assert mesi_completi(somma([]), date(2024, 1, 31)) == []


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_il_posto_di_un_giorno_riporta_a_quel_giorno(giorno: date) -> None:
    assert giorno_di(posto(giorno)) == giorno
    assert posto(giorno) > posto(giorno - timedelta(days=1))


def test_la_fine_di_un_mese_e_un_posto_intero() -> None:
    assert posto(date(2024, 2, 29)) == 2024 * 12 + 2
    assert giorno_di(Decimal(2024 * 12 + 2) + Decimal("0.0001")) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("giorno", "atteso"),
    [
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2024, 1, 31)),
        (date(2024, 1, 1), date(2023, 12, 31)),
    ],
)
def test_l_ultimo_mese_finito(giorno: date, atteso: date) -> None:
    assert ultimo_finito(giorno) == atteso


def test_i_mesi_fra_due_giorni_si_contano_da_un_mese_all_altro() -> None:
    assert mesi_fra(date(2024, 9, 30), date(2024, 12, 31)) == 3
    assert mesi_fra(date(2023, 12, 31), date(2024, 1, 1)) == 1
