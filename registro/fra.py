"""«One of these», with a single parameter however many they are.

A list of a thousand keys in a plain `__in` is a thousand parameters, and making the statement takes longer than running
it. Here they are one: an array on PostgreSQL, a JSON list on SQLite.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db.models import ForeignKey, Q
from django.db.models.fields import IntegerField
from django.db.models.lookups import Lookup


class Fra(Lookup):
    lookup_name = "fra"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sinistra, parametri = self.process_lhs(compiler, connection)
        return f"{sinistra} IN (SELECT value FROM json_each(%s))", (*parametri, json.dumps(self.rhs))  # noqa: S608 a column

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sinistra, parametri = self.process_lhs(compiler, connection)
        return f"{sinistra} = ANY(%s)", (*parametri, self.rhs)


IntegerField.register_lookup(Fra)
ForeignKey.register_lookup(Fra)


def fra(campo: str, chiavi: Collection[int]) -> Q:
    """The condition that a field, a whole number or the key of another row, is one of these."""
    return Q(**{f"{campo}__fra": list(chiavi)})
