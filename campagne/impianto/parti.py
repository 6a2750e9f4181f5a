"""A part of the plant: one program, its log, and how it starts, ends and is killed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

RADICE = Path(__file__).resolve().parents[2]
RIGHE_MOSTRATE = 60
# If whoever keeps the plant is killed, so is every part: nothing goes on running that nobody knows of.
CON_CHI_LA_TIENE = ["setpriv", "--pdeathsig", "KILL"]


class ParteFerma(Exception):
    """A part of the plant did not start or did not answer in time; the message carries the end of its log."""


def attendi(condizione: Callable[[], bool], *, entro: float, che_cosa: str, ogni: float = 0.05) -> None:
    """Return as soon as the condition holds. Raises ParteFerma when it does not in time."""
    scadenza = time.monotonic() + entro
    while not condizione():
        if time.monotonic() > scadenza:
            raise ParteFerma(f"Entro {entro:g} secondi non è successo: {che_cosa}.")
        time.sleep(ogni)


@dataclass
class Parte:
    """A program in a session of its own. `davanti` is what starts it elsewhere: another user, another network."""

    nome: str
    comando: list[str]
    ambiente: dict[str, str]
    diario: Path
    davanti: list[str] = field(default_factory=list)
    cartella: Path = RADICE
    processo: subprocess.Popen[bytes] | None = None
    _uscita: IO[bytes] | None = None

    @property
    def viva(self) -> bool:
        return self.processo is not None and self.processo.poll() is None

    @property
    def pid(self) -> int:
        assert self.processo is not None, f"{self.nome} non è mai partita"
        return self.processo.pid

    def avvia(self) -> None:
        """Start it; what it writes goes on in the same log."""
        if self.viva:
            return
        with self.diario.open("ab") as uscita:
            self.processo = subprocess.Popen(
                [*CON_CHI_LA_TIENE, *self.davanti, *self.comando],
                cwd=self.cartella,
                env=self.ambiente,
                stdin=subprocess.DEVNULL,
                stdout=uscita,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def uccidi(self) -> None:
        """As a power cut: the program and all that it started, with no chance to tidy up."""
        self._segnala_a_tutti(signal.SIGKILL)
        self._aspetta(10)

    def uccidi_un_figlio(self) -> bool:
        """Kill one of the processes that do the work, not the one that keeps them; tells whether there was one."""
        figli = self.discendenti()
        if figli:
            with contextlib.suppress(psutil.NoSuchProcess):
                figli[-1].kill()
        return bool(figli)

    def congela(self) -> None:
        """Stop it where it is, with all that it started: it is there, and does nothing."""
        self._segnala_a_tutti(signal.SIGSTOP, aspetta=False)

    def scongela(self) -> None:
        self._segnala_a_tutti(signal.SIGCONT, aspetta=False)

    def ferma(self, *, entro: float = 15, segnale: int = signal.SIGTERM) -> None:
        """Ask it to end, as the system does when a machine is switched off; kill it when it does not."""
        if self.viva:
            assert self.processo is not None
            self.processo.send_signal(segnale)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.processo.wait(entro)
        self.uccidi()

    def discendenti(self) -> list[psutil.Process]:
        """All that it started: some of them, as PostgreSQL's, are in sessions of their own."""
        if self.processo is None:
            return []
        try:
            return list(psutil.Process(self.processo.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def fine_del_diario(self, righe: int = RIGHE_MOSTRATE) -> str:
        if not self.diario.exists():
            return ""
        return "\n".join(self.diario.read_text(errors="replace").splitlines()[-righe:])

    def _segnala_a_tutti(self, segnale: int, *, aspetta: bool = True) -> None:
        if self.processo is None:
            return
        # First the one above all, so that it starts no other.
        with contextlib.suppress(psutil.NoSuchProcess):
            capo = psutil.Process(self.processo.pid)
            figli = self.discendenti()
            for uno in [capo, *figli]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    uno.send_signal(segnale)
            if aspetta:
                attendi(lambda: not any(map(_corre, figli)), entro=10, che_cosa=f"{self.nome} è finita")

    def _aspetta(self, secondi: float) -> None:
        if self.processo is not None:
            self.processo.wait(secondi)


def _corre(processo: psutil.Process) -> bool:
    """Whether it still runs; one that nobody has buried yet does not."""
    try:
        return bool(processo.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
