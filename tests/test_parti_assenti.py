"""With the cache away the portal goes on where it can, and says so where it must not."""

from __future__ import annotations

from itertools import count

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from enti.ruoli import Ruolo
from registro.memoria import ricorda
from tests.enti.persone import crea_persona

# Nobody listens there.
ASSENTE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}


@pytest.fixture
def senza_cache(settings: Settings) -> None:
    settings.CACHES = {"default": ASSENTE}


def test_cio_che_si_ricorda_si_conta_una_volta() -> None:
    conto = count(1)
    assert [ricorda("prova:memoria", 60, lambda: next(conto)) for _volta in range(3)] == [1, 1, 1]


@pytest.mark.usefixtures("senza_cache")
def test_senza_cache_si_conta_ogni_volta() -> None:
    conto = count(1)
    assert [ricorda("prova:memoria", 60, lambda: next(conto)) for _volta in range(3)] == [1, 2, 3]


@pytest.mark.django_db
@pytest.mark.usefixtures("senza_cache")
def test_senza_cache_le_pagine_e_l_api_ci_sono() -> None:
    client = Client(raise_request_exception=False, headers={"Accept": "text/html"})
    assert client.get(reverse("account_login")).status_code == 200
    client.force_login(crea_persona(Ruolo.CABINA))
    assert client.get("/", follow=True).status_code == 200
    assert client.get("/api/v1/status", headers={"accept": "application/json"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("senza_cache")
def test_senza_cache_non_si_entra_perche_i_tentativi_non_si_conterebbero() -> None:
    client = Client(raise_request_exception=False, headers={"Accept": "text/html"})
    risposta = client.post(reverse("account_login"), {"login": "a@example.org", "password": "una-qualsiasi"})
    assert risposta.status_code == 503
    assert risposta.headers["Retry-After"] == "15"
    assert "Il portale è fermo per un momento" in risposta.content.decode()
