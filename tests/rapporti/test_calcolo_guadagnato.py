"""Earned schedule against examples worked out by hand, and the properties that it must have."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitoraggio.calcolo.guadagnato import Motivo, Piano, Stima, piano, proiezione, stima
from monitoraggio.calcolo.tempo import fini_di_mese, giorno_di, posto

# Ten months from January to October 2024, 100 EUR each.
INIZIO, FINE = date(2024, 1, 1), date(2024, 10, 31)
MESI = list(fini_di_mese(INIZIO, FINE))
DIECI = piano(INIZIO, FINE, MESI, [Decimal(100 * (n + 1)) for n in range(10)])


def a(mese: int) -> date:
    return MESI[mese - 1]


def periodi(*valori: int) -> list[tuple[date, Decimal]]:
    """Earned at the end of the first months."""
    return [(mese, Decimal(valore)) for mese, valore in zip(MESI, valori, strict=False)]


def di_sei(*valori: int) -> Stima:
    return stima(DIECI, a(len(valori)), Decimal(valori[-1]), periodi(*valori))


@pytest.mark.parametrize(
    ("valore", "atteso"), [("0", "0"), ("50", "0.5"), ("100", "1"), ("450", "4.5"), ("1000", "10"), ("1200", "10")]
)
def test_es_e_il_tempo_in_cui_il_piano_prevedeva_quel_valore(valore: str, atteso: str) -> None:
    assert DIECI.tempo_di(Decimal(valore)) == Decimal(atteso)


def test_dove_il_piano_sta_fermo_es_e_la_fine_della_sosta() -> None:
    fermo = Piano(tuple(map(Decimal, (0, 1, 2, 3))), tuple(map(Decimal, (0, 100, 100, 200))))
    assert fermo.tempo_di(Decimal("99.99")) < 1
    assert fermo.tempo_di(Decimal(100)) == 2
    assert fermo.tempo_di(Decimal(150)) == Decimal("2.5")


def test_a_meta_velocita_i_lavori_durano_il_doppio() -> None:
    """ES 3, AT 6, SPI(t) 0,5, PD 10: 20 months from January 2024 end with August 2025."""
    nota = di_sei(50, 100, 150, 200, 250, 300)
    assert (nota.es, nota.at, nota.pd, nota.spi, nota.durata) == (3, 6, 10, Decimal("0.5"), 20)
    assert nota.fine == date(2025, 8, 31)
    assert nota.ritardo == 3


def test_senza_variabilita_l_intervallo_e_un_punto() -> None:
    nota = di_sei(50, 100, 150, 200, 250, 300)
    assert nota.sigma == 0
    assert nota.periodi == 5
    assert nota.fine_da == nota.fine == nota.fine_a


def test_l_intervallo_e_quello_di_lipke() -> None:
    """The formula of the docstring once more, in floating point."""
    nota = di_sei(80, 120, 220, 270, 330, 420)
    ritmi = [0.4, 1.0, 0.5, 0.6, 0.9]
    n, es, pd, spi = 5, 4.2, 10.0, 0.7
    sigma = math.sqrt(sum((math.log(p) - math.log(spi)) ** 2 for p in ritmi) / (n - 1))
    fattore = math.sqrt((pd - es) / (pd - es / n))
    scarto = 1.6449 * sigma / math.sqrt(n) * fattore
    assert nota.sigma is not None
    assert nota.fattore is not None
    assert float(nota.sigma) == pytest.approx(sigma, rel=1e-12)
    assert float(nota.fattore) == pytest.approx(fattore, rel=1e-12)
    inizio = float(DIECI.inizio)
    for giorno, durata in (
        (nota.fine_da, pd / math.exp(math.log(spi) + scarto)),
        (nota.fine, pd / spi),
        (nota.fine_a, pd / math.exp(math.log(spi) - scarto)),
    ):
        assert giorno == giorno_di(Decimal(inizio + durata))


def test_un_periodo_senza_progressi_si_unisce_al_seguente() -> None:
    """February and March as one period of two months: 60 in two months are 0,3 a month."""
    fermo = di_sei(50, 50, 110, 200, 250, 300)
    assert fermo.periodi == 4
    con_tutti = di_sei(50, 80, 110, 200, 250, 300)
    assert con_tutti.periodi == 5


def test_stare_fermi_alla_fine_abbassa_l_ultimo_ritmo() -> None:
    nota = di_sei(50, 100, 150, 200, 300, 300)
    assert nota.periodi == 4
    ritmi = [0.5, 0.5, 0.5, 0.5]
    attesa = math.sqrt(sum((math.log(p) - math.log(0.5)) ** 2 for p in ritmi) / 3)
    assert nota.sigma is not None
    assert float(nota.sigma) == pytest.approx(attesa)


# --- When there is no forecast ---------------------------------------------------------------------------------------


def test_senza_piano_non_c_e_stima() -> None:
    assert stima(None, a(6), Decimal(0), []).motivo is Motivo.SENZA_PIANO


def test_senza_dati_non_c_e_stima() -> None:
    assert stima(DIECI, a(6), Decimal(0), [], dati=False).motivo is Motivo.SENZA_DATI


def test_prima_dell_inizio_da_piano_non_c_e_stima() -> None:
    valore, dati = Decimal(10), periodi(10)
    assert stima(DIECI, date(2023, 12, 31), valore, dati).motivo is Motivo.NON_COMINCIATO
    assert stima(DIECI, date(2024, 1, 31), valore, dati).motivo is Motivo.POCHI_MESI


def test_senza_progressi_non_c_e_stima() -> None:
    assert di_sei(0, 0, 0, 0, 0, 0).motivo is Motivo.SENZA_PROGRESSI
    assert di_sei(0, 0, 0, 0, 0, 1).motivo is not Motivo.SENZA_PROGRESSI


def test_con_meno_di_sei_mesi_non_c_e_stima() -> None:
    assert di_sei(50, 100, 150, 200, 250).motivo is Motivo.POCHI_MESI
    assert di_sei(50, 100, 150, 200, 250, 300).motivo is None


def test_i_lavori_conclusi_non_si_stimano() -> None:
    assert di_sei(200, 400, 600, 800, 900, 1000).motivo is Motivo.CONCLUSO
    assert di_sei(200, 400, 600, 800, 900, 999).motivo is None


def test_oltre_venti_anni_la_fine_non_e_determinabile() -> None:
    """After six months, 240 more: a duration of 246 months is the last one that is told, an SPI(t) of 10 / 246."""
    limite = 600 * 10 / 246
    appena = stima(DIECI, a(6), Decimal(limite).quantize(Decimal("0.0001")) + 1, periodi(1, 2, 3, 4, 5, 25))
    assert appena.motivo is None
    assert appena.fine is not None
    oltre = stima(DIECI, a(6), Decimal(limite).quantize(Decimal("0.0001")) - 1, periodi(1, 2, 3, 4, 5, 23))
    assert oltre.motivo is Motivo.TROPPO_LONTANA
    assert oltre.fine is None


def test_con_meno_di_tre_periodi_c_e_la_stima_senza_intervallo() -> None:
    nota = di_sei(50, 50, 50, 100, 100, 300)
    assert nota.periodi == 2
    assert nota.fine is not None
    assert (nota.sigma, nota.fine_da, nota.fine_a) == (None, None, None)


def test_la_fine_piu_lontana_puo_non_essere_dicibile() -> None:
    nota = di_sei(1, 2, 3, 4, 5, 150)
    assert nota.fine is not None
    assert nota.fine_a is None
    assert nota.oltre


def test_lavori_non_finiti_non_finiscono_prima_di_oggi() -> None:
    nota = stima(
        DIECI, a(9), Decimal(998), periodi(100, 200, 300, 400, 500, 600, 700, 800, 998), non_prima=date(2024, 12, 15)
    )
    assert nota.fine_da == nota.fine == date(2024, 12, 16)


# --- Properties ------------------------------------------------------------------------------------------------------

VALORI = st.integers(0, 100_000).map(lambda centesimi: Decimal(centesimi).scaleb(-2))


@st.composite
def piani(draw: st.DrawFn) -> Piano:
    mesi = list(fini_di_mese(date(2023, 1, 1), date(2023, 1, 1) if draw(st.booleans()) else date(2025, 6, 1)))
    passi = draw(st.lists(st.integers(0, 10_000), min_size=len(mesi), max_size=len(mesi)))
    passi[-1] += 1
    valori, totale = [], 0
    for passo in passi:
        totale += passo
        valori.append(Decimal(totale))
    inizio = date(2023, 1, draw(st.integers(1, 28)))
    return piano(inizio, mesi[-1], mesi, valori)


@given(piani(), VALORI, VALORI)
def test_es_non_scende_se_il_valore_cresce(di: Piano, uno: Decimal, altro: Decimal) -> None:
    meno, piu = sorted((uno, altro))
    assert 0 <= di.tempo_di(meno) <= di.tempo_di(piu) <= di.durata


@given(piani(), st.integers(0, 29))
def test_chi_e_in_pari_con_il_piano_ha_ritmo_uno(di: Piano, quale: int) -> None:
    quale %= len(di.posti)
    # On a plateau of the plan the time is the end of it.
    assume(quale == len(di.posti) - 1 or di.valori[quale] < di.valori[quale + 1])
    assert di.tempo_di(di.valori[quale]) == di.posti[quale] - di.inizio
    if 0 < quale < len(di.posti) - 1 and di.valori[quale] > 0:
        giorno = giorno_di(di.posti[quale])
        nota = stima(di, giorno, di.valori[quale], [(mese, Decimal(0)) for mese in MESI])
        assert nota.spi == 1


@given(piani(), st.integers(1, 99))
def test_il_valore_a_un_tempo_e_il_tempo_di_un_valore_si_corrispondono(di: Piano, quanto: int) -> None:
    valore = di.totale * quanto / 100
    assert di.valore_a(di.tempo_di(valore)) == pytest.approx(valore, rel=Decimal("1e-20"))


@given(st.lists(st.integers(10, 160), min_size=6, max_size=9))
def test_l_intervallo_contiene_la_stima_e_comincia_dopo_il_giorno(passi: list[int]) -> None:
    valori = [sum(passi[: n + 1]) for n in range(len(passi))]
    assume(valori[-1] < 1000)
    nota = di_sei(*valori)
    assert nota.fine is not None
    assert nota.fine > a(len(valori))
    if nota.fine_da is not None:
        assert nota.fine_da <= nota.fine
        assert nota.fine_a is None or nota.fine <= nota.fine_a


@given(st.lists(st.integers(10, 160), min_size=6, max_size=9))
def test_la_proiezione_parte_dal_fatto_non_scende_e_arriva_al_totale(passi: list[int]) -> None:
    valori = [sum(passi[: n + 1]) for n in range(len(passi))]
    assume(valori[-1] < 1000)
    nota = di_sei(*valori)
    assert nota.fine is not None
    oggi = a(len(valori))
    mesi = list(fini_di_mese(INIZIO, nota.fine))
    serie = proiezione(DIECI, nota, oggi, mesi)
    note = [valore for valore in serie if valore is not None]
    assert serie[: len(valori) - 1] == [None] * (len(valori) - 1)
    assert note[0] == pytest.approx(Decimal(valori[-1]), abs=Decimal("0.01"))
    assert note == sorted(note)
    assert note[-1] == DIECI.totale


def test_la_proiezione_corre_al_ritmo_tenuto() -> None:
    """At half the speed each month adds fifty."""
    nota = di_sei(50, 100, 150, 200, 250, 300)
    mesi = list(fini_di_mese(INIZIO, date(2025, 8, 31)))
    assert proiezione(DIECI, nota, a(6), mesi)[5:9] == [Decimal(300), Decimal(350), Decimal(400), Decimal(450)]


def test_senza_stima_non_c_e_proiezione() -> None:
    assert proiezione(DIECI, di_sei(0, 0), a(2), MESI) == []


def test_il_piano_comincia_il_giorno_prima_dei_lavori() -> None:
    di = piano(date(2024, 1, 11), date(2024, 2, 20), MESI[:2], [Decimal(50), Decimal(100)])
    assert di.posti == (posto(date(2024, 1, 10)), posto(date(2024, 1, 31)), posto(date(2024, 2, 20)))
    assert di.valori == (0, 50, 100)
