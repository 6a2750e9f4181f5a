"""The tasks of an hour of the day: when each was last done, and those that should have been done and were not.

A message may be lost with the broker, with the worker that had it, or never be sent because beat was away at that
hour. That a task was done is written in the database when it ends well; what is missing there is asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone

from esercizio.models import Segno
from registro.dopo_il_commit import chiama

FATTO, RICHIESTO = "fatto ", "richiesto "
# Longer than a task may last: one that is still running is not asked for again.
TOLLERANZA = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) + timedelta(minutes=4)


@dataclass(frozen=True)
class Compito:
    """A task of an hour of the day: when it was last done, and for how long the next time has been overdue."""

    nome: str
    fatto: datetime
    in_ritardo_da: timedelta

    @property
    def mancato(self) -> bool:
        return self.in_ritardo_da > TOLLERANZA


def a_ore_fisse() -> dict[str, crontab]:
    """By the name of the task, when it is due."""
    voci = settings.CELERY_BEAT_SCHEDULE.values()
    return {voce["task"]: voce["schedule"] for voce in voci if isinstance(voce["schedule"], crontab)}


def compiti(adesso: datetime) -> list[Compito]:
    """All of them, those overdue for the longest first; one that nobody has looked at yet is not overdue."""
    fatti = dict(Segno.objects.filter(nome__startswith=FATTO).values_list("nome", "quando"))
    trovati = []
    for nome, orario in a_ore_fisse().items():
        fatto = fatti.get(FATTO + nome)
        if fatto is not None:
            trovati.append(Compito(nome, fatto, adesso - _dovuto(orario, fatto)))
    return sorted(trovati, key=lambda compito: (-compito.in_ritardo_da, compito.nome))


def _dovuto(orario: crontab, fatto: datetime) -> datetime:
    """The first moment after `fatto` when the task is due."""
    _ultimo, mancano, _adesso = orario.remaining_delta(timezone.localtime(fatto))
    dovuto: datetime = timezone.localtime(fatto) + mancano
    return dovuto


def segna_fatto(nome: str) -> None:
    """Write down that a task of an hour of the day ended well; of the others nobody asks."""
    if nome in a_ore_fisse():
        Segno.objects.update_or_create(nome=FATTO + nome, defaults={"quando": timezone.now()})


def recupera(*, adesso: datetime) -> list[str]:
    """Ask again for the tasks that are missing, each once in the time that one may last; returns their names."""
    _comincia_a_guardare(adesso)
    richiesti = dict(Segno.objects.filter(nome__startswith=RICHIESTO).values_list("nome", "quando"))
    mancati = [
        compito.nome
        for compito in compiti(adesso)
        if compito.mancato and adesso - richiesti.get(RICHIESTO + compito.nome, compito.fatto) > TOLLERANZA
    ]
    partiti = [nome for nome in mancati if chiama(nome)]
    for nome in partiti:
        Segno.objects.update_or_create(nome=RICHIESTO + nome, defaults={"quando": adesso})
    return partiti


def _comincia_a_guardare(adesso: datetime) -> None:
    """A task just come into the schedule owes nothing for the time before."""
    nuovi = [Segno(nome=FATTO + nome, quando=adesso) for nome in a_ore_fisse()]
    Segno.objects.bulk_create(nuovi, ignore_conflicts=True)
