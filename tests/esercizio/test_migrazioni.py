"""Which migrations the release before can bear, while both are at work on one database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from esercizio import migrazioni

VECCHIA = migrations.CreateModel(
    "Cosa",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("nome", models.CharField(max_length=10)),
        ("nota", models.TextField(null=True)),
    ],
)
INDICE = models.Index(fields=["nome"], name="cose_per_nome")
UNICA = models.UniqueConstraint(fields=["nome"], name="una_cosa_per_nome")


def _rilievi(*operazioni: Operation, **attributi: Any) -> list[str]:
    """What a migration of these operations has against it, where the model `Cosa` was there before."""
    stato = ProjectState()
    VECCHIA.state_forwards("enti", stato)
    classe = type("Migration", (migrations.Migration,), {"operations": list(operazioni), **attributi})
    return [str(rilievo) for rilievo in migrazioni.giudica(classe("0009_prova", "enti"), stato)]


def _campo(nome: str, campo: models.Field[Any, Any]) -> migrations.AddField:
    return migrations.AddField("Cosa", nome, campo)


@pytest.mark.parametrize(
    "operazione",
    [
        _campo("peso", models.IntegerField(null=True)),
        _campo("peso", models.IntegerField(default=0, db_default=0)),
        migrations.AlterField("Cosa", "nome", models.CharField("il nome", max_length=10, choices=[("a", "A")])),
        migrations.AlterField("Cosa", "nome", models.CharField(max_length=11)),
        migrations.CreateModel("Altra", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AlterModelOptions("Cosa", {"ordering": ["nome"]}),
    ],
)
def test_cio_che_la_versione_di_prima_non_vede_passa(operazione: Operation) -> None:
    assert _rilievi(operazione) == []


@pytest.mark.parametrize(
    ("operazione", "parola"),
    [
        (_campo("peso", models.IntegerField(default=0)), "db_default"),
        (_campo("codice", models.CharField(max_length=5, null=True, unique=True)), "unicità"),
        (migrations.AlterField("Cosa", "nome", models.CharField(max_length=9)), "colonna nuova"),
        (migrations.AlterField("Cosa", "nome", models.TextField()), "colonna nuova"),
        (migrations.AlterField("Cosa", "nota", models.TextField()), "colonna nuova"),
        (migrations.AlterField("Cosa", "nome", models.CharField(max_length=10, unique=True)), "colonna nuova"),
        (migrations.RemoveField("Cosa", "nota"), "tolto nella prossima"),
        (migrations.RenameField("Cosa", "nota", "note"), "tolto nella prossima"),
        (migrations.RenameModel("Cosa", "Oggetto"), "tolto nella prossima"),
        (migrations.DeleteModel("Cosa"), "tolto nella prossima"),
        (migrations.AddConstraint("Cosa", UNICA), "vincolo"),
        (migrations.AddIndex("Cosa", INDICE), "CONCURRENTLY"),
        (migrations.RunPython(migrations.RunPython.noop), "senza_fermo"),
        (migrations.RunSQL("SELECT 1"), "senza_fermo"),
    ],
)
def test_cio_che_fermerebbe_la_versione_di_prima_e_nominato(operazione: Operation, parola: str) -> None:
    (rilievo,) = _rilievi(operazione)
    assert rilievo.startswith("enti.0009_prova: ")
    assert parola in rilievo


def test_di_una_tabella_che_nasce_nella_stessa_migrazione_si_puo_fare_tutto() -> None:
    nuova = migrations.CreateModel("Altra", [("id", models.BigAutoField(primary_key=True))])
    campo = migrations.AddField("Altra", "nome", models.CharField(max_length=10, unique=True))
    assert _rilievi(nuova, campo, migrations.RemoveField("Altra", "nome")) == []


def test_chi_dice_perche_non_ferma_nessuno_passa() -> None:
    assert _rilievi(migrations.AddIndex("Cosa", INDICE), senza_fermo="La tabella ha dieci righe.") == []


def test_le_migrazioni_del_portale_non_fermano_la_versione_di_prima() -> None:
    assert [str(rilievo) for rilievo in migrazioni.rilievi()] == []
