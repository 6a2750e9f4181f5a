"""Traguardi and the end of the works: on both sides of their thresholds, to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from monitoraggio.opere.tipi import Scadenza
from tests.monitoraggio.casi import AL, a_ritmo, caso, contesto, del_piano, trovati, uno
from tests.rapporti.quadri import concluso, in_corso, scadenza

DIECI = tuple(str(10 * numero) for numero in range(1, 13))
UNO_AL_MESE = tuple(str(numero) for numero in range(1, 13))
FINE_2025 = date(2025, 12, 31)


def sua(giorno: date, **campi: Any) -> Scadenza:
    valori: dict[str, Any] = {"codice": "FINE", "intervento_id": 1, "piano_id": None, **campi}
    return replace(scadenza(1, giorno), **valori)


def test_un_traguardo_e_scaduto_dal_giorno_dopo_la_scadenza() -> None:
    assert not trovati(caso(scadenze=[sua(AL)]), "traguardo_scaduto")
    trovato = uno(caso(scadenze=[sua(AL - timedelta(days=1))]), "traguardo_scaduto")
    assert trovato.motivo == (
        "Il traguardo FINE «Conclusione dei lavori» è scaduto il 30/12/2024, 1 giorno fa, e non risulta conseguito."
    )
    assert (trovato.riga, trovato.entro) == ("FINE", date(2024, 12, 30))


def test_un_traguardo_conseguito_non_e_scaduto_e_uno_di_un_intervento_concluso_si() -> None:
    vecchia = AL - timedelta(days=40)
    assert not trovati(caso(scadenze=[sua(vecchia, conseguito_il=vecchia)]), "traguardo_scaduto")
    assert trovati(caso(concluso(), scadenze=[sua(vecchia)]), "traguardo_scaduto")


@pytest.mark.parametrize(("giorni", "segnalato"), [(0, False), (1, True)])
def test_un_traguardo_previsto_dopo_la_scadenza_e_a_rischio(giorni: int, segnalato: bool) -> None:
    entro = date(2025, 6, 30)
    di = caso(scadenze=[sua(entro, previsione=entro + timedelta(days=giorni))])
    assert bool(trovati(di, "traguardo_a_rischio")) is segnalato


def test_il_motivo_di_un_traguardo_previsto_dopo_dice_i_due_giorni() -> None:
    di = caso(scadenze=[sua(date(2026, 6, 30), previsione=date(2026, 9, 30))])
    assert uno(di, "traguardo_a_rischio").motivo == (
        "Il traguardo FINE «Conclusione dei lavori» è previsto per il 30/09/2026, 92 giorni dopo la scadenza del "
        "30/06/2026."
    )


def test_i_lavori_che_al_loro_ritmo_finirebbero_dopo_mettono_a_rischio_il_traguardo() -> None:
    di = a_ritmo(("2", "4", "6", "8", "10", "12", "14", "16", "18", "20", "21", "22"), FINE_2025)
    trovato = uno(replace(di, scadenze=[sua(date(2026, 6, 30))]), "traguardo_a_rischio")
    assert trovato.motivo == (
        "I lavori finirebbero a luglio 2028, 25 mesi dopo la scadenza del 30/06/2026: il ritmo tenuto finora è 0,44 di "
        "quello previsto."
    )
    evidenza = dict(trovato.evidenza)
    assert evidenza["Scadenza"] == "30/06/2026"
    assert evidenza["Fine dei lavori al ritmo attuale"].endswith("/07/2028")
    assert evidenza["SPI(t), ritmo sul previsto"] == "0,44"
    assert evidenza["AT, mesi passati"] == "12,0"


def test_un_ritmo_come_da_piano_non_mette_a_rischio_nulla() -> None:
    di = a_ritmo(("5", "9", "13", "17", "21", "25", "30", "34", "38", "42", "46", "50"), FINE_2025)
    assert not trovati(replace(di, scadenze=[sua(date(2026, 6, 30))]), "traguardo_a_rischio")
    assert not trovati(di, "fine_a_rischio")


def test_il_ritmo_conta_quando_passa_la_soglia_in_giorni() -> None:
    di = replace(a_ritmo(DIECI[:6], date(2025, 6, 30)), scadenze=[sua(date(2025, 7, 31))])
    lento = replace(a_ritmo(("4", "9", "14", "19", "24", "29"), date(2025, 6, 30)), scadenze=[sua(date(2025, 7, 31))])
    assert not trovati(di, "traguardo_a_rischio")
    oltre = next(t for t in trovati(lento, "traguardo_a_rischio"))
    quando = dict(oltre.evidenza)["Fine dei lavori al ritmo attuale"]
    giorno, mese, anno = map(int, quando.split("/"))
    distanza = (date(anno, mese, giorno) - date(2025, 7, 31)).days
    assert trovati(lento, "traguardo_a_rischio", contesto(giorni_ritmo=str(distanza - 1)))
    assert not trovati(lento, "traguardo_a_rischio", contesto(giorni_ritmo=str(distanza)))


def test_il_ritmo_non_dice_nulla_dei_traguardi_che_scadono_prima_della_fine_da_piano() -> None:
    di = a_ritmo(UNO_AL_MESE, FINE_2025)
    assert not trovati(replace(di, scadenze=[sua(date(2025, 3, 31))]), "traguardo_a_rischio")
    # Then it is the planned end that is judged.
    assert "prevista dal piano" in uno(di, "fine_a_rischio").motivo


def test_con_meno_di_sei_mesi_il_ritmo_non_si_sa() -> None:
    di = replace(a_ritmo(UNO_AL_MESE[:5], FINE_2025), scadenze=[sua(date(2026, 6, 30))])
    assert not trovati(di, "traguardo_a_rischio")


def test_un_ritmo_che_non_arriva_in_vent_anni_pesa_il_massimo() -> None:
    fermi = ("0.5", *["0.5"] * 11)
    trovato = uno(replace(a_ritmo(fermi, FINE_2025), scadenze=[sua(date(2026, 6, 30))]), "traguardo_a_rischio")
    assert "neppure vent'anni dopo" in trovato.motivo
    assert trovato.peso == 95


@pytest.mark.parametrize(("giorni", "segnalato"), [(0, False), (1, True)])
def test_la_fine_e_superata_dal_giorno_dopo(giorni: int, segnalato: bool) -> None:
    di = caso(in_corso(fine_prevista=AL - timedelta(days=giorni)))
    assert bool(trovati(di, "fine_superata")) is segnalato


@pytest.mark.parametrize(("giorni", "segnalato"), [(0, False), (1, True)])
def test_la_fine_stimata_dopo_il_piano_e_a_rischio(giorni: int, segnalato: bool) -> None:
    fine = date(2025, 12, 1)
    di = caso(in_corso(fine_prevista=fine, fine_stimata=fine + timedelta(days=giorni)))
    assert bool(trovati(di, "fine_a_rischio")) is segnalato


def test_i_traguardi_di_un_piano_si_giudicano_con_il_piano() -> None:
    vecchio, tardi = scadenza(1, date(2024, 6, 30)), scadenza(2, date(2025, 6, 30), previsione=date(2025, 7, 1))
    assert [t.riga for t in del_piano("traguardo_scaduto", scadenze=[vecchio, tardi])] == ["T1"]
    assert [t.riga for t in del_piano("traguardo_a_rischio", scadenze=[vecchio, tardi])] == ["T2"]


def test_piu_lontano_e_piu_grave_e_mai_oltre_il_massimo() -> None:
    pesi = [
        uno(caso(scadenze=[sua(AL - timedelta(days=giorni))]), "traguardo_scaduto").peso
        for giorni in (1, 30, 180, 365, 3650)
    ]
    assert pesi == sorted(pesi)
    assert (pesi[0], pesi[-1]) == (70, 100)
    assert Decimal(pesi[-1]) == pesi[-2]
