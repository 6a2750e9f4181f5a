"""Whether the portal can serve: each part that it needs is asked once, quickly, and says yes or what is wrong."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from esercizio.coda import GUASTI_DELLA_CODA, messaggi_in_attesa

logger = logging.getLogger(__name__)

GUASTI_DEL_DEPOSITO = (OSError, BotoCoreError, ClientError)


RISPONDE = gettext_lazy("Risponde.")


class NonPronta(Exception):
    """A part that answers, but cannot be used as it is; the message, in Italian, says why."""


@dataclass(frozen=True)
class Parte:
    """A part that the portal needs: its name for programs and for people, and what asks whether it is there."""

    nome: str
    titolo: Promise
    guasti: tuple[type[Exception], ...]
    chiedi: Callable[[], object]
    a_posto: Promise = RISPONDE


@dataclass(frozen=True)
class Risposta:
    parte: Parte
    guasto: str = ""

    @property
    def bene(self) -> bool:
        return not self.guasto


def _base_dati() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _migrazioni() -> None:
    mancanti = migrazioni_mancanti()
    if mancanti:
        raise NonPronta(_("Mancano %(quante)s migrazioni: esegui «manage.py allestisci».") % {"quante": len(mancanti)})


def migrazioni_mancanti() -> list[str]:
    """Migrations of this release that the database has not had yet. Raises django.db.Error with the database away."""
    esecutore = MigrationExecutor(connection)
    piano = esecutore.migration_plan(esecutore.loader.graph.leaf_nodes())
    return [f"{migrazione.app_label}.{migrazione.name}" for migrazione, _indietro in piano]


def _cache() -> None:
    """Writes and reads back: a cache that swallows its faults would otherwise look well."""
    valore = uuid.uuid4().hex
    chiave = f"salute-{valore}"
    cache.set(chiave, valore, timeout=10)
    letto = cache.get(chiave)
    cache.delete(chiave)
    if letto != valore:
        raise NonPronta(_("Quello che vi si scrive non si rilegge."))


def _deposito() -> None:
    if isinstance(default_storage, FileSystemStorage):
        cartella = prima_esistente(Path(default_storage.location))
        if not cartella.is_dir() or not os.access(cartella, os.W_OK | os.X_OK):
            raise NonPronta(_("La cartella dei documenti non si può scrivere."))
    else:
        # Asks the store for something that is not there: it must say no, not be silent nor refuse.
        default_storage.exists("salute")


def prima_esistente(cartella: Path) -> Path:
    """The folder, or the nearest above it that is there: the first document makes the others."""
    return next(parte for parte in (cartella, *cartella.parents) if parte.exists())


PARTI = (
    Parte("database", gettext_lazy("Base dati"), (Error, OSError), _base_dati),
    Parte("migrazioni", gettext_lazy("Migrazioni"), (Error, OSError), _migrazioni, gettext_lazy("Tutte applicate.")),
    Parte("cache", gettext_lazy("Memoria condivisa"), (RedisError, OSError), _cache),
    Parte("coda", gettext_lazy("Servizio dei messaggi"), GUASTI_DELLA_CODA, messaggi_in_attesa),
    Parte("documenti", gettext_lazy("Deposito dei documenti"), GUASTI_DEL_DEPOSITO, _deposito),
)


def interroga() -> list[Risposta]:
    """The answers of all the parts. What libraries say may hold addresses and names: it goes to the log alone."""
    return [_interroga(parte) for parte in PARTI]


def _interroga(parte: Parte) -> Risposta:
    try:
        parte.chiedi()
    except NonPronta as motivo:
        logger.warning("Non è pronta la parte «%s»: %s", parte.nome, motivo)
        return Risposta(parte, str(motivo))
    except parte.guasti as errore:
        logger.warning("Non è pronta la parte «%s»: %s", parte.nome, errore)
        return Risposta(parte, _("Non risponde."))
    return Risposta(parte)
