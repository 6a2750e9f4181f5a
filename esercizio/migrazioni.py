"""Whether a migration lets the release before go on working, which it does while the machines are changed one by one.

A change that takes something away comes in two releases: the first adds what is new and stops using what is old
(expand), the next takes the old away (contract). What the release before could not bear is named here; a migration that
is safe for a reason that cannot be read from its operations states it in `senza_fermo`, a sentence for its reviewer.

Own code rather than django-migration-linter: that one reads SQL, hence needs a PostgreSQL to have it from, takes the
default of any column of a migration for that of all, and its way of stating an exception is an operation of its own,
which production would have to install.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# The last migration of each room that the release before had when this rule began: those up to it are not judged.
PARTENZA = {
    "enti": "0004",
    "registro": "0002",
    "psttm": "0001",
    "interventi": "0005",
    "piani_integrati": "0002",
    "monitoraggio": "0002",
    "rapporti": "0002",
    "cruscotto": "0000",
    "interoperabilita": "0002",
    "esercizio": "0000",
}
INNOCUE = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.RemoveConstraint,
    migrations.RemoveIndex,
    migrations.RenameIndex,
)
TOLGONO = (
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.AlterOrderWithRespectTo,
)
STRINGONO = (migrations.AddConstraint, migrations.AlterUniqueTogether)


@dataclass(frozen=True)
class Rilievo:
    """What is wrong with an operation of a migration."""

    migrazione: str
    operazione: str
    perche: str

    def __str__(self) -> str:
        return f"{self.migrazione}: {self.operazione}. {self.perche}"


def rilievi() -> list[Rilievo]:
    """What the migrations after the start of the rule have against them. No database is asked."""
    grafo = MigrationLoader(None)
    return [
        trovato
        for (app, nome), migrazione in sorted(grafo.disk_migrations.items())
        if app in PARTENZA and nome[:4] > PARTENZA[app]
        for trovato in giudica(migrazione, grafo.project_state((app, nome), at_end=False))
    ]


def giudica(migrazione: migrations.Migration, stato: ProjectState) -> Iterator[Rilievo]:
    """What a migration that meets this state has against it; nothing where it says why it stops nobody."""
    if getattr(migrazione, "senza_fermo", ""):
        return
    nome, nuovi = f"{migrazione.app_label}.{migrazione.name}", set[str]()
    for operazione in migrazione.operations:
        if isinstance(operazione, migrations.CreateModel):
            nuovi.add(operazione.name_lower)
        # Nobody reads or writes a table that this very migration makes.
        elif getattr(operazione, "model_name_lower", None) not in nuovi:
            perche = _perche_no(operazione, migrazione.app_label, stato)
            if perche:
                yield Rilievo(nome, operazione.describe(), perche)
        operazione.state_forwards(migrazione.app_label, stato)


def _perche_no(operazione: Operation, app: str, stato: ProjectState) -> str:
    if isinstance(operazione, INNOCUE):
        return ""
    if isinstance(operazione, TOLGONO):
        return "La versione di prima usa ancora ciò che qui si toglie o cambia nome: va tolto nella prossima."
    if isinstance(operazione, STRINGONO):
        return "La versione di prima può scrivere righe che il vincolo rifiuta: va messo nella prossima."
    if isinstance(operazione, migrations.AddField):
        return _di_un_campo_nuovo(operazione.field)
    if isinstance(operazione, migrations.AlterField):
        prima = stato.models[app, operazione.model_name_lower].fields[operazione.name_lower]
        return _di_un_campo_cambiato(prima, operazione.field)
    if isinstance(operazione, migrations.AddIndex):
        return "Mentre si crea nessuno può scrivere nella tabella: serve CONCURRENTLY, come in monitoraggio.0004."
    return "Ciò che fa non si legge dall'operazione: di' in senza_fermo perché non ferma nessuno."


def _di_un_campo_nuovo(campo: models.Field[Any, Any]) -> str:
    if campo.many_to_many:
        return ""
    if campo.unique:
        return "La versione di prima scriverebbe due volte lo stesso valore: l'unicità va messa nella prossima."
    if not campo.null and not campo.has_db_default():
        return "La versione di prima aggiunge righe senza questa colonna: serve null=True, oppure db_default."
    return ""


def _di_un_campo_cambiato(prima: models.Field[Any, Any], dopo: models.Field[Any, Any]) -> str:
    """Longer texts and defaults of the database are borne by everybody; any other change of the column is not."""
    vecchio, nuovo = _colonna(prima), _colonna(dopo)
    lungo, piu_lungo = vecchio[1].pop("max_length", None), nuovo[1].pop("max_length", None)
    if vecchio != nuovo or (lungo != piu_lungo and not (lungo and piu_lungo and piu_lungo > lungo)):
        return "La versione di prima legge e scrive la colonna com'era: serve una colonna nuova."
    return ""


def _colonna(campo: models.Field[Any, Any]) -> tuple[str, dict[str, Any]]:
    """What of a field the database knows."""
    _nome, classe, _argomenti, opzioni = campo.deconstruct()
    estranee = {*campo.non_db_attrs, "default", "db_default"}
    return classe, {nome: valore for nome, valore in opzioni.items() if nome not in estranee}
