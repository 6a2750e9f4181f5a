"""The tasks of an hour of the day: one that was not done is found, and asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings
from pytest_django import Settings

from esercizio import orario
from esercizio.models import Segno
from tests.registro.processi import messaggi_in_coda

pytestmark = pytest.mark.django_db
ROMA = ZoneInfo("Europe/Rome")
COMPITO = "piani_integrati.verifica_notturna"
DELLE_3_E_15 = {"di notte": {"task": COMPITO, "schedule": crontab(hour=3, minute=15)}}
# Messages sent to do what a row says, and what finds the row if the message is lost.
CHI_LI_RITROVA = {
    "registro.esegui_lavoro": "registro.raccogli_persi",
    "piani_integrati.verifica_piano": "piani_integrati.sveglia_verifiche",
    "cruscotto.riconta": "cruscotto.sveglia",
    "monitoraggio.rivedi_segnali": "monitoraggio.sveglia_segnali",
}


@pytest.fixture
def alle_3_e_15(settings: Settings) -> None:
    settings.CELERY_BEAT_SCHEDULE = DELLE_3_E_15


def ora(giorno: int, ore: int, minuti: int) -> datetime:
    return datetime(2026, 11, giorno, ore, minuti, tzinfo=ROMA)


def fatto(quando: datetime) -> None:
    Segno.objects.update_or_create(nome=orario.FATTO + COMPITO, defaults={"quando": quando})


@pytest.mark.usefixtures("alle_3_e_15")
def test_un_compito_appena_entrato_nell_orario_non_deve_nulla() -> None:
    assert orario.recupera(adesso=ora(10, 12, 0)) == []
    assert orario.recupera(adesso=ora(10, 23, 0)) == []
    assert [compito.nome for compito in orario.compiti(ora(10, 23, 0))] == [COMPITO]


@pytest.mark.usefixtures("alle_3_e_15")
def test_un_compito_non_fatto_si_richiede_passata_la_tolleranza_e_non_prima() -> None:
    fatto(ora(9, 3, 16))
    limite = ora(10, 3, 15) + orario.TOLLERANZA
    assert orario.recupera(adesso=limite) == []
    in_coda = messaggi_in_coda()
    assert orario.recupera(adesso=limite + timedelta(seconds=1)) == [COMPITO]
    assert messaggi_in_coda() == in_coda + 1


@pytest.mark.usefixtures("alle_3_e_15")
def test_si_richiede_una_volta_ogni_tanto_finche_non_e_fatto() -> None:
    fatto(ora(9, 3, 16))
    assert orario.recupera(adesso=ora(10, 8, 0)) == [COMPITO]
    assert orario.recupera(adesso=ora(10, 8, 0) + orario.TOLLERANZA) == []
    assert orario.recupera(adesso=ora(10, 8, 1) + orario.TOLLERANZA) == [COMPITO]
    fatto(ora(10, 8, 45))
    assert orario.recupera(adesso=ora(10, 20, 0)) == []
    assert orario.recupera(adesso=ora(11, 20, 0)) == [COMPITO]


def test_che_un_compito_a_ore_fisse_e_riuscito_si_scrive_e_degli_altri_no() -> None:
    orario.segna_fatto(COMPITO)
    orario.segna_fatto("registro.raccogli_persi")
    assert list(Segno.objects.values_list("nome", flat=True)) == [orario.FATTO + COMPITO]


def test_ogni_compito_del_portale_ha_chi_lo_ritrova_se_il_messaggio_si_perde() -> None:
    """By the schedule: at short intervals the next message does the same, at fixed hours `recupera` asks again."""
    current_app.loader.import_default_modules()
    compiti = {nome for nome in current_app.tasks if not nome.startswith("celery.")}
    in_orario = {voce["task"] for voce in settings.CELERY_BEAT_SCHEDULE.values()}
    assert compiti - in_orario == set(CHI_LI_RITROVA)
    assert set(CHI_LI_RITROVA.values()) <= in_orario
    assert in_orario <= compiti


def test_un_messaggio_a_intervalli_scade_prima_del_prossimo() -> None:
    """With the workers away they must not pile up."""
    for nome, voce in settings.CELERY_BEAT_SCHEDULE.items():
        orario_fisso = isinstance(voce["schedule"], crontab)
        assert voce["options"]["expires"] <= (3_600 if orario_fisso else voce["schedule"]), nome
