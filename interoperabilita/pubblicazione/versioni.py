"""Versions are compared with what is published, closed where they differ, and opened anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from interoperabilita.formati import valori
from interoperabilita.formati.celle import Colonna, colonne
from interoperabilita.models import Voce, VoceCup
from interoperabilita.pubblicazione.tipi import Riga
from interoperabilita.risorse.cup import CAMPI
from interoperabilita.risorse.tipi import Tipo

# The last field of every row: what comes before it is the content.
ISTANTE = ',"modificato_il":'
PER_VOLTA = 500
# `modificato_il` is the column `dal`, `id` is `oggetto`.
_COLONNE_CUP: list[Colonna] = [colonna for colonna in colonne(CAMPI) if colonna.nome not in {"id", "modificato_il"}]
_DI_OGNI_VERSIONE = ("oggetto", "dal", "corpo", "visibile_a")
_LETTE = ("oggetto", "corpo", "visibile_a")
# Columns that hold texts: empty where JSON has nothing.
_MAI_NULLE = frozenset({Tipo.TESTO, Tipo.SCELTA})


def contenuto(corpo: str) -> str:
    return corpo.rpartition(ISTANTE)[0]


def _pubblicate(risorsa: str) -> QuerySet[Any]:
    aperte: QuerySet[Any] = VoceCup.objects.all() if risorsa == "cup" else Voce.objects.filter(risorsa=risorsa)
    return aperte.filter(fino_a__isnull=True)


def aggiorna(*, risorsa: str, righe: Iterable[Riga], oggetti: Collection[int] | None, istante: datetime) -> bool:
    """Make the published versions of these objects (None: of all) equal to the rows; tells whether any changed."""
    pubblicate = _pubblicate(risorsa)
    if oggetti is not None:
        pubblicate = pubblicate.filter(oggetto__in=oggetti)
    prima = {oggetto: (pk, corpo, chi) for pk, oggetto, corpo, chi in pubblicate.values_list("pk", *_LETTE)}
    da_chiudere: list[int] = []
    nuove: list[tuple[Riga, str, str]] = []
    fine = f'{ISTANTE}"{valori.istante(istante)}"}}'
    for riga in righe:
        corpo = valori.json(riga.dati)[:-1]
        visibile_a = "".join(f" {ente} " for ente in sorted(riga.enti))
        pk, vecchio, chi = prima.pop(riga.oggetto, (None, "", ""))
        if pk is not None and contenuto(vecchio) == corpo and chi == visibile_a:
            continue
        if pk is not None:
            da_chiudere.append(pk)
        nuove.append((riga, f"{corpo}{fine}", visibile_a))
    da_chiudere += [pk for pk, _, _ in prima.values()]
    for inizio in range(0, len(da_chiudere), PER_VOLTA):
        _pubblicate(risorsa).filter(pk__in=da_chiudere[inizio : inizio + PER_VOLTA]).update(fino_a=istante)
    if risorsa == "cup":
        _scrivi_cup(nuove, istante)
    else:
        _scrivi(risorsa, nuove, istante)
    return bool(da_chiudere or nuove)


def _scrivi(risorsa: str, nuove: Sequence[tuple[Riga, str, str]], istante: datetime) -> None:
    Voce.objects.bulk_create(
        [
            Voce(
                risorsa=risorsa,
                oggetto=riga.oggetto,
                chiave=riga.chiave,
                gruppo=riga.gruppo,
                dal=istante,
                corpo=corpo,
                visibile_a=visibile_a,
            )
            for riga, corpo, visibile_a in nuove
        ],
        batch_size=PER_VOLTA,
    )


def _scrivi_cup(nuove: Sequence[tuple[Riga, str, str]], istante: datetime) -> None:
    """By COPY, or by one prepared statement: the ORM would take minutes for a whole register."""
    if not nuove:
        return
    nomi = [*_DI_OGNI_VERSIONE, *(colonna.nome for colonna in _COLONNE_CUP)]
    tabella = VoceCup._meta.db_table
    intestazione = f"{tabella} ({', '.join(nomi)})"
    quando = connection.ops.adapt_datetimefield_value(istante)
    valori_di = (
        (riga.oggetto, quando, corpo, visibile_a, *(_in_colonna(colonna, riga.dati) for colonna in _COLONNE_CUP))
        for riga, corpo, visibile_a in nuove
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {intestazione} FROM STDIN") as copia:
                for riga in valori_di:
                    copia.write_row(riga)
        else:
            segni = ", ".join(["%s"] * len(nomi))
            cursor.executemany(f"INSERT INTO {intestazione} VALUES ({segni})", list(valori_di))  # noqa: S608 our names


def _in_colonna(colonna: Colonna, dati: dict[str, Any]) -> Any:
    """A cell as the column of VoceCup keeps it: amounts in cents, as `ImportoField` does."""
    valore = colonna.leggi(dati)
    if valore is None:
        return "" if colonna.tipo in _MAI_NULLE else None
    if colonna.tipo is Tipo.IMPORTO:
        return int(valore.replace(".", ""))
    if colonna.tipo is Tipo.ISTANTE and connection.vendor == "sqlite":
        return valore.replace("T", " ").removesuffix("Z")
    return valore
