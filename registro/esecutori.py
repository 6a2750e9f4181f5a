"""Kinds of job, and what the code of a job is given to work with.

A room declares a kind with `@esecutore(...)`, in a module that its `tasks.py` imports, so that every worker knows it.
A job may be started again from the beginning after it was lost half way: an executor must give the same end result
when it runs twice. It should also commit as it goes: on SQLite no sign of life can be written while it holds a
transaction open.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class LavoroAnnullato(Exception):
    """Raised inside an executor, at its next sign of progress, after somebody asked to cancel the job."""


class TurnoPerso(Exception):
    """Raised inside an executor that was believed dead: another worker has taken up the job, this one must stop."""


class ErroreDelLavoro(Exception):
    """Raised by an executor to end the job with a message for people: what happened, where, how to mend it."""


@dataclass
class Avanzatore:
    """How a job says what it is doing.

    Every call also tells the job to stop when it must, by raising LavoroAnnullato or TurnoPerso: call it often, it
    only touches memory. `registro.battito` writes what it holds to the row of the job.
    """

    fase: str = ""
    fatti: int = 0
    su: int = 0
    annullamento_chiesto: threading.Event = field(default_factory=threading.Event)
    turno_perso: threading.Event = field(default_factory=threading.Event)

    def passo(self, testo: str) -> None:
        """What is being done now, in a few Italian words (at most 200 characters are kept)."""
        self.fase = testo[:200]
        self.controlla()

    def totale(self, quanti: int) -> None:
        """How many units the whole job has; nothing is done yet. Zero means that nobody knows."""
        self.fatti, self.su = 0, quanti
        self.controlla()

    def avanza(self, quanti: int = 1) -> None:
        """So many more units are done."""
        self.fatti += quanti
        self.controlla()

    def controlla(self) -> None:
        """Raise LavoroAnnullato or TurnoPerso if the job must stop."""
        if self.turno_perso.is_set():
            raise TurnoPerso
        if self.annullamento_chiesto.is_set():
            raise LavoroAnnullato

    def campi(self) -> dict[str, Any]:
        """The progress as fields of the row; what is done never exceeds a known total."""
        fase, fatti, su = self.fase, self.fatti, self.su
        return {"passo": fase, "fatti": min(fatti, su) if su else fatti, "totale": su}


Funzione = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Esecutore:
    """A kind of job: its usual title and its code, called as `funzione(avanzatore, **parametri)`."""

    titolo: str
    funzione: Funzione


ESECUTORI: dict[str, Esecutore] = {}


def esecutore(tipo: str, *, titolo: str) -> Callable[[Funzione], Funzione]:
    """Declare a kind of job. What its code returns, a dict for JSON or None, is kept as the result."""

    def dichiara(funzione: Funzione) -> Funzione:
        ESECUTORI[tipo] = Esecutore(titolo=titolo, funzione=funzione)
        return funzione

    return dichiara
