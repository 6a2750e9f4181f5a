"""The register, the rules and ReGiS: on both sides of the thresholds, to the day and the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from interventi.scelte import StatoCup
from monitoraggio.allerte.tipi import Caso, DaDecidere, Dnsh, Gara
from monitoraggio.opere.tipi import Denaro, Giudizio
from monitoraggio.scelte import ChiAgisce
from piani_integrati.esiti import Esito
from piani_integrati.flusso import StatoPiano
from tests.monitoraggio.casi import AL, caso, contesto, del_piano, mesi_dichiarati, motivo, trovati, uno
from tests.rapporti.quadri import GRUPPO, concluso, gara, in_corso

DAL = datetime(2024, 12, 1, 9, tzinfo=UTC)


def giorni_fa(quanti: int) -> date:
    return AL - timedelta(days=quanti)


# --- CUP -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stato_cup", "segnalato", "concluso_anche"),
    [
        (StatoCup.ATTIVO, False, False),
        (StatoCup.CHIUSO, True, False),
        (StatoCup.REVOCATO, True, True),
        (StatoCup.CANCELLATO, True, True),
        (StatoCup.PROVVISORIO, False, False),
        ("", False, False),
    ],
)
def test_lo_stato_del_cup_deve_andare_con_l_intervento(stato_cup: str, segnalato: bool, concluso_anche: bool) -> None:
    assert bool(trovati(caso(stato_cup=stato_cup), "cup_non_attivo")) is segnalato
    assert bool(trovati(caso(concluso(), stato_cup=stato_cup), "cup_non_attivo")) is concluso_anche


def test_senza_cup_si_segnala_ma_non_di_una_proposta() -> None:
    assert trovati(caso(cup="", stato_cup=""), "cup_non_attivo")
    proposta = replace(GRUPPO, stato=StatoPiano.BOZZA)
    assert not trovati(caso(cup="", stato_cup="", piano=proposta), "cup_non_attivo")


@pytest.mark.parametrize(("passati", "segnalato"), [(30, False), (31, True)])
def test_un_cup_provvisorio_si_segnala_oltre_trenta_giorni_dall_aggiudicazione(passati: int, segnalato: bool) -> None:
    quando = giorni_fa(passati)
    con_gara = caso(stato_cup="provvisorio", gare=[Gara("A01", "", date(2024, 1, 1), quando)])
    con_fase = caso(stato_cup="provvisorio", fasi=[gara(quando)])
    for di in (con_gara, con_fase):
        assert bool(trovati(di, "cup_non_attivo")) is segnalato


# --- Tenders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("passati", "segnalato"), [(120, False), (121, True)])
def test_una_gara_si_segnala_oltre_centoventi_giorni_dalla_pubblicazione(passati: int, segnalato: bool) -> None:
    di = caso(gare=[Gara("B0123456789", "Lavori", giorni_fa(passati), None)])
    assert bool(trovati(di, "gara_senza_aggiudicazione")) is segnalato


def test_una_gara_aggiudicata_o_di_cui_non_si_sa_quando_e_pubblicata_non_si_segnala() -> None:
    fatta, ignota = Gara("A", "", date(2023, 1, 1), date(2024, 12, 30)), Gara("B", "", None, None)
    assert not trovati(caso(gare=[fatta, ignota]), "gara_senza_aggiudicazione")
    due = caso(gare=[Gara("A", "", date(2024, 1, 1), None), Gara("B", "", date(2024, 2, 1), None)])
    assert [t.riga for t in trovati(due, "gara_senza_aggiudicazione")] == ["A", "B"]


# --- Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("privato", "segnalato"),
    [("219999.99", False), ("220000.00", True), ("250000.00", True), ("250000.01", False)],
)
def test_la_quota_dei_privati_e_vicina_fra_il_margine_e_il_massimo_al_centesimo(privato: str, segnalato: bool) -> None:
    di = caso(denari=[Denaro("privato", Decimal(privato), None)])
    assert bool(trovati(di, "regola_vicina")) is segnalato


def test_la_quota_dei_privati_e_solo_dei_piani_urbani_integrati_e_vale_per_le_proposte() -> None:
    soldi = [Denaro("privato", Decimal("240000.00"), None)]
    assert not trovati(caso(denari=soldi, piano=replace(GRUPPO, tipo="programma")), "regola_vicina")
    assert not trovati(caso(denari=soldi, piano=None), "regola_vicina")
    proposta = caso(denari=soldi, piano=replace(GRUPPO, stato=StatoPiano.BOZZA))
    detto = "I privati danno il 24,00 % del costo, 1,00 punti sotto il massimo del 25 %."
    assert motivo(proposta, "regola_vicina") == detto


def ex_post(mancano: int, **altri: Any) -> Caso:
    dnsh = altri.pop("dnsh", Dnsh(ex_ante_completo=True, ex_post_il=None))
    return caso(in_corso(fine_prevista=AL + timedelta(days=mancano)), dnsh=dnsh, **altri)


@pytest.mark.parametrize(("mancano", "segnalato"), [(61, False), (60, True), (0, True), (-5, True)])
def test_la_check_list_ex_post_si_ricorda_sessanta_giorni_prima_della_fine(mancano: int, segnalato: bool) -> None:
    assert bool(trovati(ex_post(mancano), "regola_vicina")) is segnalato


def test_la_check_list_ex_post_non_si_chiede_se_c_e_o_se_la_regola_non_vale_gia() -> None:
    assert not trovati(ex_post(10, dnsh=Dnsh(True, AL)), "regola_vicina")
    assert trovati(ex_post(10, dnsh=Dnsh(True, AL + timedelta(days=1))), "regola_vicina")
    assert not trovati(ex_post(10, dnsh=Dnsh(False, None)), "regola_vicina")
    assert not trovati(ex_post(10, dnsh=None), "regola_vicina")
    assert uno(ex_post(10), "regola_vicina").tocca is ChiAgisce.COMUNE


def giudizio(esito: Esito, misura: str | None = None, regola: str = "costo_minimo", ignoti: int = 0) -> Giudizio:
    misurato = None if misura is None else Decimal(misura)
    return Giudizio(1, regola, esito, misurato, Decimal("50000000.00"), 1, 0, ignoti, 0, (), DAL)


@pytest.mark.parametrize(
    ("costo", "segnalato"),
    [("50000000.00", True), ("52500000.00", True), ("52500000.01", False)],
)
def test_il_costo_del_piano_e_vicino_al_minimo_entro_il_cinque_per_cento_al_centesimo(
    costo: str, segnalato: bool
) -> None:
    assert bool(del_piano("regola_vicina", giudizi=[giudizio(Esito.CONFORME, costo)])) is segnalato


def test_un_costo_non_conforme_non_e_vicino_e_fallito() -> None:
    assert not del_piano("regola_vicina", giudizi=[giudizio(Esito.NON_CONFORME, "49999999.99")])


def test_un_esito_conforme_che_non_e_piu_determinabile_si_ricorda() -> None:
    ora = [giudizio(Esito.NON_DETERMINABILE, regola="cup", ignoti=3)]
    (trovato,) = del_piano("regola_vicina", giudizi=ora, prima=[giudizio(Esito.CONFORME, regola="cup")])
    assert trovato.motivo == (
        "La regola «L'intervento ha un CUP attivo» era conforme, e dal 01/12/2024 non è determinabile: mancano dati di "
        "3 interventi."
    )
    assert not del_piano("regola_vicina", giudizi=ora, prima=[giudizio(Esito.NON_CONFORME, regola="cup")])
    assert not del_piano("regola_vicina", giudizi=ora, prima=[])


# --- ReGiS -----------------------------------------------------------------------------------------------------------


def pagati(regis: str, letto: date = date(2024, 3, 31), **campi: Any) -> Caso:
    mesi = [replace(mese, pagato=Decimal("100.00")) for mese in mesi_dichiarati(date(2024, 1, 1), "1", "2", "3", "4")]
    return caso(mesi=mesi, pagamenti_regis=Decimal(regis), pagamenti_al=letto, **campi)


@pytest.mark.parametrize(("regis", "segnalato"), [("300.00", False), ("300.01", True), ("299.99", True)])
def test_i_pagamenti_si_confrontano_allo_stesso_giorno_al_centesimo(regis: str, segnalato: bool) -> None:
    assert [t.riga for t in trovati(pagati(regis), "differenza_regis")] == ["pagamenti"] * segnalato


def test_senza_il_mese_fino_a_cui_regis_e_letto_non_c_e_differenza() -> None:
    assert not trovati(pagati("999.00", date(2024, 5, 31)), "differenza_regis")
    assert not trovati(pagati("999.00", AL + timedelta(days=1)), "differenza_regis")
    assert not trovati(caso(pagamenti_regis=Decimal(1), pagamenti_al=date(2024, 3, 31)), "differenza_regis")


@pytest.mark.parametrize(("importo", "segnalato"), [("1000000.00", False), ("999999.99", True), ("1000000.01", True)])
def test_le_fonti_devono_dare_il_finanziamento_al_centesimo(importo: str, segnalato: bool) -> None:
    di = caso(denari=[Denaro("pnrr", Decimal(importo), None)])
    assert [t.riga for t in trovati(di, "differenza_regis")] == ["fonti"] * segnalato


def test_senza_fonti_o_senza_finanziamento_non_c_e_differenza() -> None:
    assert not trovati(caso(), "differenza_regis")
    assert not trovati(caso(finanziamento=None, denari=[Denaro("pnrr", Decimal(1), None)]), "differenza_regis")


@pytest.mark.parametrize(("passati", "segnalato"), [(7, False), (8, True)])
def test_una_differenza_da_decidere_si_segnala_oltre_una_settimana(passati: int, segnalato: bool) -> None:
    di = caso(da_decidere=[DaDecidere("Titolo", "Parco", "Giardino", giorni_fa(passati))])
    assert bool(trovati(di, "differenza_regis")) is segnalato


def test_le_differenze_da_decidere_di_un_intervento_sono_un_segnale_solo_e_tocca_all_ufficio() -> None:
    dati = ("Titolo", "Fine prevista", "Fase", "Importo", "CUP")
    di = caso(da_decidere=[DaDecidere(dato, "", "x", giorni_fa(10)) for dato in dati])
    trovato = uno(di, "differenza_regis")
    assert trovato.tocca is ChiAgisce.UFFICIO
    assert trovato.motivo == (
        "5 differenze con ReGiS aspettano una decisione, la prima da 10 giorni: titolo, fine prevista, fase e altre 2."
    )
    assert dict(trovato.evidenza)["Titolo"] == "portale: vuoto; ReGiS: x"


# --- All of them -----------------------------------------------------------------------------------------------------


def test_di_un_intervento_revocato_non_si_dice_nulla() -> None:
    revocato = caso(in_corso(riferita_al=date(2024, 1, 31), revocata_il=AL), cup="")
    assert revocato.opera.segno == "annullato"
    assert not list(trovati(revocato, "cup_non_attivo"))
    assert not trovati(caso(cup="", piano=replace(GRUPPO, stato=StatoPiano.REVOCATO)), "cup_non_attivo")


def test_prima_che_la_soglia_valga_il_segnale_non_c_e() -> None:
    giorno = date(2021, 12, 31)
    vecchia = caso(gare=[Gara("A", "", date(2020, 1, 1), None)], al=giorno)
    assert not trovati(vecchia, "gara_senza_aggiudicazione", contesto(giorno))
    assert trovati(vecchia, "gara_senza_aggiudicazione", contesto(giorno + timedelta(days=1)))
