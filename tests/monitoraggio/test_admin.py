"""Terms and kinds of document are data: changed in the administration site, recorded, and never overwritten."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from enti.ruoli import Ruolo
from monitoraggio.models import TermineInvio
from registro.models import Caricamento, Evento, Fonte
from tests import riferimenti
from tests.enti.persone import accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]


@pytest.fixture
def amministra(client: Client, db: None) -> Client:
    riferimenti.carica()
    client.force_login(crea_persona(Ruolo.AMMINISTRATORE))
    return client


def test_un_termine_nuovo_si_aggiunge_si_annota_e_resta(amministra: Client) -> None:
    dati = {"dal": "2027-01-01", "giorni": "15", "fonte": Fonte.objects.first().pk, "luogo": "Circolare"}  # type: ignore[union-attr]
    risposta = amministra.post(reverse("admin:monitoraggio_termineinvio_add"), dati)
    assert risposta.status_code == 302
    assert Evento.objects.filter(tipo_oggetto="monitoraggio.termineinvio", verbo="creato").count() == 1
    # The file of reference data is loaded again, as when it changes.
    Caricamento.objects.all().delete()
    riferimenti.carica()
    assert TermineInvio.objects.get(dal=date(2027, 1, 1)).giorni == 15


@pytest.mark.parametrize("modello", ["avanzamento", "traguardo", "variazione", "documento"])
def test_il_resto_si_guarda_e_non_si_tocca(amministra: Client, modello: str) -> None:
    assert amministra.get(reverse(f"admin:monitoraggio_{modello}_changelist"), {"q": "x"}).status_code == 200
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:monitoraggio_{modello}_add")
