"""The rooms know only the rooms below them, foreign keys written as strings included."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

# From the ground up; a model may point to its own room and to those before it.
STANZE = [
    "registro",
    "enti",
    "psttm",
    "interventi",
    "piani_integrati",
    "monitoraggio",
    "rapporti",
    "cruscotto",
    "interoperabilita",
    "esercizio",
]


def legami() -> list[tuple[str, str, str]]:
    return [
        (modello._meta.label, campo.name, campo.related_model._meta.label)
        for stanza in STANZE
        for modello in apps.get_app_config(stanza).get_models(include_auto_created=True)
        for campo in modello._meta.get_fields()
        if isinstance(campo, models.ForeignKey | models.ManyToManyField)
    ]


@pytest.mark.parametrize(("modello", "campo", "altro"), legami())
def test_un_modello_punta_solo_verso_le_stanze_sotto(modello: str, campo: str, altro: str) -> None:
    if altro == settings.AUTH_USER_MODEL:
        return  # the one exception the house names: who did something
    assert STANZE.index(altro.split(".", maxsplit=1)[0]) <= STANZE.index(modello.split(".", maxsplit=1)[0]), (
        f"{modello}.{campo} sale a {altro}"
    )


def test_ogni_stanza_e_installata() -> None:
    assert set(STANZE) <= {configurazione.name for configurazione in apps.get_app_configs()}
