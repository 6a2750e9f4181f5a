"""Terms and kinds of document are data: changed in the administration site, recorded, and never overwritten."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from enti.ruoli import Ruolo
from monitoraggio.models import TermineInvio, TipoDocumento
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


@pytest.mark.parametrize(
    ("dal", "giorni", "detto"),
    [
        ("2027-01-02", "15", "scrivi il primo giorno del mese, 01/01/2027"),
        ("2027-01-01", "0", "maggiore o uguale a 1"),
        ("2027-01-01", "367", "minore o uguale a 366"),
    ],
)
def test_un_termine_vale_da_un_mese_intero_e_scade_entro_un_anno(
    amministra: Client, dal: str, giorni: str, detto: str
) -> None:
    dati = {"dal": dal, "giorni": giorni, "fonte": Fonte.objects.first().pk, "luogo": "Circolare"}  # type: ignore[union-attr]
    risposta = amministra.post(reverse("admin:monitoraggio_termineinvio_add"), dati)
    assert detto in risposta.content.decode()
    assert not TermineInvio.objects.filter(dal__year=2027).exists()


def tipo(**campi: object) -> dict[str, object]:
    fonte = Fonte.objects.first().pk  # type: ignore[union-attr]
    fissi = {"codice": "perizia", "nome": "Perizia", "ordine": "0", "fonte": fonte, "luogo": "art. 1"}
    return fissi | {"estensioni": ["pdf", "p7m"], "megabyte": "50", "anni_conservazione": "100"} | campi


def test_un_tipo_di_documento_si_aggiunge_coi_file_di_cui_si_sa_controllare_il_contenuto(amministra: Client) -> None:
    assert amministra.post(reverse("admin:monitoraggio_tipodocumento_add"), tipo()).status_code == 302
    nuovo = TipoDocumento.objects.get(codice="perizia")
    assert nuovo.ammessi == "pdf, p7m; al massimo 50 MB"
    assert nuovo.da_conservare(date(2026, 11, 29)) == date(2126, 11, 29)
    (dopo,) = Evento.objects.filter(tipo_oggetto=nuovo._meta.label_lower, verbo="creato").values_list("dopo", flat=True)
    assert dopo is not None
    assert dopo["estensioni"] == ["pdf", "p7m"]


@pytest.mark.parametrize(
    ("campo", "valore", "detto"),
    [
        ("estensioni", [], "Scegli almeno un tipo di file"),
        ("estensioni", ["exe"], "exe"),
        ("estensioni", ["NaN"], "NaN"),
        ("megabyte", "0", "maggiore o uguale a 1"),
        ("megabyte", "2001", "minore o uguale a 2000"),
        ("anni_conservazione", "101", "minore o uguale a 100"),
    ],
)
def test_un_tipo_di_documento_che_le_pagine_non_saprebbero_mostrare_si_rifiuta(
    amministra: Client, campo: str, valore: object, detto: str
) -> None:
    risposta = amministra.post(reverse("admin:monitoraggio_tipodocumento_add"), tipo(**{campo: valore}))
    assert risposta.status_code == 200
    assert detto in risposta.content.decode()
    assert not TipoDocumento.objects.filter(codice="perizia").exists()


@pytest.mark.parametrize("modello", ["avanzamento", "traguardo", "variazione", "documento"])
def test_il_resto_si_guarda_e_non_si_tocca(amministra: Client, modello: str) -> None:
    assert amministra.get(reverse(f"admin:monitoraggio_{modello}_changelist"), {"q": "x"}).status_code == 200
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:monitoraggio_{modello}_add")
