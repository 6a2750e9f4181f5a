"""Every version of a row of the register, kept: what it was, since when, through which action, by whom.

A model gets its history with `storico = storia()`. Whoever writes it uses `salva` and `elimina`, which say who did it;
whoever writes many rows at once in SQL calls `versiona` for them, in the same transaction. `noto_al` reads the past.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from registro.azione import azione_corrente
from registro.osservatori import avvisa
from registro.services import Persona

CREATA, CAMBIATA, TOLTA = "+", "~", "-"


class Versione(models.Model):
    """What a version knows besides the row: the action it was written in, the same as that of the events."""

    azione = models.UUIDField(_("azione"), default=azione_corrente, db_index=True)

    class Meta:
        abstract = True


def storia(*, escludi: Iterable[str] = ()) -> HistoricalRecords:
    """The history of a model. `escludi` are fields computed from others, which are not kept."""
    return HistoricalRecords(
        bases=[Versione],
        excluded_fields=list(escludi),
        custom_model_name=lambda nome: f"Storico{nome}",
        user_related_name="+",
    )


def salva(oggetto: Model, *, autore: Persona | None, campi: Collection[str] | None = None) -> None:
    """Save a row and keep its new version as written by `autore` (None: the portal itself)."""
    oggetto._history_user = _utente(autore)  # type: ignore[attr-defined]
    oggetto.save(update_fields=None if campi is None else list(campi))
    avvisa(type(oggetto), [oggetto.pk])


def elimina(oggetto: Model, *, autore: Persona | None) -> None:
    """Delete a row; its versions stay, the last of them saying that it was taken away."""
    oggetto._history_user = _utente(autore)  # type: ignore[attr-defined]
    avvisa(type(oggetto), [oggetto.pk])
    oggetto.delete()


def versiona(
    modello: type[Model],
    identificativi: Collection[int],
    *,
    tipo: str,
    autore: Persona | None,
    azione: uuid.UUID,
    quando: datetime | None = None,
) -> None:
    """Keep the present state of many rows as their new version, in one statement.

    For rows written by SQL, which Django does not see: call it after writing (CREATA, CAMBIATA), before deleting
    (TOLTA), in the same transaction.
    """
    if not identificativi:
        return
    storico = storico_di(modello)
    campi = [campo.column for campo in storico.tracked_fields]
    aggiunte = {
        "history_date": quando or timezone.now(),
        "history_change_reason": None,
        "history_type": tipo,
        "history_user": getattr(_utente(autore), "pk", None),
        "azione": azione,
    }
    colonne = [storico._meta.get_field(nome).column for nome in aggiunte]
    valori = [storico._meta.get_field(n).get_db_prep_save(v, connection) for n, v in aggiunte.items()]
    cita = connection.ops.quote_name
    copiati = ", ".join(cita(campo) for campo in campi)
    nuovi = ", ".join(cita(colonna) for colonna in colonne)
    segnaposto = ", ".join(["%s"] * len(valori))
    fra, elenco = fra_questi(identificativi)
    with connection.cursor() as cursore:
        cursore.execute(
            f"INSERT INTO {cita(storico._meta.db_table)} ({copiati}, {nuovi}) "  # noqa: S608 names of our own tables
            f"SELECT {copiati}, {segnaposto} FROM {cita(modello._meta.db_table)} WHERE {cita('id')} {fra}",
            [*valori, elenco],
        )
    avvisa(modello, identificativi)


def fra_questi(identificativi: Collection[int]) -> tuple[str, Any]:
    """An SQL condition "one of these" with a single parameter, however many they are."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(identificativi)
    return "IN (SELECT value FROM json_each(%s))", json.dumps(list(identificativi))


def noto_al(modello: type[Model], quando: datetime | None) -> QuerySet[Any]:
    """The rows as the portal knew them at an instant: their versions, with the same fields as the rows.

    None: as it knows them now, which are the rows themselves.
    """
    if quando is None:
        return modello._default_manager.all()
    versioni = storico_di(modello)._default_manager
    ultima = versioni.filter(id=models.OuterRef("id"), history_date__lte=quando).order_by(
        "-history_date", "-history_id"
    )
    return versioni.filter(history_id=models.Subquery(ultima.values("history_id")[:1])).exclude(history_type=TOLTA)


def storico_di(modello: type[Model]) -> Any:
    """The model of the versions of a model."""
    return modello.storico.model  # type: ignore[attr-defined]


def _utente(autore: Persona | None) -> Persona | None:
    return autore if autore is not None and autore.pk is not None else None
