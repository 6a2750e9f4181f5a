"""`python -m campagne.carico`: a whole portal, a lone user, then the crowd; prints what they waited, and the verdict.

CARICO_PERSONE (100) people for CARICO_SECONDI (120), and a lone user for CARICO_SOLA_SECONDI (40), half of them before
the crowd and half after it, so that a machine whose speed changes meanwhile is measured on both sides; two programs
pull the whole list of the CUP from the API while the crowd is there. The verdict: nothing fails, and 95 pages in 100
come within LIMITE times the median of the lone user, in the same run and on the same machine, which runs the crowd too.
Where only the second is not kept all is measured again, TENTATIVI times at most: the machine may have been busy with
others.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from campagne.impianto import Impianto

LIMITE = 8
TENTATIVI = 3
RIGHE_DI_ERRORI = 15
DELLE_API = "API "


@dataclass
class Tempi:
    """Milliseconds that the pages of a crowd took, by name; what the pulls took; what failed."""

    pagine: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    scarichi: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errori: list[str] = field(default_factory=list)

    def __add__(self, altri: Tempi) -> Tempi:
        insieme = Tempi(errori=self.errori + altri.errori)
        for tempi in (self, altri):
            for nome, quanti in tempi.pagine.items():
                insieme.pagine[nome] += quanti
            for nome, quanti in tempi.scarichi.items():
                insieme.scarichi[nome] += quanti
        return insieme

    @property
    def tutti(self) -> list[float]:
        return sorted(tempo for tempi in self.pagine.values() for tempo in tempi)


def leggi(file: Path) -> Tempi:
    tempi = Tempi()
    with file.open(newline="") as righe:
        for metodo, nome, millisecondi, errore in csv.reader(righe):
            if errore:
                tempi.errori.append(f"{metodo} {nome}: {errore}")
            dove = tempi.scarichi if nome.startswith(DELLE_API) else tempi.pagine
            dove[nome].append(float(millisecondi))
    return tempi


def percentile(ordinati: list[float], quale: int) -> float:
    return ordinati[min(len(ordinati) - 1, len(ordinati) * quale // 100)]


def folla(impianto: Impianto, nome: str, dati: Path, *, classi: list[str], opzioni: list[str], sola: bool) -> Tempi:
    """Run locust to its end. What it says goes to the logs of the plant."""
    tempi = impianto.cartella / f"{nome}.csv"
    locust = [sys.executable, "-m", "locust", "-f", "campagne/carico/folla.py", *classi, "--headless", *opzioni]
    variabili = {"CARICO_DATI": str(dati), "CARICO_TEMPI": str(tempi)} | ({"CARICO_SOLA": "1"} if sola else {})
    with (impianto.cartella / "diari" / f"{nome}.log").open("w") as diario:
        subprocess.run(
            [*locust, "--host", impianto.base(), "--only-summary", "--stop-timeout", "30"],
            env=os.environ | variabili,
            stdout=diario,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return leggi(tempi)


def processore(impianto: Impianto) -> dict[str, float]:
    """Seconds of processor taken up to now: by each part of the plant that is running, by the crowds, by the machine.

    Of the last also those in which it was not given a processor that it asked for (`tolti alla macchina`).
    """
    macchina, folle = psutil.cpu_times(), psutil.Process().cpu_times()
    secondi: dict[str, float] = defaultdict(float)
    secondi["tutta la macchina"] = macchina.user + macchina.nice + macchina.system
    secondi["tolti alla macchina"] = macchina.steal
    secondi["folla"] = folle.children_user + folle.children_system
    for nome, parte in impianto.parti.items():
        for processo in [psutil.Process(parte.pid), *parte.discendenti()]:
            with suppress(psutil.NoSuchProcess):
                tempi = processo.cpu_times()
                secondi[nome] += tempi.user + tempi.system
    return secondi


def stampa(sola: Tempi, molti: Tempi) -> None:
    print(f"{'':34} {'volte':>6} {'da sola':>8} {'insieme':>8} {'p95':>8} {'massimo':>8}   (millisecondi)")
    for nome in sorted(molti.pagine, key=lambda nome: -percentile(sorted(molti.pagine[nome]), 95)):
        _riga(nome, sola.pagine.get(nome, []), molti.pagine[nome])
    _riga("TUTTE LE PAGINE", sola.tutti, molti.tutti)
    for nome, tempi in molti.scarichi.items():
        _riga(nome, [], tempi)


def _riga(nome: str, da_sola: list[float], insieme: list[float]) -> None:
    ordinati = sorted(insieme)
    prima = f"{median(da_sola):8.0f}" if da_sola else f"{'':8}"
    print(
        f"{nome:34} {len(ordinati):6} {prima} {median(ordinati):8.0f} {percentile(ordinati, 95):8.0f} "
        f"{ordinati[-1]:8.0f}"
    )


def verdetto(sola: Tempi, molti: Tempi) -> int:
    """How many of the two promises are not kept."""
    errori = sola.errori + molti.errori
    for errore in errori[:RIGHE_DI_ERRORI]:
        print(f"  {errore}")
    print(f"{'✕' if errori else '✓'} Errori: {len(errori)} su {len(molti.tutti)} pagine e {_scarichi(molti)} scarichi")
    termine, lente = median(sola.tutti), percentile(molti.tutti, 95)
    oltre = lente > LIMITE * termine
    print(
        f"{'✕' if oltre else '✓'} 95 pagine su 100 entro {lente:.0f} ms: {lente / termine:.1f} volte la mediana "
        f"di chi è da sola ({termine:.0f} ms), il limite è {LIMITE}",
        flush=True,
    )
    return bool(errori) + oltre


def _scarichi(tempi: Tempi) -> int:
    return sum(map(len, tempi.scarichi.values()))


def _una_sola(impianto: Impianto, file: Path, secondi: int) -> Tempi:
    return folla(impianto, "sola", file, classi=["Persona"], opzioni=["-u", "1", "-t", f"{secondi}s"], sola=True)


def prova(variabili: Mapping[str, str]) -> int:
    persone, secondi = int(variabili.get("CARICO_PERSONE", "100")), int(variabili.get("CARICO_SECONDI", "120"))
    da_sola = int(variabili.get("CARICO_SOLA_SECONDI", "40"))
    processi = int(variabili.get("CARICO_PROCESSI_WEB", "4"))
    with Impianto(web=1, worker=1, processi_web=processi) as impianto:
        file = impianto.cartella / "carico.json"
        print("Preparo i dati …", flush=True)
        impianto.python(f"from pathlib import Path; from campagne.carico import dati; dati.prepara(Path('{file}'))")
        dati: dict[str, Any] = json.loads(file.read_text())
        print(f"Interventi {dati['interventi']}, avanzamenti {dati['avanzamenti']}, persone {len(dati['persone'])}")
        # The first pages of a process read templates and plans of queries: nobody's median.
        _una_sola(impianto, file, 15)
        for _tentativo in range(TENTATIVI):
            sola = _una_sola(impianto, file, da_sola // 2)
            print(f"Da sola: {len(sola.tutti)} pagine. Ora in {persone} …", flush=True)
            insieme = ["-u", str(persone + 2), "-r", "10", "-t", f"{secondi}s"]
            prima = processore(impianto)
            molti = folla(impianto, "folla", file, classi=["Persona", "Scarico"], opzioni=insieme, sola=False)
            dopo = processore(impianto)
            sola += _una_sola(impianto, file, da_sola // 2)
            stampa(sola, molti)
            consumo = sorted(((dopo[nome] - prima.get(nome, 0), nome) for nome in dopo), reverse=True)
            print("Secondi di processore: " + ", ".join(f"{nome} {tanti:.0f}" for tanti, nome in consumo))
            non_mantenute = verdetto(sola, molti)
            if sola.errori or molti.errori or not non_mantenute:
                break
        return non_mantenute


if __name__ == "__main__":
    sys.exit(prova(os.environ))
