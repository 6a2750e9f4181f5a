"""The day and the instant that a page is read at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from monitoraggio.tempo import Tempo, leggi


def _leggi(**parametri: str) -> Tempo:
    return leggi(parametri)


def test_senza_parametri_si_legge_oggi() -> None:
    tempo = _leggi()
    assert tempo.attuale
    assert tempo.giorno == timezone.localdate()
    assert (tempo.parametri, tempo.coda, tempo.errori) == ({}, "", ())


@pytest.mark.parametrize("scritto", ["2024-12-31", "31/12/2024", "31-12-2024", "31.12.2024", " 31/12/2024 "])
def test_il_giorno_si_scrive_in_piu_modi(scritto: str) -> None:
    tempo = _leggi(al=scritto)
    assert tempo.al == tempo.giorno == date(2024, 12, 31)
    assert tempo.parole == "situazione al 31/12/2024"
    assert tempo.coda == "?al=2024-12-31"
    assert not tempo.attuale


def test_un_giorno_per_l_istante_vale_fino_alla_sua_fine() -> None:
    tempo = _leggi(al="2024-12-31", noto_al="15/1/2025")
    assert tempo.noto_al is not None
    assert timezone.localtime(tempo.noto_al).isoformat() == "2025-01-15T23:59:59.999999+01:00"
    assert tempo.parole == "situazione al 31/12/2024, come era nota il 15/01/2025"
    assert _leggi(**tempo.parametri).noto_al == tempo.noto_al


@pytest.mark.parametrize("scritto", ["2025-01-15T10:42", "15/01/2025 10:42", "2025-01-15 10:42"])
def test_l_istante_e_nell_ora_del_portale(scritto: str) -> None:
    tempo = _leggi(noto_al=scritto)
    assert tempo.noto_al == datetime(2025, 1, 15, 9, 42, tzinfo=UTC)
    assert tempo.giorno == date(2025, 1, 15)
    assert tempo.parole == "situazione al 15/01/2025, come era nota il 15/01/2025 alle 10:42"
    assert _leggi(**tempo.parametri).noto_al == tempo.noto_al


def test_il_campo_riletto_e_lo_stesso_istante_anche_con_i_secondi() -> None:
    tempo = _leggi(noto_al="2025-01-15T10:42:37")
    assert tempo.campo_noto_al == "15/01/2025 10:42:37"
    assert _leggi(noto_al=tempo.campo_noto_al).noto_al == tempo.noto_al == datetime(2025, 1, 15, 9, 42, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("campo", "scritto", "parte"),
    [
        ("al", "ieri", "«ieri» non è un giorno"),
        ("al", "31/02/2024", "non è un giorno"),
        ("al", "31/12/1999", "prima del 01/01/2000"),
        ("noto_al", "boh", "non è un giorno né un'ora"),
        ("noto_al", "25/01/2025 25:00", "non è un giorno né un'ora"),
    ],
)
def test_un_valore_che_non_si_legge_non_e_usato_e_si_dice_perche(campo: str, scritto: str, parte: str) -> None:
    tempo = _leggi(**{campo: scritto})
    assert tempo.attuale
    ((nome, errore),) = tempo.errori
    assert nome == campo
    assert parte in errore


def test_oggi_si_legge_e_domani_no() -> None:
    oggi = timezone.localdate()
    domani = oggi + timedelta(days=1)
    for campo in ("al", "noto_al"):
        assert _leggi(**{campo: oggi.isoformat()}).errori == ()
        assert "non è ancora arrivato" in _leggi(**{campo: domani.isoformat()}).errori[0][1]
    assert _leggi(al="01/01/2000").errori == ()


def test_un_errore_non_toglie_l_altro_valore() -> None:
    tempo = _leggi(al="2024-12-31", noto_al="boh")
    assert tempo.al == date(2024, 12, 31)
    assert (tempo.errore_al, tempo.noto_al) == ("", None)
    assert tempo.errore_noto_al
