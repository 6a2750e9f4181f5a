"""The cells of the CSV of the list of CUPs, written by the database: the same texts that `testi.in_testo` writes."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import NullIf

from interoperabilita.formati.celle import Colonna
from interoperabilita.models import VoceCup
from psttm.campi import ImportoField


class _Testo(Func):
    """A text made of a column: `template` for PostgreSQL, `in_sqlite` for SQLite, where a percent sign is four."""

    output_field = TextField()
    in_sqlite = ""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.in_sqlite, **extra)


class _Importo(_Testo):
    template = "(%(expressions)s * 0.01)::numeric(20, 2)"
    in_sqlite = (
        "CASE WHEN %(expressions)s IS NOT NULL THEN printf('%%%%s%%%%d.%%%%02d', "
        "CASE WHEN %(expressions)s < 0 THEN '-' ELSE '' END, "
        "abs(%(expressions)s) / 100, abs(%(expressions)s) %%%% 100) "
        "END"
    )


class _Percento(_Testo):
    template = "%(expressions)s"
    in_sqlite = "CASE WHEN %(expressions)s IS NOT NULL THEN printf('%%%%.2f', %(expressions)s) END"


class _Istante(_Testo):
    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    in_sqlite = (
        "replace(%(expressions)s, ' ', 'T') || CASE WHEN length(%(expressions)s) = 19 THEN '.000000' ELSE '' END || 'Z'"
    )


class _Booleano(_Testo):
    template = "(%(expressions)s)::text"
    in_sqlite = "CASE WHEN %(expressions)s THEN 'true' ELSE 'false' END"


def in_csv(righe: QuerySet[Any], colonne: list[Colonna]) -> QuerySet[Any]:
    """The rows of VoceCup as the cells of these columns."""
    espressioni = {f"c{posto}": _cella(colonna) for posto, colonna in enumerate(colonne)}
    return righe.annotate(**espressioni).values_list(*espressioni)


def _cella(colonna: Colonna) -> Any:
    if colonna.nome == "id":
        return F("oggetto")
    nome = "dal" if colonna.nome == "modificato_il" else colonna.nome
    match VoceCup._meta.get_field(nome):
        case ImportoField():
            return _Importo(F(nome))
        case DecimalField():
            return _Percento(F(nome))
        case DateTimeField():
            return _Istante(F(nome))
        case BooleanField():
            return _Booleano(F(nome))
        case CharField() | TextField():
            return NullIf(F(nome), Value("", output_field=TextField()), output_field=TextField())
    return F(nome)
