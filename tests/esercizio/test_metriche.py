"""What Prometheus reads, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from esercizio import segni
from esercizio.models import Copia, EsitoCopia, Verifica
from registro.models import Lavoro, StatoLavoro

pytestmark = pytest.mark.django_db
TOKEN = "un-token-di-prova"


def misure(client: Client, settings: Settings) -> dict[tuple[str, ...], float]:
    """The measures, by name and values of the labels."""
    settings.METRICHE_TOKEN = TOKEN
    risposta = client.get("/metriche", headers={"authorization": f"Bearer {TOKEN}"})
    assert risposta.status_code == 200
    famiglie = text_string_to_metric_families(risposta.content.decode())
    return {
        (misura.name, *misura.labels.values()): misura.value for famiglia in famiglie for misura in famiglia.samples
    }


def test_senza_token_e_senza_indirizzi_non_le_legge_nessuno(client: Client) -> None:
    for intestazione in ("", "Bearer ", "Bearer x"):
        risposta = client.get("/metriche", headers={"authorization": intestazione})
        assert risposta.status_code == 404
        assert b"psttm_" not in risposta.content


@pytest.mark.parametrize(
    ("scritto", "atteso"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        (f"Bearer {TOKEN[:-1]}", 404),
        (f"Basic {TOKEN}", 404),
        ("", 404),
    ],
)
def test_il_token_deve_essere_quello(client: Client, settings: Settings, scritto: str, atteso: int) -> None:
    settings.METRICHE_TOKEN = TOKEN
    assert client.get("/metriche", headers={"authorization": scritto}).status_code == atteso


@pytest.mark.parametrize(
    ("indirizzo", "atteso"),
    [
        ("10.0.3.1", 200),
        ("10.0.3.254", 200),
        ("::ffff:10.0.3.9", 200),
        ("10.0.4.1", 404),
        ("192.0.2.7", 200),
        ("192.0.2.8", 404),
        ("non-e-un-indirizzo", 404),
    ],
)
def test_gli_indirizzi_ammessi_leggono_senza_token(
    client: Client, settings: Settings, indirizzo: str, atteso: int
) -> None:
    settings.METRICHE_INDIRIZZI = ["10.0.3.0/24", "192.0.2.7"]
    assert client.get("/metriche", REMOTE_ADDR=indirizzo).status_code == atteso


def test_chi_e_fuori_non_si_spaccia_per_un_indirizzo_ammesso(client: Client, settings: Settings) -> None:
    settings.METRICHE_INDIRIZZI = ["10.0.3.0/24"]
    assert client.get("/metriche", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR="10.0.3.1").status_code == 404
    settings.PROXY_INDIRIZZI = ["10.0.3.1"]
    assert client.get("/metriche", REMOTE_ADDR="10.0.3.1", HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 404


def test_dicono_della_coda_dei_lavori_delle_copie_e_del_disco(client: Client, settings: Settings) -> None:
    adesso = timezone.now()
    Lavoro.objects.create(tipo="prova", titolo="Fresco")
    Lavoro.objects.create(tipo="prova", titolo="Vecchio", creato=adesso - timedelta(hours=2))
    Lavoro.objects.create(tipo="prova", titolo="Rotto", stato=StatoLavoro.FALLITO, concluso=adesso)
    Copia.objects.create(conclusa=adesso - timedelta(hours=3), esito=EsitoCopia.RIUSCITA)
    Verifica.objects.create(conclusa=adesso, rilievi=["Una riga cambiata"])
    segni.segna(segni.GIRO)
    segni.segna(segni.LAVORATORE + "uno@qui")
    lette = misure(client, settings)
    assert lette["psttm_lavori_aperti", "prova"] == 2
    assert lette["psttm_lavori_in_ritardo", "prova"] == 1
    assert lette["psttm_lavori_falliti", "prova"] == 1
    assert lette["psttm_copia_timestamp_seconds",] == pytest.approx((adesso - timedelta(hours=3)).timestamp(), abs=1)
    assert lette["psttm_verifica_rilievi",] == 1
    assert lette["psttm_giro_timestamp_seconds",] == pytest.approx(adesso.timestamp(), abs=30)
    assert lette["psttm_lavoratori",] == 1
    assert lette["psttm_posta_non_spedita", "rapporti"] == 0
    assert lette["psttm_segnali_aperti",] == 0
    assert lette["psttm_coda_messaggi",] >= 0
    assert lette["psttm_parte_pronta", "database"] == 1
    assert lette["psttm_disco_libero_bytes", "dati del portale"] > 0


def test_di_fuori_non_si_fanno_crescere_le_etichette(client: Client, settings: Settings) -> None:
    prima = misure(client, settings)
    client.generic("INVENTATO", "/")
    client.get("/un/indirizzo/inventato/")
    dopo = misure(client, settings)
    nuove = {chiave for chiave in dopo if chiave not in prima and chiave[0] == "psttm_http_risposte_total"}
    assert nuove <= {
        ("psttm_http_risposte_total", "ALTRO", "home", "405"),
        ("psttm_http_risposte_total", "GET", "nessuna", "404"),
    }
    assert not any("inventat" in parte.lower() for chiave in dopo for parte in chiave)
