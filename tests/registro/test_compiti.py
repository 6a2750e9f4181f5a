"""What every task has: its action, other tries where something is away for a moment, a limit of time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.app.task import Task
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from enti.ruoli import Ruolo
from registro import lavori
from registro.compiti import Compito
from registro.models import Evento, Lavoro, StatoLavoro
from tests.attesa import attendi
from tests.enti.persone import crea_persona
from tests.registro.processi import lavoratore

Fabbrica = Callable[[Callable[[], None]], Task]


@pytest.fixture
def compito() -> Iterator[Fabbrica]:
    """Makes a task of a function, for the time of a test."""
    nome = f"prova.{uuid.uuid4()}"
    yield lambda funzione: current_app.task(name=nome, retry_backoff=False)(funzione)
    current_app.tasks.pop(nome, None)


def test_un_compito_si_riprova_quando_la_base_dati_torna(compito: Fabbrica) -> None:
    volte = []

    def fa() -> None:
        volte.append(1)
        if len(volte) < 4:
            raise OperationalError("la base dati non c'è")

    assert compito(fa).apply().successful()
    assert len(volte) == 4


def test_un_compito_che_fallisce_per_altro_non_si_riprova(compito: Fabbrica) -> None:
    volte = []

    def fa() -> None:
        volte.append(1)
        raise ZeroDivisionError

    assert compito(fa).apply().failed()
    assert len(volte) == 1


def test_un_compito_smette_di_riprovare(compito: Fabbrica) -> None:
    volte = []

    def fa() -> None:
        volte.append(1)
        raise OperationalError("la base dati non c'è")

    fatto = compito(fa)
    assert fatto.apply().failed()
    assert len(volte) == Compito.max_retries + 1


def test_le_pause_crescono_e_non_sono_uguali_per_tutti() -> None:
    for fatto in current_app.tasks.values():
        if not fatto.name.startswith("celery."):
            assert isinstance(fatto, Compito), fatto.name
            assert (fatto.retry_backoff, fatto.retry_jitter, fatto.acks_late) == (2, True, True), fatto.name


def test_ogni_compito_ha_un_limite_di_tempo_e_chi_lavora_prende_un_messaggio_alla_volta() -> None:
    conf = current_app.conf
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result
    lungo = current_app.tasks[lavori.COMPITO_ESEGUI]
    assert (lungo.soft_time_limit, lungo.time_limit) == (settings.LAVORO_SECONDI, settings.LAVORO_SECONDI + 60)
    if settings.CELERY_BROKER_URL.startswith("redis"):
        assert conf.broker_transport_options["visibility_timeout"] > conf.task_time_limit


def _dette(compito: str, azione: str) -> list[dict[str, Any]]:
    """What the worker wrote of a task of this action, once it is whole."""
    righe = (Path(settings.VAR_DIR) / "preciso.log").read_text().split("\n")[:-1]
    dette = [json.loads(riga) for riga in righe if riga.startswith("{")]
    return [riga for riga in dette if (riga.get("compito"), riga["azione"]) == (compito, azione)]


@pytest.mark.django_db(transaction=True)
def test_il_numero_della_richiesta_arriva_al_lavoro_e_al_diario_di_chi_lo_esegue(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a job that lasts too long is stopped, and says so."""
    settings.PROXY_INDIRIZZI = ["127.0.0.1"]
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    numero = str(uuid.uuid4())
    # What other tests left in the queue would be done first. A sender that has loaded the task writes its limits in the
    # message, and those win over the worker's.
    current_app.control.purge()
    esegue = current_app.tasks[lavori.COMPITO_ESEGUI]
    monkeypatch.setattr(esegue, "soft_time_limit", 2)
    monkeypatch.setattr(esegue, "time_limit", 62)
    # What Celery keeps of them since the first message that this process sent.
    monkeypatch.setattr(esegue, "_exec_options", None)
    client.post(reverse("lavoro-prova"), headers={"x-request-id": numero})
    lavoro = Lavoro.objects.get()
    assert str(lavoro.azione) == numero
    monkeypatch.setenv("FORMA_DEL_LOG", "json")
    monkeypatch.setenv("LAVORO_SECONDI", "2")
    with lavoratore("preciso", battito_secondi=60):
        attendi(lambda: Lavoro.objects.filter(pk=lavoro.pk, stato=StatoLavoro.FALLITO).exists(), 60, "si ferma")
        [riga] = attendi(lambda: _dette(lavori.COMPITO_ESEGUI, numero), 10, "il compito è nel diario")
    assert riga["esito"] == "riuscito"
    assert riga["ms"] >= 2_000
    lavoro.refresh_from_db()
    assert "è durato più di" in lavoro.errore
    assert set(Evento.objects.filter(tipo_oggetto="registro.lavoro").values_list("azione", flat=True)) == {
        uuid.UUID(numero)
    }


@pytest.mark.django_db
def test_un_indirizzo_che_contiene_un_segreto_va_nel_diario_come_sta_nella_mappa(client: Client) -> None:
    risposta = client.get("/accesso/password/nuova/1-parola-segreta/")
    assert "parola-segreta" not in risposta.wsgi_request.META["psttm.percorso"]
    assert "psttm.percorso" not in client.get("/salute/viva").wsgi_request.META
