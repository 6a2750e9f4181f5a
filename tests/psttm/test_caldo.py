"""What the web server reads before it answers: every template, and nothing that the collector must go over again."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template import Engine
from django.template.loaders import cached

from psttm.caldo import scalda


def _letti() -> cached.Loader:
    (caricatore,) = Engine.get_default().template_loaders
    assert isinstance(caricatore, cached.Loader)
    return caricatore


@pytest.fixture
def caldo() -> Iterator[None]:
    _letti().reset()
    scalda()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("caldo")
def test_ogni_modello_di_pagina_viene_letto() -> None:
    cartella = settings.BASE_DIR / "templates"
    modelli = {str(file.relative_to(cartella)) for file in cartella.rglob("*.html")}
    assert modelli - set(_letti().get_template_cache) == set()


@pytest.mark.usefixtures("caldo")
def test_quel_che_resta_non_viene_riguardato() -> None:
    congelati = gc.get_freeze_count()
    assert congelati > 100_000
    assert len(gc.get_objects()) < congelati / 10
