"""The register in the administration site: everything can be looked at, nothing can be touched."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from enti.ruoli import Ruolo
from interventi.models import (
    EsitoRiga,
    FileImportato,
    Intervento,
    LegameDriver,
    TabellaImportata,
    VistaSalvata,
)
from psttm.models import Driver
from registro.amministrazione import SolaLettura, sito
from registro.storia import Versione
from tests.enti.persone import accesso_di_prova, crea_persona
from tests.interventi.registro_di_prova import intervento_di_regis, territorio

__all__ = ["accesso_di_prova"]

# Rows that the pages of the imports show, by the hundred thousand, and the views that each person saves for herself.
ALTROVE = {FileImportato, TabellaImportata, EsitoRiga, VistaSalvata}
MODELLI = [
    modello
    for modello in apps.get_app_config("interventi").get_models()
    if not issubclass(modello, Versione) and modello not in ALTROVE
]


@pytest.fixture
def amministra(client: Client, db: None) -> Client:
    territorio()
    LegameDriver.objects.create(intervento=intervento_di_regis(), driver=Driver.objects.get(numero=2))
    client.force_login(crea_persona(Ruolo.AMMINISTRATORE))
    return client


@pytest.mark.parametrize("modello", MODELLI)
def test_ogni_parte_del_registro_si_guarda_e_non_si_tocca(amministra: Client, modello: type[Model]) -> None:
    nome = f"interventi_{modello._meta.model_name}"
    assert isinstance(sito._registry[modello], SolaLettura)
    assert amministra.get(reverse(f"admin:{nome}_changelist"), {"q": "x"}).status_code == 200
    riga = modello._default_manager.first()
    if riga is not None:
        indirizzo = reverse(f"admin:{nome}_change", args=[riga.pk])
        assert amministra.get(indirizzo).status_code == 200
        assert amministra.post(indirizzo, {"titolo": "x"}).status_code == 403
    for azione in ("add", "delete"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{nome}_{azione}", args=[1] if azione == "delete" else [])


@pytest.mark.django_db
def test_chi_non_amministra_non_entra(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    assert client.get(reverse("admin:interventi_intervento_changelist")).status_code == 403
    assert Intervento.objects.count() == 0
