"""The sign of life of a running job, given by a thread of its own while the job works.

Progress and heartbeat go through a connection that is not the job's: they show while the job is inside a transaction,
they do not slow it down, and a single long step does not look like a death.
"""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from registro.esecutori import Avanzatore
from registro.models import Lavoro

logger = logging.getLogger(__name__)

# People see progress move twice a second at most, and a cancellation is heard as quickly.
INTERVALLO_SECONDI = 0.5
# On SQLite the job itself may hold the only lock for writing: give up soon, the next beat tries again.
ATTESA_SQLITE_MILLISECONDI = 250


class Battito:
    """Context manager: keeps the row of a job alive, shows its progress, and listens for orders to stop."""

    def __init__(self, lavoro: Lavoro, avanzatore: Avanzatore) -> None:
        self.pk = lavoro.pk
        self.turno = lavoro.turno
        self.avanzatore = avanzatore
        self._scritto: dict[str, Any] = {}
        self._ultimo = timezone.now()
        self._fine = threading.Event()
        self._filo = threading.Thread(target=self._vive, name=f"battito-{lavoro.pk}", daemon=True)

    def __enter__(self) -> Battito:
        self._filo.start()
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, errore: BaseException | None, traccia: TracebackType | None
    ) -> None:
        self._fine.set()
        self._filo.join()

    def _vive(self) -> None:
        try:
            while not self._fine.wait(INTERVALLO_SECONDI):
                self._batti()
        finally:
            connection.close()

    def _non_aspettare(self) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {ATTESA_SQLITE_MILLISECONDI}")

    def _batti(self) -> None:
        # A database away or busy for a moment is no reason to stop the job.
        try:
            # Each time: the connection may be another than that of the beat before.
            self._non_aspettare()
            self._ascolta()
            self._scrivi()
        except Error as errore:
            logger.warning("Il lavoro %s non ha potuto dare segno di vita: %s", self.pk, errore)
            connection.close_if_unusable_or_obsolete()

    def _ascolta(self) -> None:
        riga = Lavoro.objects.filter(pk=self.pk).values_list("turno", "annullamento_chiesto").first()
        # No row at all is a job run inside a transaction that is not committed yet: nobody else can have taken it.
        if riga is None:
            return
        turno, annullamento_chiesto = riga
        if turno != self.turno:
            self.avanzatore.turno_perso.set()
        if annullamento_chiesto:
            self.avanzatore.annullamento_chiesto.set()

    def _scrivi(self) -> None:
        campi, adesso = self.avanzatore.campi(), timezone.now()
        fermo = (adesso - self._ultimo).total_seconds() < settings.LAVORO_BATTITO_SECONDI / 3
        if campi == self._scritto and fermo:
            return
        Lavoro.objects.filter(pk=self.pk, turno=self.turno).update(battito=adesso, **campi)
        self._scritto, self._ultimo = campi, adesso
