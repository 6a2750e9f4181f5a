"""Whether the portal is alive and ready: what balancers and containers ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.cache import caches
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from campagne.impianto.serventi import porta_libera

PARTI = {"database", "migrazioni", "cache", "coda", "documenti"}


def test_viva_non_tocca_nulla_nemmeno_la_sessione_di_chi_la_chiede(client: Client, settings: Settings) -> None:
    """Without the mark of the database any query would fail this test."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "una-sessione"
    risposta = client.get("/salute/viva")
    assert risposta.status_code == 200
    assert risposta.json() == {"stato": "viva"}
    assert risposta.headers["Cache-Control"] == "no-store"
    assert not risposta.cookies


@pytest.mark.django_db
def test_pronta_dice_bene_di_ogni_parte(client: Client) -> None:
    risposta = client.get("/salute/pronta")
    assert risposta.status_code == 200
    assert risposta.json() == {"stato": "pronta", "parti": dict.fromkeys(PARTI, "bene")}


@pytest.mark.django_db
@pytest.mark.parametrize("indirizzo", ["/salute/viva", "/salute/pronta"])
def test_le_sonde_rispondono_in_chiaro_a_chi_chiama_la_macchina_per_indirizzo(
    client: Client, settings: Settings, indirizzo: str
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["portale.example.org"]
    assert client.get(indirizzo, headers={"host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/", headers={"host": "portale.example.org"}).status_code == 301


@pytest.mark.parametrize("indirizzo", ["/salute/viva", "/salute/pronta", "/metriche"])
def test_le_sonde_si_leggono_soltanto(client: Client, indirizzo: str) -> None:
    assert client.post(indirizzo).status_code == 405


def _guasta(client: Client, parte: str) -> str:
    """Ask, expect that one part alone is not ready, and return what is said of it."""
    risposta = client.get("/salute/pronta")
    assert risposta.status_code == 503
    assert risposta.headers["Retry-After"] == "5"
    corpo = risposta.json()
    assert corpo["stato"] == "non pronta"
    assert {nome for nome, detto in corpo["parti"].items() if detto != "bene"} == {parte}
    return str(corpo["parti"][parte])


@pytest.mark.django_db
def test_una_migrazione_che_manca_si_dice_e_con_lei_il_rimedio(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="esercizio").latest("id").delete()
    assert _guasta(client, "migrazioni") == "Mancano 1 migrazioni: esegui «manage.py allestisci»."


@pytest.mark.django_db
def test_la_cache_assente_si_dice_senza_il_suo_indirizzo(client: Client, settings: Settings) -> None:
    porta = porta_libera()
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://:segreta@127.0.0.1:{porta}/1",
        }
    }
    detto = _guasta(client, "cache")
    assert detto == "Non risponde."
    caches.close_all()


@pytest.mark.django_db
def test_una_cache_che_non_ricorda_non_e_pronta(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert _guasta(client, "cache") == "Quello che vi si scrive non si rilegge."


@pytest.mark.django_db
def test_il_servizio_dei_messaggi_assente_si_dice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    altrove: dict[str, Any] = {
        "broker_read_url": f"redis://127.0.0.1:{porta_libera()}/0",
        "broker_transport": None,
        "broker_transport_options": {},
    }
    impostazioni: dict[str, Any] = current_app.conf.changes  # type: ignore[assignment]
    for nome, valore in altrove.items():
        monkeypatch.setitem(impostazioni, nome, valore)
    assert _guasta(client, "coda") == "Non risponde."


@pytest.mark.django_db
def test_un_deposito_dove_non_si_puo_scrivere_si_dice(client: Client, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "documenti").write_text("un file al posto della cartella")
    settings.MEDIA_ROOT = str(tmp_path / "documenti" / "dentro")
    assert _guasta(client, "documenti") == "La cartella dei documenti non si può scrivere."
