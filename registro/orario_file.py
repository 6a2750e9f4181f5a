"""Beat on a machine of one's own: of those started on one data directory, one alone schedules."""

from __future__ import annotations

import fcntl
import logging
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class Orario(PersistentScheduler):
    """Waits for its turn before it reads the file of the times; the turn ends with the process, however it ends."""

    schedule_filename: str

    def setup_schedule(self) -> None:
        self._turno = _aspetta_il_turno(Path(f"{self.schedule_filename}.turno"))
        super().setup_schedule()


def _aspetta_il_turno(percorso: Path) -> Any:
    turno = percorso.open("w")
    try:
        fcntl.flock(turno, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logger.warning("Un altro beat tiene già l'orario dei compiti: questo aspetta che finisca.")
        fcntl.flock(turno, fcntl.LOCK_EX)
    return turno
