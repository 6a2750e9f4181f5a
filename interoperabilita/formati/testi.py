"""CSV and NDJSON: the whole list, written while it is read, in flat memory.

Rows that are answered as published are written by the database, on PostgreSQL by COPY, without passing through objects;
every way gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from interoperabilita.elenco.righe import PER_VOLTA, Elenco
from interoperabilita.formati.celle import Colonna, colonne
from interoperabilita.formati.colonne_sql import in_csv
from interoperabilita.risorse.tipi import Campo, Tipo

PEZZO = 128 * 1024
# Says of a row, in the lists of what changed, whether it is no more.
RIMOSSO = "rimosso"


def campi_chiesti(elenco: Elenco) -> list[Campo]:
    chiesti = elenco.domanda.campi
    campi = {campo.nome: campo for campo in elenco.risorsa.campi}
    return [campi[nome] for nome in chiesti] if chiesti is not None else list(campi.values())


def _come_pubblicate(elenco: Elenco) -> bool:
    """Whether the database can write the answer by itself."""
    return elenco.in_tabella and elenco.intatte and elenco.domanda.modificati_dal is None


def _da_copiare(elenco: Elenco) -> bool:
    return connection.vendor == "postgresql" and _come_pubblicate(elenco)


# --- CSV ----------------------------------------------------------------------------------------------------------


def csv_a_pezzi(elenco: Elenco) -> Iterator[bytes]:
    """RFC 4180, UTF-8, «;», one header row, ISO dates, decimals with a point, units in the header."""
    colonne_chieste = colonne(campi_chiesti(elenco))
    cambiamenti = elenco.domanda.modificati_dal is not None
    intestazione = [colonna.nome for colonna in colonne_chieste] + ([RIMOSSO] if cambiamenti else [])
    yield (";".join(intestazione) + "\r\n").encode()
    if _da_copiare(elenco):
        yield from _copia(in_csv(elenco.ordinate(), colonne_chieste), "FORMAT csv, DELIMITER ';'", b"\r\n")
        return
    if _come_pubblicate(elenco):
        yield from _scritte(in_csv(elenco.ordinate(), colonne_chieste))
        return
    for righe, rimosse in elenco.a_blocchi():
        testo = io.StringIO()
        scrittore = csv.writer(testo, delimiter=";", lineterminator="\r\n")
        for riga in map(orjson.loads, righe):
            celle = [in_testo(colonna, colonna.leggi(riga)) for colonna in colonne_chieste]
            scrittore.writerow([*celle, "false"] if cambiamenti else celle)
        for rimossa in rimosse:
            scrittore.writerow([*(_della_rimossa(colonna, rimossa) for colonna in colonne_chieste), "true"])
        yield testo.getvalue().encode()


def _scritte(righe: QuerySet[Any]) -> Iterator[bytes]:
    """Cells that the database wrote, as CSV."""
    try:
        interrogazione, parametri = righe.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursore:
        cursore.execute(interrogazione, parametri)
        while lette := cursore.fetchmany(PER_VOLTA):
            testo = io.StringIO()
            csv.writer(testo, delimiter=";", lineterminator="\r\n").writerows(lette)
            yield testo.getvalue().encode()


def in_testo(colonna: Colonna, valore: Any) -> str:
    if valore is None:
        return ""
    if isinstance(valore, bool):
        return "true" if valore else "false"
    if colonna.tipo is Tipo.PERCENTO:
        return f"{valore:.2f}"
    return str(valore)


def _della_rimossa(colonna: Colonna, rimossa: dict[str, Any]) -> str:
    return in_testo(colonna, colonna.leggi(rimossa)) if colonna.nome in rimossa else ""


# --- NDJSON -------------------------------------------------------------------------------------------------------


def ndjson_a_pezzi(elenco: Elenco) -> Iterator[bytes]:
    """One JSON object a line; those of rows that are no more have `rimosso`."""
    if _da_copiare(elenco):
        # Characters that no JSON holds as they are: so nothing is ever quoted.
        opzioni = "FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01'"
        yield from _copia(elenco.ordinate().values_list("corpo"), opzioni, b"\n")
        return
    for righe, rimosse in elenco.a_blocchi():
        linee = [riga.encode() for riga in righe]
        linee += [orjson.dumps(rimossa | {RIMOSSO: True}) for rimossa in rimosse]
        if linee:
            yield b"\n".join(linee) + b"\n"


# --- COPY ---------------------------------------------------------------------------------------------------------


def _copia(righe: QuerySet[Any], opzioni: str, fine_riga: bytes) -> Iterator[bytes]:
    """What PostgreSQL writes for these rows, joined to pieces worth sending."""
    try:
        interrogazione, parametri = righe.query.sql_with_params()
    except EmptyResultSet:
        # Nothing can answer: somebody without a body, say. There is no query to run.
        return
    connection.ensure_connection()
    comando = f"COPY ({interrogazione}) TO STDOUT WITH ({opzioni})"
    with connection.connection.cursor() as cursore, cursore.copy(comando, parametri) as copia:
        pezzi: list[bytes] = []
        lungo = 0
        for blocco in copia:
            pezzi.append(bytes(blocco))
            lungo += len(blocco)
            if lungo > PEZZO:
                yield _unisci(pezzi, fine_riga)
                pezzi, lungo = [], 0
        yield _unisci(pezzi, fine_riga)


def _unisci(pezzi: list[bytes], fine_riga: bytes) -> bytes:
    """No cell holds a line break (`valori.riga`): every one ends a row."""
    testo = b"".join(pezzi)
    return testo if fine_riga == b"\n" else testo.replace(b"\n", fine_riga)
