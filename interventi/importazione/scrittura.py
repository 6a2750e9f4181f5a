"""Writing many rows of the register at once: the only place of the import that knows on which engine it runs.

PostgreSQL gets COPY, with the ids taken from the sequence beforehand, and one UPDATE from a temporary table; SQLite
gets `executemany`. Rows are dicts by `attname`, amounts are Decimal: what the database wants is made here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models import Field, Model

from psttm.campi import ImportoField
from registro.storia import fra_questi, storico_di

Valori = dict[str, Any]
Converti = Callable[[Any], Any]


@dataclass(frozen=True)
class Scheda:
    """What writing needs to know of a model."""

    modello: type[Model]
    tabella: str
    campi: Mapping[str, Field[Any, Any]]
    # Defaults that are the same for every row, and the fields whose default is made anew each time.
    previsti: Valori
    calcolati: tuple[str, ...]

    def nuova(self) -> Valori:
        """A row with the defaults of its model, not yet in the database."""
        return self.previsti | {nome: self.campi[nome].get_default() for nome in self.calcolati}


@lru_cache
def scheda(modello: type[Model]) -> Scheda:
    campi = {campo.attname: campo for campo in modello._meta.concrete_fields}
    previsti = {nome: campo.get_default() for nome, campo in campi.items()}
    calcolati = tuple(nome for nome, campo in campi.items() if campo.has_default() and callable(campo.default))
    return Scheda(modello, modello._meta.db_table, campi, previsti, calcolati)


def prenota(modello: type[Model], quanti: int) -> list[int]:
    """So many ids that no other row has or will have."""
    tabella = connection.ops.quote_name(modello._meta.db_table)
    with connection.cursor() as cursore:
        if connection.vendor == "postgresql":
            cursore.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [tabella, quanti]
            )
            return [identificativo for (identificativo,) in cursore.fetchall()]
        cursore.execute(
            f"SELECT MAX(COALESCE((SELECT MAX(id) FROM {tabella}), 0), "  # noqa: S608 the name of a table of ours
            "COALESCE((SELECT seq FROM main.sqlite_sequence WHERE name = %s), 0))",
            [modello._meta.db_table],
        )
        ultimo = cursore.fetchone()[0]
    return list(range(ultimo + 1, ultimo + 1 + quanti))


def inserisci(modello: type[Model], righe: Sequence[Valori]) -> None:
    """Write new rows. Those without an `id` are given one, in the dict too."""
    if not righe:
        return
    senza = [riga for riga in righe if riga.get("id") is None]
    for riga, identificativo in zip(senza, prenota(modello, len(senza)), strict=True):
        riga["id"] = identificativo
    if connection.vendor == "postgresql":
        _copia(scheda(modello).tabella, modello, list(scheda(modello).campi), righe)
    else:
        _inserisci_a_una_a_una(modello, righe)


def aggiorna(modello: type[Model], righe: Sequence[Valori], campi: Collection[str]) -> None:
    """Write these fields (by `attname`) of rows that exist."""
    if not righe or not campi:
        return
    nomi = sorted(campi)
    if connection.vendor == "postgresql":
        _aggiorna_da_tabella(modello, righe, nomi)
    else:
        _aggiorna_a_una_a_una(modello, righe, nomi)


def cancella(modello: type[Model], identificativi: Collection[int]) -> None:
    """Delete rows that nothing refers to any more."""
    fra, elenco = fra_questi(identificativi)
    tabella = connection.ops.quote_name(modello._meta.db_table)
    with connection.cursor() as cursore:
        cursore.execute(f"DELETE FROM {tabella} WHERE id {fra}", [elenco])  # noqa: S608 the name of a table of ours


def ripristina(modello: type[Model], versioni: Collection[int]) -> None:
    """Bring rows back to what they were in these versions (their `history_id`)."""
    cita = connection.ops.quote_name
    storico = storico_di(modello)
    nomi = [campo.column for campo in storico.tracked_fields if campo.column != "id"]
    assegna = ", ".join(f"{cita(nome)} = versione.{cita(nome)}" for nome in nomi)
    fra, elenco = fra_questi(versioni)
    tabella = cita(modello._meta.db_table)
    with connection.cursor() as cursore:
        cursore.execute(
            f"UPDATE {tabella} SET {assegna} FROM {cita(storico._meta.db_table)} AS versione "  # noqa: S608 ours
            f"WHERE versione.id = {tabella}.id AND versione.history_id {fra}",
            [elenco],
        )


def _colonna(campo: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(campo.get_attname_column()[1]))


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _centesimi(valore: Decimal | None) -> int | None:
    if valore is None:
        return None
    esatti = valore.scaleb(2)
    interi = int(esatti)
    if interi != esatti:
        raise ValueError(f"{valore} ha più di due decimali.")
    return interi


def _json(campo: models.JSONField[Any, Any]) -> Converti:
    def converti(valore: Any) -> str | None:
        if valore is None:
            return None
        return json.dumps(valore, cls=campo.encoder) if valore else ("[]" if isinstance(valore, list) else "{}")

    return converti


def _conversione(campo: Field[Any, Any]) -> Converti | None:
    if isinstance(campo, ImportoField):
        return _centesimi
    if isinstance(campo, models.JSONField):
        return _json(campo)
    return None


def _copia(tabella: str, modello: type[Model], nomi: Sequence[str], righe: Iterable[Valori]) -> None:
    campi = scheda(modello).campi
    cita = connection.ops.quote_name
    colonne = ", ".join(_colonna(campi[nome]) for nome in nomi)
    conversioni = [(posto, _conversione(campi[nome])) for posto, nome in enumerate(nomi)]
    prendi = itemgetter(*nomi)
    da_convertire = [(posto, converti) for posto, converti in conversioni if converti is not None]
    with connection.cursor() as cursore, cursore.copy(f"COPY {cita(tabella)} ({colonne}) FROM STDIN") as copia:
        for riga in righe:
            valori = list(prendi(riga))
            for posto, converti in da_convertire:
                valori[posto] = converti(valori[posto])
            copia.write_row(valori)


def _aggiorna_da_tabella(modello: type[Model], righe: Sequence[Valori], nomi: list[str]) -> None:
    campi = scheda(modello).campi
    cita = connection.ops.quote_name
    tabella, appoggio = cita(modello._meta.db_table), "importazione_appoggio"
    colonne = [_colonna(campi[nome]) for nome in nomi]
    assegna = ", ".join(f"{colonna} = nuova.{colonna}" for colonna in colonne)
    with connection.cursor() as cursore:
        cursore.execute(
            f"CREATE TEMPORARY TABLE {appoggio} AS SELECT {', '.join(['id', *colonne])} FROM {tabella} WITH NO DATA"  # noqa: S608 names of ours
        )
    _copia(appoggio, modello, ["id", *nomi], righe)
    with connection.cursor() as cursore:
        cursore.execute(
            f"UPDATE {tabella} SET {assegna} FROM {appoggio} AS nuova WHERE nuova.id = {tabella}.id"  # noqa: S608 ours
        )
        cursore.execute(f"DROP TABLE {appoggio}")


# --- SQLite -------------------------------------------------------------------------------------------------------


def _inserisci_a_una_a_una(modello: type[Model], righe: Sequence[Valori]) -> None:
    campi = scheda(modello).campi
    cita = connection.ops.quote_name
    colonne = ", ".join(_colonna(campo) for campo in campi.values())
    segnaposto = ", ".join(["%s"] * len(campi))
    with connection.cursor() as cursore:
        cursore.executemany(
            f"INSERT INTO {cita(modello._meta.db_table)} ({colonne}) VALUES ({segnaposto})",  # noqa: S608 ours
            [_preparati(campi, list(campi), riga) for riga in righe],
        )


def _aggiorna_a_una_a_una(modello: type[Model], righe: Sequence[Valori], nomi: list[str]) -> None:
    campi = scheda(modello).campi
    cita = connection.ops.quote_name
    assegna = ", ".join(f"{_colonna(campi[nome])} = %s" for nome in nomi)
    with connection.cursor() as cursore:
        cursore.executemany(
            f"UPDATE {cita(modello._meta.db_table)} SET {assegna} WHERE id = %s",  # noqa: S608 ours
            [_preparati(campi, [*nomi, "id"], riga) for riga in righe],
        )


def _preparati(campi: Mapping[str, Field[Any, Any]], nomi: Sequence[str], riga: Valori) -> list[Any]:
    return [campi[nome].get_db_prep_save(riga[nome], connection) for nome in nomi]
