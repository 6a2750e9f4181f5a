"""What is done to the plant, and when: everything follows from the seed of the round."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from campagne.impianto import Impianto

MASSIMO_GUASTI = 3


@dataclass(frozen=True)
class Guasto:
    """A kill at an instant of the round; with `torna_dopo` the part is started again so many seconds later, without
    the part stays down until the end of the round."""

    parte: str
    quando: float
    un_figlio: bool
    torna_dopo: float | None

    def __str__(self) -> str:
        chi = f"un processo di {self.parte}" if self.un_figlio else self.parte
        torna = "resta giù" if self.torna_dopo is None else f"torna dopo {self.torna_dopo:.1f} s"
        return f"{chi} a {self.quando:.1f} s{'' if self.un_figlio else ', ' + torna}"


def scegli(impianto: Impianto, caso: random.Random, durata: float) -> list[Guasto]:
    """From one to three, in the order in which they fall."""
    guasti = []
    for parte in caso.sample(sorted(impianto.parti), caso.randint(1, MASSIMO_GUASTI)):
        # Beat and Redis have no processes of their own.
        un_figlio = caso.random() < 0.3 and parte not in {"beat", "redis"}
        torna = None if caso.random() < 0.5 else caso.uniform(0.1, 1.5)
        guasti.append(Guasto(parte, caso.uniform(0.2, durata * 0.9), un_figlio, torna))
    return sorted(guasti, key=lambda guasto: guasto.quando)


def colpisci(impianto: Impianto, guasti: list[Guasto], inizio: float) -> None:
    """Make them happen, each at its time."""
    azioni: list[tuple[float, Callable[[], object]]] = []
    for guasto in guasti:
        parte = impianto.parti[guasto.parte]
        azioni.append((guasto.quando, parte.uccidi_un_figlio if guasto.un_figlio else parte.uccidi))
        if not guasto.un_figlio and guasto.torna_dopo is not None:
            azioni.append((guasto.quando + guasto.torna_dopo, parte.avvia))
    for quando, azione in sorted(azioni, key=lambda coppia: coppia[0]):
        time.sleep(max(0.0, inizio + quando - time.monotonic()))
        azione()
