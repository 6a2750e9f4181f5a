"""Works and money as declared month by month: on both sides of the thresholds, to the day, the month and the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from monitoraggio.allerte.tipi import Caso
from monitoraggio.scelte import ChiAgisce
from tests.monitoraggio.casi import AL, SENZA_DATI, caso, contesto, mesi_dichiarati, motivo, trovati, uno
from tests.rapporti.quadri import concluso, in_corso, lavori, problema, stato

SETTEMBRE, OTTOBRE, NOVEMBRE = date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 30)


# --- Months ----------------------------------------------------------------------------------------------------------


def test_un_mese_oltre_il_termine_non_basta_due_si() -> None:
    # On 31 December the term of November, the 20th, is past; that of December is not.
    assert not trovati(caso(in_corso(riferita_al=OTTOBRE)), "senza_aggiornamenti")
    trovato = uno(caso(in_corso(riferita_al=SETTEMBRE)), "senza_aggiornamenti")
    assert trovato.motivo == "L'ultimo mese approvato è settembre 2024: mancano 2 mesi, ottobre e novembre 2024."
    assert trovato.entro == date(2024, 11, 20)
    assert dict(trovato.evidenza)["Termine del primo"] == "20/11/2024"


@pytest.mark.parametrize(("giorno", "segnalato"), [(date(2024, 12, 20), False), (date(2024, 12, 21), True)])
def test_un_mese_manca_dal_giorno_dopo_il_suo_termine(giorno: date, segnalato: bool) -> None:
    di = caso(in_corso(riferita_al=SETTEMBRE), al=giorno)
    assert bool(trovati(di, "senza_aggiornamenti", contesto(giorno))) is segnalato


def test_senza_nessun_avanzamento_si_conta_da_quando_e_in_un_piano() -> None:
    assert not trovati(caso(SENZA_DATI), "senza_aggiornamenti")
    assert not trovati(caso(SENZA_DATI, atteso_dal=date(2024, 11, 3)), "senza_aggiornamenti")
    trovato = uno(caso(SENZA_DATI, atteso_dal=date(2024, 8, 31)), "senza_aggiornamenti")
    assert trovato.motivo == "Nessun avanzamento è mai stato approvato: mancano 4 mesi, da agosto a novembre 2024."


def test_se_i_mesi_sono_stati_inviati_tocca_alla_citta_metropolitana() -> None:
    ottobre, novembre = date(2024, 10, 1), date(2024, 11, 1)
    di = caso(in_corso(riferita_al=SETTEMBRE))
    assert uno(replace(di, inviati=[ottobre]), "senza_aggiornamenti").tocca is None
    tutti = uno(replace(di, inviati=[ottobre, novembre]), "senza_aggiornamenti")
    assert tutti.tocca is ChiAgisce.UFFICIO
    assert dict(tutti.evidenza)["Inviati, da istruire"] == "ottobre 2024, novembre 2024"


def test_di_chi_e_concluso_non_si_aspettano_mesi() -> None:
    assert not trovati(caso(concluso(riferita_al=date(2024, 3, 31))), "senza_aggiornamenti")


# --- Works -----------------------------------------------------------------------------------------------------------


def fermo(*percenti: str, inizio: date = date(2024, 3, 1)) -> Caso:
    detti = mesi_dichiarati(date(2024, 1, 1), *percenti)
    ultimo = detti[-1]
    situazione = in_corso(percentuale=ultimo.percentuale, riferita_al=ultimo.riferito_al, inizio_lavori=inizio)
    return caso(situazione, mesi=detti)


def test_i_lavori_sono_fermi_dopo_due_mesi_con_la_stessa_percentuale() -> None:
    assert not trovati(fermo("0", "0", "10", "20", "20"), "lavori_fermi")
    di = fermo("0", "0", "10", "20", "20", "20")
    assert (
        motivo(di, "lavori_fermi")
        == "I lavori sono fermi al 20,0 % da 2 mesi: ad aprile 2024 la percentuale era già questa."
    )


def test_un_centesimo_di_punto_in_piu_e_gia_un_progresso() -> None:
    assert not trovati(fermo("0", "0", "10", "20", "20", "20", "20.01"), "lavori_fermi")


def test_a_zero_si_conta_da_quando_sono_cominciati() -> None:
    da_capo = ("0",) * 7
    assert not trovati(fermo(*da_capo, inizio=date(2024, 6, 2)), "lavori_fermi")
    assert uno(fermo(*da_capo, inizio=date(2024, 5, 31)), "lavori_fermi").motivo.startswith(
        "I lavori sono fermi allo 0"
    )


def test_finiti_o_non_cominciati_non_sono_fermi() -> None:
    assert not trovati(fermo(*["100"] * 8), "lavori_fermi")
    detti = mesi_dichiarati(date(2024, 1, 1), *["0"] * 8)
    assert not trovati(caso(stato(riferita_al=detti[-1].riferito_al), mesi=detti), "lavori_fermi")


def test_una_percentuale_mai_detta_non_e_ferma() -> None:
    detti = mesi_dichiarati(date(2024, 1, 1), *["20"] * 6)
    taciuti = [*detti[:-2], replace(detti[-2], percentuale=None), detti[-1]]
    situazione = in_corso(percentuale=Decimal(20), riferita_al=detti[-1].riferito_al)
    assert not trovati(caso(situazione, mesi=taciuti), "lavori_fermi")


@pytest.mark.parametrize(("giorni", "segnalato"), [(30, False), (31, True)])
def test_l_avvio_e_in_ritardo_oltre_trenta_giorni(giorni: int, segnalato: bool) -> None:
    di = caso(stato(), fasi=lavori(inizio_previsto=AL - timedelta(days=giorni)))
    assert bool(trovati(di, "avvio_in_ritardo")) is segnalato


def test_i_lavori_cominciati_o_senza_data_non_sono_in_ritardo_di_avvio() -> None:
    vecchio = date(2024, 1, 1)
    assert not trovati(caso(stato(), fasi=lavori()), "avvio_in_ritardo")
    cominciati = lavori(inizio_previsto=vecchio, inizio_effettivo=vecchio)
    assert not trovati(caso(in_corso(), fasi=cominciati), "avvio_in_ritardo")


@pytest.mark.parametrize(
    ("mancano", "percento", "segnalato"),
    [(90, "74.99", True), (91, "74.99", False), (90, "75.00", False), (0, "10", True), (-1, "10", False)],
)
def test_la_fine_e_vicina_entro_novanta_giorni_con_meno_di_tre_quarti(
    mancano: int, percento: str, segnalato: bool
) -> None:
    di = caso(in_corso(fine_prevista=AL + timedelta(days=mancano), percentuale=Decimal(percento)))
    assert bool(trovati(di, "fine_vicina")) is segnalato


def test_una_criticita_grave_si_segnala_dal_giorno_dopo_la_sua_data() -> None:
    assert not trovati(caso(problemi=[problema(gravita="alta", scadenza=AL)]), "criticita_grave")
    assert not trovati(caso(problemi=[problema(gravita="media", scadenza=date(2024, 1, 1))]), "criticita_grave")
    trovato = uno(caso(problemi=[problema("c7", "alta", AL - timedelta(days=1))]), "criticita_grave")
    assert trovato.riga == "c7"
    assert trovato.motivo == "Una criticità grave andava risolta entro il 30/12/2024, 1 giorno fa: «Manca un parere»."


def test_una_criticita_grave_senza_data_si_segnala_se_non_ha_neppure_un_azione() -> None:
    assert not trovati(caso(problemi=[problema(gravita="alta")]), "criticita_grave")
    assert trovati(caso(problemi=[problema(gravita="alta", azione=" ")]), "criticita_grave")


# --- Money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pagato", "segnalato"), [("150000.00", False), ("149999.99", True)])
def test_la_spesa_e_indietro_oltre_venticinque_punti_al_centesimo(pagato: str, segnalato: bool) -> None:
    di = caso(in_corso(percentuale=Decimal("40.00"), pagato=Decimal(pagato)))
    assert bool(trovati(di, "spesa_indietro")) is segnalato


@pytest.mark.parametrize(("pagato", "segnalato"), [("700000.00", False), ("700000.01", True)])
def test_la_spesa_e_avanti_oltre_trenta_punti_al_centesimo(pagato: str, segnalato: bool) -> None:
    di = caso(in_corso(percentuale=Decimal("40.00"), pagato=Decimal(pagato)))
    assert bool(trovati(di, "spesa_avanti")) is segnalato


def test_il_motivo_della_spesa_dice_le_due_quote() -> None:
    di = caso(in_corso(percentuale=Decimal("60.00"), pagato=Decimal("81234.50")))
    assert motivo(di, "spesa_indietro") == (
        "I lavori sono al 60,0 % e i pagamenti all'8,1 % del finanziamento: la spesa è indietro di 51,9 punti."
    )


def test_della_spesa_non_si_dice_nulla_senza_lavori_percentuale_o_finanziamento() -> None:
    for di in (
        caso(stato(percentuale=Decimal("80.00"))),
        caso(in_corso(percentuale=None)),
        caso(in_corso(percentuale=Decimal("80.00")), finanziamento=None),
        caso(in_corso(percentuale=Decimal("80.00")), finanziamento=Decimal(0)),
    ):
        assert not trovati(di, "spesa_indietro")
        assert not trovati(di, "spesa_avanti")
