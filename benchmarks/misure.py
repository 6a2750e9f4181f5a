"""What is measured, beside what, and the limit of the ratio."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import process_time

from django.core.management import call_command
from django.db import transaction

from enti.models import Comune
from registro.battito import Battito
from registro.esecutori import Avanzatore
from registro.models import Fonte, Lavoro
from registro.services import annota

VOLTE = 7
CAMBIAMENTI = 300
RIGHE = 20_000
PAGINA = 50
POCHI = 300


@dataclass(frozen=True)
class Misura:
    """`questo` may take at most `limite` times the work of `termine`; each returns the seconds of processor it took."""

    titolo: str
    questo: Callable[[], float]
    termine: Callable[[], float]
    limite: float

    def rapporto(self) -> float:
        tempi = [(self.questo(), self.termine()) for _ in range(VOLTE)]
        return min(questo for questo, _ in tempi) / min(termine for _, termine in tempi)


def prepara_dati() -> None:
    call_command("migrate", verbosity=0)
    call_command("carica_riferimenti", stdout=io.StringIO())


def tutte() -> tuple[Misura, ...]:
    return (
        Misura(
            "Un cambiamento annotato nel registro, rispetto allo stesso non annotato",
            partial(_cambia_fonte, annotando=True),
            partial(_cambia_fonte, annotando=False),
            limite=5,
        ),
        Misura(
            "La prima pagina dei 7.900 Comuni, rispetto a quella di 300", _pagina_di_tutti, _pagina_di_pochi, limite=2
        ),
        Misura("Un lavoro che segnala ogni riga, rispetto a uno che tace", _lavoro_che_parla, _lavoro_muto, limite=2),
    )


def _secondi(fai: Callable[[], object]) -> float:
    """Seconds of processor, in which the other programs of the machine do not count."""
    inizio = process_time()
    fai()
    return process_time() - inizio


@contextmanager
def _senza_lasciar_traccia() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- Events -------------------------------------------------------------------------------------------------------


def _cambia_fonte(*, annotando: bool) -> float:
    fonte = Fonte.objects.earliest("pk")

    def cambia() -> None:
        for numero in range(CAMBIAMENTI):
            prima, fonte.nota = fonte.nota, str(numero)
            fonte.save(update_fields=["nota"])
            if annotando:
                annota(fonte, "corretta", prima={"nota": prima}, dopo={"nota": fonte.nota})

    with _senza_lasciar_traccia():
        return _secondi(cambia)


# --- Lists --------------------------------------------------------------------------------------------------------


def _pagina() -> list[Comune]:
    return list(Comune.objects.con_dati()[:PAGINA])


def _pagina_di_tutti() -> float:
    return _secondi(_pagina)


def _pagina_di_pochi() -> float:
    with _senza_lasciar_traccia():
        pochi = Comune.objects.filter(ente__isnull=True, zona__isnull=True).order_by("pk")[POCHI:]
        Comune.objects.filter(pk__in=list(pochi.values_list("pk", flat=True))).delete()
        return _secondi(_pagina)


# --- Jobs ---------------------------------------------------------------------------------------------------------


def _riga(numero: int) -> None:
    """As much work as reading one line of an extract."""
    hashlib.sha256(f"{numero:08d}".encode() * 200).hexdigest()


def _lavoro_che_parla() -> float:
    avanzatore = Avanzatore()

    def lavora() -> None:
        avanzatore.totale(RIGHE)
        for numero in range(RIGHE):
            _riga(numero)
            avanzatore.avanza()

    with Battito(Lavoro(pk=0), avanzatore):
        return _secondi(lavora)


def _lavoro_muto() -> float:
    def lavora() -> None:
        for numero in range(RIGHE):
            _riga(numero)

    return _secondi(lavora)
